"""A login of the Gemini CLI at Gemini Code Assist: every route that answers with text or images, and no video."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from google import genai
from google.genai import types

from proxy.config import load_config
from proxy.credentials import load
from proxy.simulator import Fault, RunningSimulator, SimulatorSettings, Status, running_simulator
from proxy.wiring import Entry, entries_of
from tests.proxy.e2e.serving import RunningProxy, a_video, read_events, running_proxy
from tests.proxy.jobs.bench import entry

TEXT, IMAGE, VEO, OMNI = "gemini-2.5-flash", "gemini-3-pro-image", "veo-3.1-generate-001", "gemini-omni-1.2-flash"
IMAGEN = "imagen-4.0-generate-001"
ALONE = {"oauth-excluded-models": {"vertex": ["*"]}}
"""Leaves the login nothing of Vertex AI."""
Serving = Callable[..., Any]


def asked(model: str = TEXT, **members: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "Say hello"}], **members}


@asynccontextmanager
async def serving(
    folder: Path,
    *,
    code_assist: bool = True,
    beside: Callable[[RunningSimulator], list[Entry]] = lambda google: [],
    settings: dict[str, Any] | None = None,
    **config: Any,
) -> AsyncIterator[tuple[RunningSimulator, RunningProxy]]:
    """A proxy with the one file of a login in its auth-dir, and the credentials `beside` it."""
    async with running_simulator(SimulatorSettings(video_latency=0.05, **(settings or {}))) as google:
        (folder / "auths").mkdir()
        for name, document in google.auth_files().items():
            if document["type"] == "gemini":
                (folder / "auths" / name).write_text(json.dumps(document))
        files = {"auth-dir": str(folder / "auths"), "data-dir": str(folder), "code-assist": code_assist, **config}
        entries = [*entries_of(load_config(None, {}, files).config), *beside(google)]
        own = {name: member for name, member in config.items() if name != "oauth-excluded-models"}
        async with running_proxy(folder, google, entries, **own) as proxy:
            yield google, proxy


def a_key(google: RunningSimulator) -> list[Entry]:
    return [entry(load.gemini_api_key(google.api_key, base_url=google.base_url), simulated=True)]


def doors(google: RunningSimulator) -> set[str]:
    """The front doors that were knocked at."""
    return {request.surface.value for request in google.requests if request.verb != "token"}


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[tuple[RunningSimulator, RunningProxy]]:
    """Code Assist is all there is."""
    async with serving(tmp_path, **ALONE) as both:
        yield both


async def test_it_is_off_by_default(tmp_path: Path) -> None:
    """The same file opens Vertex AI alone."""
    async with serving(tmp_path, code_assist=False) as (google, proxy):
        assert (await proxy.ask(asked())).status_code == 200
        assert doors(google) == {"vertex"}


async def test_a_chat(alone) -> None:
    """In the envelope, by a bearer token, and nothing of the envelope comes back."""
    google, proxy = alone
    answer = (await proxy.ask(asked(temperature=0.5))).json()

    assert answer["choices"][0]["message"]["content"]
    assert (answer["model"], answer["choices"][0]["finish_reason"]) == (TEXT, "stop")
    assert answer["usage"]["total_tokens"] > 0
    assert not {"response", "traceId", "warnings"} & set(answer)
    (request,) = google.requests_for("generateContent")
    assert (request.path, request.credentials) == ("/v1internal:generateContent", {"authorization"})
    assert request.body["model"] == TEXT
    assert request.body["project"] == google.project
    assert request.body["request"]["generationConfig"] == {"temperature": 0.5}


async def test_a_streamed_chat(alone) -> None:
    """Google's events, each out of its envelope; whole and streamed say the same."""
    google, proxy = alone
    *chunks, end = await proxy.chunks(asked())
    words = "".join(chunk["choices"][0]["delta"]["content"] or "" for chunk in chunks)

    assert end == "[DONE]"
    assert len(chunks) > 2
    assert words == (await proxy.ask(asked())).json()["choices"][0]["message"]["content"]
    (request,) = google.requests_for("streamGenerateContent")
    assert (request.path, dict(request.query)) == ("/v1internal:streamGenerateContent", {"alt": "sse"})


