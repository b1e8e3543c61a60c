"""Code Assist: a door for OAuth tokens, an envelope, text and images, and nothing that is a job."""

import json
from typing import Any

import pytest

GENERATE, STREAM, COUNT = (
    "/v1internal:generateContent",
    "/v1internal:streamGenerateContent",
    "/v1internal:countTokens",
)
REQUEST = {"contents": [{"role": "user", "parts": [{"text": "Say hello"}]}]}


def envelope(model: str = "gemini-2.5-flash", **members: Any) -> dict[str, Any]:
    return {"model": model, "project": "simulated-project", "request": REQUEST, **members}


@pytest.fixture
async def client(start):
    google, client = await start()
    del client.headers["x-goog-api-key"]
    client.headers["authorization"] = f"Bearer {google.access_token()}"
    return client


async def test_an_answer_has_an_envelope_and_a_count_has_none(client) -> None:
    """As the Gemini CLI reads them; its own two ids may come along."""
    asked = envelope(user_prompt_id="p", request={**REQUEST, "session_id": "s"})
    answer = (await client.post(GENERATE, json=asked)).json()
    counted = (await client.post(COUNT, json={"request": {"model": "models/gemini-2.5-flash", **REQUEST}})).json()

    assert set(answer) == {"response", "traceId"}
    assert answer["response"]["candidates"]
    assert set(counted) == {"totalTokens"}


async def test_each_event_has_an_envelope(client) -> None:
    """With alt=sse; without it is an array."""
    events = (await client.post(STREAM, params={"alt": "sse"}, json=envelope())).text.split("\r\n\r\n")
    array = (await client.post(STREAM, json=envelope())).json()

    told = [json.loads(event.removeprefix("data: ")) for event in events if event]
    assert len(told) == len(array) > 1
    assert all(set(one) == {"response", "traceId"} for one in (*told, *array))


@pytest.mark.parametrize("model", ["veo-3.1-generate-001", "gemini-omni-1.2-flash", "imagen-4.0-generate-001", "what"])
async def test_other_models_are_not_found(client, model: str) -> None:
    """In the words that users have seen."""
    answer = await client.post(GENERATE, json=envelope(model))

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Requested entity was not found."


@pytest.mark.parametrize("path", ["/v1internal:predictLongRunning", "/v1internal:predict", "/v1internal/models"])
async def test_other_methods_are_no_page(client, path: str) -> None:
    """Google's front end answers in HTML."""
    answer = await client.post(path, json=envelope())

    assert answer.status_code == 404
    assert answer.text.startswith("<!DOCTYPE html>")


async def test_images_may_be_switched_off(start) -> None:
    """Then they are 404 as well."""
    for on, status in ((True, 200), (False, 404)):
        google, client = await start(code_assist_images=on)
        headers = {"authorization": f"Bearer {google.access_token()}"}
        answer = await client.post(GENERATE, json=envelope("gemini-3-pro-image"), headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        (GENERATE, envelope(contents=[]), 400, 'Unknown name "contents"'),
        (GENERATE, envelope(request={**REQUEST, "model": "m"}), 400, "'request'"),
        (GENERATE, envelope(request={**REQUEST, "generationConfig": {"colour": 1}}), 400, "colour"),
        (GENERATE, envelope(request=[]), 400, "invalid argument"),
        (GENERATE, envelope(request={"contents": []}), 400, "contents is not specified"),
        (GENERATE, envelope(project=None), 500, "internal error"),
        (GENERATE, envelope(project="another"), 403, "permission"),
        (GENERATE, [], 404, "not found"),
        (GENERATE, envelope(model=7), 404, "not found"),
        (COUNT, {"request": []}, 404, "not found"),
        (COUNT, {"project": "p", "request": {"model": "models/gemini-2.5-flash", **REQUEST}}, 400, '"project"'),
        (
            COUNT,
            {"request": {"model": "models/gemini-2.5-flash", **REQUEST, "safetySettings": []}},
            400,
            '"safetySettings"',
        ),
    ],
)
async def test_what_is_wrong_with_an_envelope_is_told(client, path: str, body: Any, status: int, says: str) -> None:
    """Strictly: a member that the message does not have is a 400 that names it."""
    answer = await client.post(path, json=body)

    assert answer.status_code == status, answer.text
    assert says in answer.json()["error"]["message"]


async def test_who_may_call(start) -> None:
    """A token for cloud-platform; no key, nothing else, and only where the API is on."""
    google, client = await start()
    by_key = await client.post(GENERATE, json=envelope())
    del client.headers["x-goog-api-key"]
    by_nobody = await client.post(GENERATE, json=envelope())
    other = {"authorization": f"Bearer {google.access_token('https://www.googleapis.com/auth/userinfo.email')}"}
    by_other_scope = await client.post(GENERATE, json=envelope(), headers=other)
    google, client = await start(disabled_services=frozenset({"cloudaicompanion.googleapis.com"}))
    token = {"authorization": f"Bearer {google.access_token()}"}
    switched_off = await client.post(STREAM, params={"alt": "sse"}, json=envelope(), headers=token)

    answers = (by_key, by_nobody, by_other_scope)
    assert [answer.status_code for answer in answers] == [401, 401, 403]
    assert [answer.json()["error"]["details"][0]["reason"] for answer in answers] == [
        "CREDENTIALS_MISSING",
        "CREDENTIALS_MISSING",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    ]
    assert switched_off.json()[0]["error"]["details"][0]["reason"] == "SERVICE_DISABLED"
