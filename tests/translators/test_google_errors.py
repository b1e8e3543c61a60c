"""Google's errors become the one error tree; each golden file is one answer of Google's and what must come of it."""

import json
import secrets
from pathlib import Path
from typing import Any

import orjson
import pytest

from translators.errors import ApiError, BadRequest, QuotaExhausted, RateLimited
from translators.google_error_causes import CAUSES
from translators.google_error_row import Row
from translators.google_errors import (
    Blame,
    ErrorContext,
    Target,
    Verdict,
    explain_support_codes,
    filtered,
    from_google,
    judge,
    operation_error,
)
from translators.google_fault import GOOGLE_RPC_CODES, read_fault
from translators.redact import SHOWN_CHARS, presentable, redact
from translators.support_codes import SUPPORT_CODES

GOLDEN = sorted((Path(__file__).parent.parent / "golden" / "errors").glob("*.json"))
API_KEY = "AI" + "za" + secrets.token_urlsafe(26)[:35]
CREDENTIAL = "gemini-0a1b2c3d"


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text().replace("{{API_KEY}}", API_KEY))


def context(about: dict[str, Any]) -> ErrorContext:
    return ErrorContext(
        **{"credential": CREDENTIAL, "model": "veo-x", **about, "target": Target(about.get("target", "model"))}
    )


def body_of(case: dict[str, Any]) -> bytes:
    body = case["body"]
    return body.encode() if isinstance(body, str) else orjson.dumps(body)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_each_answer_of_googles_becomes_the_expected_error(path: Path) -> None:
    """Status, type, code, blame, acceptance, retry advice and wording are those the golden file names."""
    case, expect = load(path), load(path)["expect"]
    verdict = judge(case["status"], body_of(case), about=context(case.get("about", {})))
    error = verdict.error
    assert case["origin"]
    assert {
        "status": error.status,
        "type": error.type,
        "code": error.code,
        "param": error.param,
        "blame": verdict.blame.value,
        "accepted": verdict.accepted,
        "should_retry": error.should_retry,
        "retry_after": error.retry_after,
    } == {key: expect[key] for key in expect if key not in {"says", "hides"}}
    assert verdict.retry_after == error.retry_after
    for said in expect["says"]:
        assert said in error.message
    for hidden in [*expect["hides"], "<html", "{credential}", "None"]:
        assert hidden not in error.message


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_from_google_is_the_error_of_the_verdict(path: Path) -> None:
    """The short form says exactly what the long form says."""
    case = load(path)
    about = context(case.get("about", {}))
    short, long = (
        from_google(case["status"], body_of(case), about=about),
        judge(case["status"], body_of(case), about=about),
    )
    assert (type(short), short.body()) == (type(long.error), long.error.body())


def test_a_failing_credential_is_never_the_callers_401() -> None:
    """No answer of Google's becomes a 401: that would tell callers to change their own key."""
    errors = [from_google(c["status"], body_of(c), about=context({})) for c in map(load, GOLDEN)]
    errors += [from_google(status, None, about=context({})) for status in range(100, 600)]
    assert not [error for error in errors if error.status == 401]


def test_every_cause_is_reached_by_a_golden_answer() -> None:
    """No row of the table is dead: some golden answer is decided by it."""
    reached: set[int] = set()
    for case in map(load, GOLDEN):
        fault = read_fault(case["status"], body_of(case))
        reached.update(id(row) for row in CAUSES if row.fits(fault))
    assert [row.code for row in CAUSES if id(row) not in reached] == []


@pytest.mark.parametrize(
    "body", [None, b"", b"null", b"[]", b"{}", b'{"error":null}', b'{"error":{"code":[]}}', b"\xff\x00<"]
)
def test_no_status_and_no_noise_escapes(body: bytes | None) -> None:
    """Whatever Google or something before it answers, the outcome is an ApiError with a message."""
    for status in range(100, 600):
        verdict = judge(status, body, about=ErrorContext())
        assert isinstance(verdict.error, ApiError)
        assert verdict.error.message
        assert verdict.accepted == ("no" if 400 <= status < 500 and status not in {408, 499} else "unknown")