@pytest.mark.parametrize("stream", [False, True])
async def test_tools(alone, stream: bool) -> None:
    """A call, its signature, and the answer to its result."""
    _, proxy = alone
    tool = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    body = asked("gemini-3-flash-preview", tools=[{"type": "function", "function": tool}], tool_choice="required")
    if stream:
        chunks = (await proxy.chunks(body))[:-1]
        (call,) = (call for chunk in chunks for call in chunk["choices"][0]["delta"]["tool_calls"] or ())
        del call["index"]
    else:
        (call,) = (await proxy.ask(body)).json()["choices"][0]["message"]["tool_calls"]

    assert call["function"]["name"] == "weather"
    turn = [{"role": "assistant", "content": None, "tool_calls": [call]}]
    result = [{"role": "tool", "tool_call_id": call["id"], "content": "clear"}]
    body = {**body, "messages": [*body["messages"], *turn, *result], "tool_choice": "auto"}
    assert (await proxy.ask(body)).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
async def test_images(alone, stream: bool) -> None:
    """As data URIs, of the ratio that was asked for."""
    google, proxy = alone
    body = asked(IMAGE, modalities=["image", "text"], image_config={"aspect_ratio": "16:9"})
    if stream:
        chunks = (await proxy.chunks(body))[:-1]
        (image,) = (image for chunk in chunks for image in chunk["choices"][0]["delta"].get("images", ()))
        usage = chunks[-1]["usage"]
    else:
        answer = (await proxy.ask(body)).json()
        (image,) = answer["choices"][0]["message"]["images"]
        usage = answer["usage"]

    data = base64.b64decode(image["image_url"]["url"].removeprefix("data:image/png;base64,"), validate=True)
    assert data.startswith(b"\x89PNG")
    assert "cost" not in usage  # the licence's, not Vertex AI's by the image
    (request,) = (one for one in google.requests if one.verb != "token")
    assert request.body["request"]["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/images/generations", {"model": IMAGE, "prompt": "a red kite"}),
        ("/v1/responses", {"model": TEXT, "input": "Say hello"}),
        ("/v1/completions", {"model": TEXT, "prompt": "Say hello"}),
        ("/v1/messages", {"model": TEXT, "max_tokens": 99, "messages": [{"role": "user", "content": "Hi"}]}),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_the_other_routes(alone, path: str, body: dict[str, Any], stream: bool) -> None:
    """They go by the same line."""
    google, proxy = alone
    answer = await proxy.client.post(path, json={**body, "stream": stream})

    assert answer.status_code == 200, answer.text
    assert '"error":{' not in answer.text
    assert doors(google) == {"code-assist"}


async def test_an_edit(alone) -> None:
    """A picture goes along inside the envelope."""
    google, proxy = alone
    made = (await proxy.client.post("/v1/images/generations", json={"model": IMAGE, "prompt": "a kite"})).json()
    picture = base64.b64decode(made["data"][0]["b64_json"])
    form = {"model": IMAGE, "prompt": "make it blue"}
    answer = await proxy.client.post("/v1/images/edits", data=form, files={"image": ("a.png", picture, "image/png")})

    assert answer.status_code == 200, answer.text
    (_, second) = (one for one in google.requests if one.verb != "token")
    assert [list(part) for part in second.body["request"]["contents"][0]["parts"]].count(["inlineData"]) == 1


async def test_tokens_are_counted(alone) -> None:
    """Instructions and tools are in the number."""
    google, proxy = alone
    body = {"model": TEXT, "messages": [{"role": "user", "content": "Say hello"}]}
    short = (await proxy.client.post("/v1/messages/count_tokens", json=body)).json()
    long = (await proxy.client.post("/v1/messages/count_tokens", json={**body, "system": "Be very brief."})).json()

    assert long["input_tokens"] > short["input_tokens"] > 0
    assert [list(request.body) for request in google.requests_for("countTokens")] == [["request"]] * 2
    assert google.requests_for("countTokens")[0].body["request"]["model"] == f"models/{TEXT}"


