"""What goes wrong at Google reaches the client with status, type, code and a way out; never with a second bill."""

import asyncio

import pytest

from proxy.simulator import Drop, Empty, Error, Fault, Filtered, Status
from tests.proxy.e2e.serving import VEO_PREVIEW, a_video
from tests.proxy.jobs.bench import google_key, relay, vertex


def google(status: int, rpc: str, message: str, *details: dict) -> Status:
    return Status(
        status=status, body={"error": {"code": status, "status": rpc, "message": message, "details": list(details)}}
    )


def because(reason: str, **metadata: str) -> dict:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def quota(quota_id: str) -> dict:
    return {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": quota_id, "quotaValue": "10"}],
    }


LINK = "https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=p"
ROWS = {
    # what Google says -> status, type, code, words that must be there
    "key invalid": (
        google(400, "INVALID_ARGUMENT", "API key not valid.", because("API_KEY_INVALID")),
        (502, "upstream_error", "upstream_invalid_api_key", "aistudio.google.com/apikey"),
    ),
    "invalid argument": (
        google(400, "INVALID_ARGUMENT", "durationSeconds is out of bound"),
        (400, "invalid_request_error", "invalid_value", "durationSeconds is out of bound"),
    ),
    "location": (
        google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        (400, "invalid_request_error", "location_not_supported", "supported country"),
    ),
    "token type": (
        google(
            401, "UNAUTHENTICATED", "API keys are not supported by this API.", because("ACCESS_TOKEN_TYPE_UNSUPPORTED")
        ),
        (502, "upstream_error", "upstream_token_type_unsupported", "service account"),
    ),
    "scope": (
        google(403, "PERMISSION_DENIED", "insufficient scopes", because("ACCESS_TOKEN_SCOPE_INSUFFICIENT")),
        (403, "permission_error", "upstream_scope_insufficient", "auth/cloud-platform"),
    ),
    "api not enabled": (
        google(403, "PERMISSION_DENIED", "API has not been used", because("SERVICE_DISABLED", activationUrl=LINK)),
        (403, "permission_error", "upstream_api_not_enabled", LINK),
    ),
    "billing": (
        google(403, "PERMISSION_DENIED", "billing", because("BILLING_DISABLED")),
        (403, "permission_error", "upstream_billing_disabled", "console.cloud.google.com/billing"),
    ),
    "iam": (
        google(403, "PERMISSION_DENIED", "Permission 'aiplatform.endpoints.predict' denied"),
        (403, "permission_error", "upstream_iam_permission_denied", "roles/aiplatform.user"),
    ),
    "leaked": (
        google(403, "PERMISSION_DENIED", "Your API key was reported as leaked."),
        (403, "permission_error", "upstream_api_key_leaked", "create a new one"),
    ),
    "suspended": (
        google(403, "PERMISSION_DENIED", "suspended", because("CONSUMER_SUSPENDED")),
        (403, "permission_error", "upstream_consumer_suspended", "suspended"),
    ),
    "retired": (
        google(404, "NOT_FOUND", "models/veo is no longer available."),
        (404, "invalid_request_error", "model_not_found", "retired"),
    ),
    "per day": (
        google(429, "RESOURCE_EXHAUSTED", "quota", quota("RequestsPerDayPerProjectPerModel")),
        (429, "insufficient_quota", "insufficient_quota", "midnight Pacific"),
    ),
    "spending cap": (
        google(429, "RESOURCE_EXHAUSTED", "cap", because("SPENDING_CAP_EXCEEDED")),
        (429, "insufficient_quota", "insufficient_quota", "spend"),
    ),
    "web page 404": (Status(status=404, body="<html>"), (502, "upstream_error", "upstream_wrong_endpoint", "base-url")),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("row", ROWS)
async def test_a_refusal_of_the_submit(start, row, stream) -> None:
    """Every row: whole with its own status, streamed as a last chunk; one POST, nothing accepted."""
    action, (status, kind, code, words) = ROWS[row]
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=action))
    if stream:
        events = await proxy.chunks(a_video())
        error = events[-1]["error"]
        assert events[-1]["choices"][0]["finish_reason"] == "error"
        assert "[DONE]" not in events
    else:
        answer = await proxy.ask(a_video())
        error = answer.json()["error"]
        assert answer.status_code == status
        assert answer.headers["x-should-retry"] == "false"

    assert (error["type"], error["code"]) == (kind, code)
    assert words in error["message"]
    assert error["job_id"].startswith("video_")
    assert len(google.requests_for("predictLongRunning")) == 1
    assert not google.submits