def test_members_of_unexpected_types_do_not_hide_the_rest() -> None:
    """A body that is half nonsense still yields its reason."""
    body = orjson.dumps(
        {
            "error": {
                "code": 403,
                "message": ["not", "text"],
                "status": 7,
                "details": [
                    "noise",
                    {"@type": 1, "reason": "BILLING_DISABLED", "metadata": "none", "violations": "x"},
                    {"retryDelay": {"seconds": 3}, "metadata": {"consumer": 7}},
                ],
            }
        }
    )
    assert from_google(403, body, about=ErrorContext()).code == "upstream_billing_disabled"


@pytest.mark.parametrize("number", GOOGLE_RPC_CODES)
def test_every_google_rpc_code_of_an_operation_has_a_row(number: int) -> None:
    """Each google.rpc code ends in an error of its own status, and none invites a second paid job."""
    error = operation_error({"code": number, "message": "why"})
    assert error.code not in {"upstream_malformed_answer", "upstream_rejected"}
    assert error.should_retry is False
    assert 'Google said: "why"' in error.message


def test_the_google_rpc_table_is_complete() -> None:
    """Codes 1 to 16, as google/rpc/code.proto defines them."""
    assert sorted(GOOGLE_RPC_CODES) == list(range(1, 17))


OPERATION_ERRORS = [
    (3, "plain", 400, "invalid_value"),
    (3, "Blocked. Support codes: 58061214", 400, "content_filter"),
    (4, "", 504, "upstream_timeout"),
    (5, "", 404, "operation_not_found"),
    (7, "", 403, "upstream_permission_denied"),
    (8, "", 429, "rate_limit_exceeded"),
    (13, "", 502, "upstream_failed"),
    (14, "", 503, "upstream_unavailable"),
    (16, "", 502, "upstream_unauthenticated"),
    (99, "", 502, "upstream_failed"),
    ("not_found", "", 404, "operation_not_found"),
    ("unheard_of", "", 502, "upstream_failed"),
    (503, "", 503, "upstream_unavailable"),
]


@pytest.mark.parametrize(("code", "message", "status", "ours"), OPERATION_ERRORS)
def test_a_failed_operation_is_told_by_its_code(code: int | str, message: str, status: int, ours: str) -> None:
    """An operation's error is read as an HTTP answer of the same meaning would be."""
    error = operation_error({"code": code, "message": message}, about=ErrorContext(target=Target.OPERATION))
    assert (error.status, error.code) == (status, ours)


def test_an_operation_error_without_context_or_code_is_still_told() -> None:
    """A bare `error` object is an upstream failure in the name of the credential in use."""
    assert operation_error({}).code == "upstream_failed"
    assert "the credential in use" in operation_error({"code": 16}).message.lower()


def test_filtered_results_are_explained_in_words() -> None:
    """A withheld video names its reasons, their meaning, and that it costs nothing."""
    error = filtered([f"Blocked {API_KEY}. Support codes: 58061214, 29310472, 58061214", " "], 2)
    assert isinstance(error, BadRequest)
    assert (error.code, error.should_retry) == ("content_filter", False)
    assert (
        "withheld 2 results because of depiction of a child (58061214), a celebrity's likeness (29310472)."
        in error.message
    )
    assert "does not bill" in error.message
    assert API_KEY not in json.dumps(error.body())
    assert error.extra["explanations"] == ["depiction of a child (58061214)", "a celebrity's likeness (29310472)"]


def test_filtered_without_reasons_invents_none() -> None:
    """No reason given, no reason told."""
    error = filtered([], 1)
    assert "withheld 1 result." in error.message
    assert error.extra == {"reasons": [], "explanations": []}


@pytest.mark.parametrize(("code", "meaning"), SUPPORT_CODES.items())
def test_each_support_code_has_words(code: int, meaning: str) -> None:
    """A support code alone is enough to be explained."""
    assert explain_support_codes(f"Support codes: {code}") == [f"{meaning} ({code})"]