# -- Google's own protocols --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
@pytest.mark.parametrize("vertex", [False, True])
async def test_google_genai_sees_no_envelope(alone, vertex: bool) -> None:
    """Whole, streamed and counted, in either dialect."""
    google, proxy = alone
    options = types.HttpOptions(base_url=proxy.base_url, retry_options=types.HttpRetryOptions(attempts=1))
    client = genai.Client(vertexai=vertex, api_key="none", http_options=options)
    models = client.aio.models

    whole = await models.generate_content(model=TEXT, contents="Say hello")
    streamed = [piece async for piece in await models.generate_content_stream(model=TEXT, contents="Say hello")]
    counted = await models.count_tokens(model=TEXT, contents="Say hello")
    await client.aio.aclose()

    assert whole.text
    assert whole.usage_metadata is not None
    assert "".join(piece.text or "" for piece in streamed) == whole.text
    assert (counted.total_tokens or 0) > 0
    assert doors(google) == {"code-assist"}


NATIVE = f"/v1beta/models/{TEXT}"
CONTENTS = {"contents": [{"role": "user", "parts": [{"text": "Say hello"}]}]}


async def test_a_native_stream_without_events_is_an_array(alone) -> None:
    """Google's other form of a stream."""
    _, proxy = alone
    answer = await proxy.client.post(f"{NATIVE}:streamGenerateContent", json=CONTENTS)

    assert answer.headers["content-type"].startswith("application/json")
    assert len(answer.json()) > 1
    assert all("candidates" in item for item in answer.json())


async def test_a_native_stream_of_events_is_one(alone) -> None:
    """As of any other surface."""
    _, proxy = alone
    answer = await proxy.client.post(f"{NATIVE}:streamGenerateContent?alt=sse", json=CONTENTS)

    assert answer.headers["content-type"].startswith("text/event-stream")
    events = read_events(answer.text.replace("\r", ""))
    assert all("candidates" in event and "response" not in event for event in events)


async def test_a_native_count_of_a_whole_request(alone) -> None:
    """Laid open, under the model that is really asked."""
    google, proxy = alone
    whole = {"generateContentRequest": {"model": "models/other", **CONTENTS}}
    answer = await proxy.client.post(f"{NATIVE}:countTokens", json=whole)

    assert answer.json() == {"totalTokens": answer.json()["totalTokens"]}
    assert google.requests_for("countTokens")[0].body["request"] == {"model": f"models/{TEXT}", **CONTENTS}


# -- what it never does ------------------------------------------------------------------------------------------------

VIDEOS = [
    pytest.param("/v1/chat/completions", a_video(VEO), id="chat-veo"),
    pytest.param("/v1/chat/completions", a_video(OMNI), id="chat-omni"),
    pytest.param("/v1/chat/completions", {**a_video("veo-3.1-generate-preview"), "stream": True}, id="chat-stream"),
    pytest.param("/v1/videos", {"model": VEO, "prompt": "a kite"}, id="videos"),
    pytest.param("/api/v1/videos", {"model": OMNI, "prompt": "a kite"}, id="openrouter"),
    pytest.param(
        f"/v1beta/models/{VEO}:predictLongRunning", {"instances": [{"prompt": "a kite"}]}, id="predictLongRunning"
    ),
    pytest.param("/v1beta/interactions", {"model": OMNI, "input": "a kite"}, id="interactions"),
]
IMAGENS = [
    pytest.param("/v1/images/generations", {"model": IMAGEN, "prompt": "a kite"}, id="images"),
    pytest.param("/v1/chat/completions", asked(IMAGEN), id="chat-imagen"),
    pytest.param(f"/v1beta/models/{IMAGEN}:predict", {"instances": [{"prompt": "a kite"}]}, id="predict"),
]