LATER = {
    "503 to the submit": (Status(status=503, after_accepting=True), 502, "submission_uncertain"),
    "500 to the submit": (Status(status=500), 502, "submission_uncertain"),
    "504 to the submit": (Status(status=504), 502, "submission_uncertain"),
    "dropped": (Drop(after_accepting=True), 502, "submission_uncertain"),
    "filtered": (Filtered(), 400, "content_filter"),
    "nothing": (Empty(), 502, "empty_result"),
    "internal": (Error(code=13), 502, "upstream_failed"),
    "overloaded": (Error(code=14), 503, "upstream_unavailable"),
    "exhausted": (Error(code=8), 429, "rate_limit_exceeded"),
}


@pytest.mark.parametrize("ending", LATER)
async def test_after_google_may_have_accepted(start, ending) -> None:
    """`x-should-retry: false`, whatever the status: a repeat would be paid for."""
    action, status, code = LATER[ending]
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=action))
    answer = await proxy.ask(a_video())

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers["x-should-retry"] == "false"
    assert len(google.requests_for("predictLongRunning")) == 1


async def test_a_filter_is_explained(start) -> None:
    """Support codes in words."""
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=Filtered(support_code=29310472)))
    message = (await proxy.ask(a_video())).json()["error"]["message"]

    assert "celebrit" in message
    assert "29310472" in message


async def test_a_rate_limit_of_hours_is_told_with_its_delay(start) -> None:
    """Longer than a job may wait: 429 with `retry-after`."""
    delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "4000.2s"}
    google_, proxy = await start(lambda google: [relay(google)])
    google_.faults.add(
        Fault(verb="predictLongRunning", action=google(429, "RESOURCE_EXHAUSTED", "slowly", delay)),
    )
    answer = await proxy.ask(a_video())

    assert (answer.status_code, answer.json()["error"]["type"]) == (429, "rate_limit_error")
    assert answer.headers["retry-after"] == "4001"


async def test_a_rate_limit_of_a_second_is_waited_out(start) -> None:
    """The caller never hears of it."""
    delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.2s"}
    google_, proxy = await start(lambda google: [relay(google)])
    google_.faults.add(
        Fault(verb="predictLongRunning", times=1, action=google(429, "RESOURCE_EXHAUSTED", "slowly", delay))
    )
    answer = await proxy.ask(a_video())

    assert answer.status_code == 200
    assert len(google_.submits) == 1


WRONG = {
    "duration": ({"duration_seconds": 5}, "video_config.duration_seconds"),
    "resolution": ({"resolution": "480p"}, "video_config.resolution"),
    "ratio": ({"aspect_ratio": "1:1"}, "video_config.aspect_ratio"),
    "unknown": ({"durration": 4}, "video_config.durration"),
    "seed on an API key": ({"seed": 7}, "video_config.seed"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_cannot_be_made_is_refused_before_it_is_paid(start, wrong) -> None:
    """400 naming the field and what is allowed; no job, no call."""
    config, param = WRONG[wrong]
    google, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.ask(a_video(**config))

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == param
    assert not google.requests


async def test_an_unknown_model(start) -> None:
    """model_not_found, and where to look."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = await proxy.ask(a_video("sora-9"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "model_not_found")
    assert "GET /v1/models" in answer.json()["error"]["message"]


@pytest.mark.parametrize("status", [429, 503])
async def test_text_is_asked_again(start, status) -> None:
    """What costs nothing twice is repeated, by the next credential or a little later."""
    google, proxy = await start(lambda google: [google_key(google), vertex(google)])
    google.faults.add(Fault(verb="generateContent", times=1, action=Status(status=status)))
    answer = await proxy.ask({"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hello"}]})

    assert answer.status_code == 200, answer.text
    assert len(google.requests_for("generateContent")) == 2


async def test_text_goes_on_with_another_account_where_one_cannot_sign_in(start) -> None:
    """A refused token is that credential's trouble alone; with no other, the caller hears what to do."""
    google, proxy = await start(lambda google: [vertex(google), google_key(google)])
    google.faults.add(Fault(verb="token", action=Status(status=400, body={"error": "invalid_grant"})))
    body = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hello"}]}
    answers = await asyncio.gather(*(proxy.ask(body) for _ in range(3)))
    alone = await proxy.ask({**body, "model": "imagen-4.0-generate-001"})

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert alone.status_code in (429, 502)
    assert alone.json()["error"]["code"] in ("upstream_login_expired", "model_cooldown")


async def test_a_fault_of_the_proxy_tells_nothing(start, monkeypatch, caplog) -> None:
    """500 with a request id, in the envelope; the reason is in the log alone."""
    import proxy.routes.chat_completions as route

    async def broken(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(route, "answer_video", broken)
    _, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.ask(a_video(VEO_PREVIEW))

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (500, "server_error", "internal_server_error")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"].startswith("req_")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "the secret of the house" in caplog.text
