"""Secrets never survive; what is no secret does."""

import secrets
import string
import uuid
from urllib.parse import quote

import pytest

from proxy.redaction import BLACKED_OUT, Blackout, redactor

LETTERS = string.ascii_letters + string.digits + "-_"


def token(length: int = 35) -> str:
    """Random text of the alphabet that keys are made of."""
    return "".join(secrets.choice(LETTERS) for _ in range(length - 1)) + "x"


def google_key() -> str:
    """Something that looks like a Google API key."""
    return "AI" + "za" + token()


@pytest.mark.parametrize(
    "sentence",
    [
        "GET https://x.example/v1beta/models?key={}&alt=sse",
        "https://x.example/?alt=sse&auth_token={}",
        "https://x.example/?access_token={}#top",
        "(https://storage.example/v.mp4?X-Goog-Signature={})",
        "Authorization: Bearer {}",
        "authorization=bearer {}",
        "Authorization: Basic {}",
        "{{'x-goog-api-key': '{}'}}",
        "{{'x-api-key': b'{}'}}",
        '{{"x-goog-api-key": "{}"}}',
        '{{\\"client_secret\\": \\"{}\\"}}',
        "refresh_token={}&grant_type=refresh_token",
        "api_key={}, model=veo",
        "private_key: {}",
        "cannot reach socks5://me:{}@proxy.example:1080",
        "http://:{}@proxy.example",
        "Headers({{'authorization': 'Bearer {}'}})",
    ],
)
def test_by_its_place(sentence: str) -> None:
    """An unknown secret is blacked out where secrets stand: headers, parameters, JSON members, URL passwords."""
    secret = token()
    redacted = redactor()(sentence.format(secret))
    assert secret not in redacted
    assert BLACKED_OUT in redacted
    assert redactor()(redacted) == redacted


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("AI" + "za", ""),
        ("AQ" + ".", ""),
        ("ya" + "29.", ""),
        ("1/" + "/", ""),
        ("GOCSPX" + "-", ""),
        ("ey" + "J", ".abc.def"),
    ],
)
def test_by_its_looks(begin: str, end: str) -> None:
    """Google's keys and tokens are recognised anywhere in a sentence."""
    secret = begin + token() + end
    assert redactor()(f"failed with {secret}, sorry") == f"failed with {BLACKED_OUT}, sorry"


def test_private_keys_go_whole() -> None:
    """A PEM key is blacked out over its lines, escaped or not, cut short or not."""
    for newline in ("\n", "\\n"):
        body = newline.join([token(64), token(64)])
        begin, end = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
        assert redactor()(f"a {begin}{newline}{body}{newline}{end} b") == f"a {BLACKED_OUT} b"
        assert redactor()(f"a {begin}{newline}{body}") == f"a {BLACKED_OUT}"


def test_configured_secrets_by_value() -> None:
    """A configured secret is blacked out wherever it stands and however it is spelt."""
    secret = f"odd value/{uuid.uuid4().hex}+\n\\end"
    redact = redactor([secret, "", "  "])
    for spelling in (secret, quote(secret, safe=""), secret.replace("\\", "\\\\").replace("\n", "\\n")):
        assert redact(f"<{spelling}>") == f"<{BLACKED_OUT}>"


def test_the_longer_of_two_secrets_goes_whole() -> None:
    """A secret that begins with another one leaves no tail behind."""
    short, long = "prefix-key", "prefix-key-and-more"
    assert redactor([short, long])(f"{long} {short}") == f"{BLACKED_OUT} {BLACKED_OUT}"


def test_short_secrets_only_where_they_stand_alone() -> None:
    """A caller's key `test` must not turn every `latest` into noise."""
    assert redactor(["test"])("the latest test, tested") == f"the latest {BLACKED_OUT}, tested"


@pytest.mark.parametrize(
    "sentence",
    [
        "request status=200 model=veo-3.1-generate-001 ms=12.5",
        "models/veo/operations/abc123def456 is done",
        "https://x.example/path?alt=sse&pageSize=10",
        "bearer of bad news",
        "monkey=banana",
        "http://localhost:8317/v1",
        "sha256:9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_the_rest_stays(sentence: str) -> None:
    """What people need in order to understand a log is left alone."""
    assert redactor(["configured-secret"])(sentence) == sentence


def test_the_redactor_shows_nothing() -> None:
    """Its representation, which a debugger or a traceback may print, holds no secret."""
    secret = google_key()
    assert secret not in repr(redactor([secret]))


# -- what is learnt --------------------------------------------------------------------------------------------------


def test_a_secret_that_begins_like_another_is_found_whole() -> None:
    """The longer one first, whichever was learnt first."""
    blackout = Blackout()
    blackout.learn(["ya29.first", "ya29.first.and.more"])
    assert blackout("a ya29.first.and.more b ya29.first c ya29.firs") == f"a {BLACKED_OUT} b {BLACKED_OUT} c ya29.firs"


def test_the_oldest_are_forgotten_and_the_others_are_not() -> None:
    """Of secrets that begin alike as of others; a beginning that nobody has any more is no longer looked for."""
    blackout = Blackout(most=2)
    blackout.learn(["ya29.oldest", "ya29.second"])
    blackout.learn(["zzzz.newest"])
    assert blackout("ya29.oldest ya29.second zzzz.newest") == f"ya29.oldest {BLACKED_OUT} {BLACKED_OUT}"
    blackout.learn(["xxxx.latest"])
    assert blackout("ya29.second zzzz.newest xxxx.latest") == f"ya29.second {BLACKED_OUT} {BLACKED_OUT}"


def test_learning_a_token_compiles_nothing_once_its_kind_is_known() -> None:
    """A thousand private keys in one pattern took seconds and gigabytes."""
    blackout = Blackout()
    blackout.learn(["ya29.first-token"])
    before = blackout._starts
    blackout.learn([f"ya29.token-{number:04}" for number in range(1000)])
    assert blackout._starts is before
    assert blackout("ya29.token-0999") == BLACKED_OUT