@pytest.mark.parametrize(("path", "body"), [*VIDEOS, *IMAGENS])
async def test_alone_it_says_why_not_and_what_helps(alone, path: str, body: dict[str, Any]) -> None:
    """A 400 on every route, nothing sent, nothing paid, no job."""
    google, proxy = alone
    answer = await proxy.client.post(path, json=body)

    assert answer.status_code == 400, answer.text
    message = answer.json()["error"]["message"]
    assert "Gemini Code Assist (a login of the Gemini CLI) makes no" in message
    assert "`mediashim login`" in message
    assert (google.requests, google.submits) == ([], [])
    assert (await proxy.client.get("/v1/videos")).json()["data"] == []


@pytest.mark.parametrize("asked_for", [{"model": TEXT}, {"agent": "deep-research"}], ids=["model", "agent"])
async def test_it_has_no_interactions(tmp_path: Path, asked_for: dict[str, str]) -> None:
    """Not for text either: alone it says so and sends nothing; a key beside it answers every one of them."""
    body = {**asked_for, "input": "Say hello"}
    for folder, beside in ((tmp_path / "alone", lambda google: []), (tmp_path / "both", a_key)):
        folder.mkdir()
        async with serving(folder, beside=beside, **ALONE) as (google, proxy):
            answers = [await proxy.client.post("/v1beta/interactions", json=body) for _ in range(2)]
            if folder.name == "alone":
                assert [answer.status_code for answer in answers] == [400, 400]
                assert "Gemini API key" in answers[0].json()["error"]["message"]
                assert google.requests == []
            else:
                assert doors(google) == {"gemini"}


@pytest.mark.parametrize("model", [VEO, OMNI])
async def test_beside_vertex_no_video_goes_there(tmp_path: Path, model: str) -> None:
    """The same login's Vertex AI makes it, once."""
    async with serving(tmp_path) as (google, proxy):
        answers = [await proxy.ask(a_video(model, prompt=f"a kite {number}")) for number in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert len(google.submits) == 3
        assert doors(google) == {"vertex"}


async def test_models_are_listed_without_videos(alone) -> None:
    """What cannot be had is not shown."""
    _, proxy = alone
    shown = {entry["id"] for entry in (await proxy.client.get("/v1/models")).json()["data"]}

    assert {TEXT, IMAGE} <= shown
    assert not any(name.startswith(("veo", "imagen", "gemini-omni")) for name in shown)


# -- failures ----------------------------------------------------------------------------------------------------------


async def test_an_expired_token_is_renewed_once(alone) -> None:
    """The caller notices nothing."""
    google, proxy = alone
    assert (await proxy.ask(asked())).status_code == 200
    expired = {"error": {"code": 401, "message": "expired", "status": "UNAUTHENTICATED"}}
    google.faults.add(Fault(verb="generateContent", times=1, action=Status(status=401, body=expired)))

    assert (await proxy.ask(asked())).status_code == 200
    assert google.world.tokens.issued == 2
    assert [request.status for request in google.requests_for("generateContent")] == [200, 401, 200]


async def test_a_sign_in_that_has_ended_is_told_and_the_next_credential_serves(tmp_path: Path) -> None:
    """The way back is not gcloud's: its file came from elsewhere."""
    async with serving(tmp_path, **ALONE) as (google, proxy):
        google.world.tokens.revoke_grants()
        error = (await proxy.ask(asked())).json()["error"]

        assert error["code"] == "upstream_login_expired"
        assert "with the program that wrote its file in auth-dir" in error["message"]
        assert google.requests_for("generateContent") == []


def exhausted(**delay: Any) -> Status:
    """Code Assist's 429."""
    details = [{"@type": f"type.googleapis.com/google.rpc.{name}", **members} for name, members in delay.items()]
    error = {"code": 429, "message": "You have exhausted your capacity on this model.", "status": "RESOURCE_EXHAUSTED"}
    return Status(status=429, body={"error": {**error, "details": details}})


@pytest.mark.parametrize(
    "delay",
    [
        {"RetryInfo": {"retryDelay": "900s"}},
        {"ErrorInfo": {"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quotaResetDelay": "15m0s"}}},
    ],
    ids=["RetryInfo", "quotaResetDelay"],
)
async def test_an_exhausted_quota_rests_for_as_long_as_google_says(alone, delay: dict[str, Any]) -> None:
    """And the next caller is told at once, without a call."""
    google, proxy = alone
    google.faults.add(Fault(verb="generateContent", action=exhausted(**delay)))
    first, second = await proxy.ask(asked()), await proxy.ask(asked())

    assert (first.status_code, first.headers["retry-after"]) == (429, "900")
    assert second.json()["error"]["code"] == "model_cooldown"
    assert 800 < int(second.headers["retry-after"]) <= 900
    assert len(google.requests_for("generateContent")) == 1


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
@pytest.mark.parametrize("stream", [False, True])
async def test_the_next_credential_takes_over(tmp_path: Path, status: int, stream: bool) -> None:
    """Whatever Code Assist says of itself, a key beside it answers."""
    async with serving(tmp_path, beside=a_key, **ALONE) as (google, proxy):
        google.faults.add(Fault(surface="code-assist", action=Status(status=status)))
        for _ in range(2):  # each of the two is asked first once
            answer = await proxy.ask(asked(stream=stream))
            assert answer.status_code == 200
            assert '"error":{' not in answer.text
        assert doors(google) == {"code-assist", "gemini"}