def test_numbers_that_are_no_support_codes_are_not_explained() -> None:
    """A longer or shorter number is no support code."""
    assert explain_support_codes("Error 123 in request 123456789") == []


@pytest.mark.parametrize(
    "secret",
    [
        API_KEY,
        "AQ." + secrets.token_urlsafe(30),
        "ya29." + secrets.token_urlsafe(30),
        "1//" + secrets.token_urlsafe(30),
        "GOCSPX" + "-" + secrets.token_urlsafe(20),
        "sk" + "-" + secrets.token_hex(16),
        "ey" + "J" + secrets.token_hex(10) + "." + secrets.token_hex(10),
        "-----BEGIN " + "PRIVATE KEY-----\n" + secrets.token_urlsafe(64) + "\n-----END PRIVATE KEY-----",
    ],
    ids=["api key", "bound key", "access token", "refresh token", "client secret", "relay key", "jwt", "private key"],
)
@pytest.mark.parametrize(
    "sentence", ["{}", "Consumer 'api_key:{}' is bad", "see https://x.example/?a=b&key={}&c=d", "Bearer {}"]
)
def test_secrets_in_googles_sentences_are_redacted(secret: str, sentence: str) -> None:
    """Google quotes credentials back; callers never see them."""
    shown = redact(sentence.format(secret))
    assert "[redacted]" in shown
    assert secret not in shown


def test_an_opaque_secret_is_known_by_where_it_stands() -> None:
    """A relay's key has no shape of its own, but a consumer, a bearer and a key= parameter give it away."""
    secret = secrets.token_hex(9)
    for sentence in (f"'api_key:{secret}'", f"bearer {secret}", f"?key={secret}&x=1"):
        assert secret not in redact(sentence)


def test_googles_sentences_are_shown_short_and_on_one_line() -> None:
    """No log or header can be split by what Google says, and no page of text comes through."""
    assert presentable(" a\r\nb\x00c ") == "a b c"
    assert len(presentable("x" * 5_000)) == SHOWN_CHARS
    assert presentable("x" * SHOWN_CHARS) == "x" * SHOWN_CHARS


def test_braces_in_names_and_messages_are_left_alone() -> None:
    """A model named like a template placeholder is shown, not expanded."""
    error = from_google(404, b'{"error":{"code":404,"message":"{credential} {0}"}}', about=ErrorContext(model="{link}"))
    assert "model {link}" in error.message
    assert '"{credential} {0}"' in error.message


@pytest.mark.parametrize(
    ("blame", "accepted", "paid", "expected"),
    [
        (Blame.REQUEST, "no", False, False),
        (Blame.REQUEST, "no", True, False),
        (Blame.CREDENTIAL, "no", True, True),
        (Blame.CREDENTIAL_MODEL, "no", True, True),
        (Blame.UPSTREAM, "no", True, True),
        (Blame.UPSTREAM, "unknown", True, False),
        (Blame.UPSTREAM, "unknown", False, True),
    ],
)
def test_another_credential_is_tried_only_where_it_can_help_and_costs_nothing(
    blame: Blame, accepted: Any, paid: bool, expected: bool
) -> None:
    """A wrong request fails everywhere, and a paid one that may have been accepted is never repeated."""
    verdict = Verdict(error=RateLimited("x"), blame=blame, accepted=accepted)
    assert verdict.may_try_another(paid=paid) is expected


def test_a_row_with_a_status_holds_for_that_status_only() -> None:
    """Prose that means a content filter in a 400 means nothing in a 500."""
    row = Row(
        error=QuotaExhausted, code="c", blame=Blame.REQUEST, says="", http=frozenset({400}), reasons=frozenset({"R"})
    )
    body = b'{"error":{"details":[{"reason":"R"}]}}'
    assert row.fits(read_fault(400, body))
    assert not row.fits(read_fault(500, body))