async def test_an_image_model_that_it_lacks_comes_from_the_next(tmp_path: Path) -> None:
    """Users see 404 for its image models since 2025-11 (CLIProxyAPI issue 203)."""
    off = {"code_assist_images": False}
    async with serving(tmp_path, beside=a_key, settings=off, **ALONE) as (google, proxy):
        for _ in range(2):
            answer = await proxy.ask(asked(IMAGE))
            assert answer.json()["choices"][0]["message"]["images"]
        assert doors(google) == {"code-assist", "gemini"}


async def test_its_refusals_are_told_in_the_one_error_tree(tmp_path: Path) -> None:
    """With Google's sentence, and the credential by its public id."""
    off = {"disabled_services": frozenset({"cloudaicompanion.googleapis.com"})}
    async with serving(tmp_path, settings=off, **ALONE) as (google, proxy):
        error = (await proxy.ask(asked())).json()["error"]

        assert (error["code"], error["type"]) == ("upstream_api_not_enabled", "permission_error")
        assert "code-assist-" in error["message"]
        assert len(google.requests_for("generateContent")) == 1


async def test_a_prompt_that_is_blocked(alone) -> None:
    """Withheld is told as on the other surfaces."""
    _, proxy = alone
    answer = (await proxy.ask(asked(messages=[{"role": "user", "content": "an unsafe prompt"}]))).json()

    assert answer["choices"][0]["finish_reason"] == "content_filter"
    assert answer["error"]["code"] == "safety"


async def test_what_only_vertex_knows_goes_to_vertex(tmp_path: Path) -> None:
    """A member of image_config that Code Assist has not: where it is alone a 400, else it is left out."""
    body = asked(IMAGE, image_config={"person_generation": "ALLOW_ADULT"})
    async with serving(tmp_path) as (google, proxy):
        assert [(await proxy.ask(body)).status_code for _ in range(3)] == [200, 200, 200]
        assert doors(google) == {"vertex"}


async def test_alone_it_refuses_what_only_vertex_knows(alone) -> None:
    """The field is named, and nothing is sent."""
    google, proxy = alone
    error = (await proxy.ask(asked(IMAGE, image_config={"person_generation": "ALLOW_ADULT"}))).json()["error"]

    assert error["param"] == "image_config.person_generation"
    assert google.requests == []
