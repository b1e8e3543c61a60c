"""The neighbouring routes byte by byte: failures in each protocol's own form, whenever they come."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import pytest
from aiohttp import web

from proxy.app import Surroundings
from proxy.credentials import load
from proxy.simulator import Fault, Status
from proxy.wiring import Entry
from tests.clients.serving import Mediashim, google_itself
from tests.proxy.conftest import Serve, serve

__all__ = ["serve"]

MODEL = "gemini-2.5-flash"
ASKS: dict[str, dict[str, Any]] = {
    "/messages": {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi, tell me a long story please."}]},
    "/responses": {"input": "Hi, tell me a long story please."},
    "/completions": {"prompt": "Hi, tell me a long story please."},
}


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=30) as client:
        yield client


def events_of(body: str) -> list[tuple[str | None, Any]]:
    """Name and data of each event."""
    found = []
    for block in body.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            data = fields["data"]
            found.append((fields.get("event"), data if data == "[DONE]" else orjson.loads(data)))
    return found


@pytest.mark.parametrize("path", ["/messages", "/responses"])
async def test_every_event_is_named_after_its_type(http: httpx2.AsyncClient, shim: Mediashim, path: str) -> None:
    """The `event` line and `type` agree, and no `[DONE]` follows: these protocols have none."""
    answer = await http.post(shim.base_url + path, json={"model": MODEL, "stream": True, **ASKS[path]})

    events = events_of(answer.text)
    assert answer.headers["content-type"] == "text/event-stream"
    assert all(name == data["type"] for name, data in events)


async def test_completions_end_in_done(http: httpx2.AsyncClient, shim: Mediashim) -> None:
    """The old protocol's events have no names and end in `[DONE]`."""
    answer = await http.post(
        f"{shim.base_url}/completions", json={"model": MODEL, "stream": True, **ASKS["/completions"]}
    )

    events = events_of(answer.text)
    assert {name for name, _ in events} == {None}
    assert events[-1][1] == "[DONE]"


@pytest.mark.parametrize(
    ("path", "ending"), [("/messages", "error"), ("/responses", "response.failed"), ("/completions", None)]
)
async def test_a_stream_that_breaks(
    http: httpx2.AsyncClient, start: Any, serve: Serve, path: str, ending: str | None
) -> None:
    """Google's stream ends without an end: the last event says so, and nothing ends it well."""
    event = {"candidates": [{"content": {"parts": [{"text": "Once"}]}, "index": 0}]}

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"data: " + orjson.dumps(event) + b"\n\n", content_type="text/event-stream")

    key = load.gemini_api_key("no-real-key", base_url=await serve(answer))
    entry = Entry(credential=key, concurrency=1, per_minute=None)
    shim = await start(around=lambda _: Surroundings(entries=[entry]))

    broken = await http.post(shim.base_url + path, json={"model": MODEL, "stream": True, **ASKS[path]})

    assert "Once" in broken.text
    name, data = events_of(broken.text)[-1]
    assert name == ending
    assert (data if path != "/responses" else data["response"])["error"]["message"]


@pytest.mark.parametrize("path", ASKS)
@pytest.mark.parametrize("stream", [False, True])
async def test_googles_refusal(http: httpx2.AsyncClient, shim: Mediashim, path: str, stream: bool) -> None:
    """A refusal before the first byte has its status, and the form of its protocol."""
    verb = "streamGenerateContent" if stream else "generateContent"
    shim.google.faults.add(Fault(verb=verb, action=Status(status=400)))

    answer = await http.post(shim.base_url + path, json={"model": MODEL, "stream": stream, **ASKS[path]})

    assert answer.status_code == 400
    assert answer.json().get("type") == ("error" if path == "/messages" else None)
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ASKS)
async def test_without_v1(http: httpx2.AsyncClient, shim: Mediashim, path: str) -> None:
    """The routes are there without `/v1`, too."""
    assert (await http.post(shim.origin + path, json={"model": MODEL, **ASKS[path]})).status_code == 200


async def test_a_broken_body(http: httpx2.AsyncClient, shim: Mediashim) -> None:
    """What is no JSON is a 400 in the protocol's form."""
    for path in ASKS:
        answer = await http.post(shim.base_url + path, content=b"{")
        assert answer.status_code == 400
        assert "JSON" in answer.json()["error"]["message"]
        assert ("type" in answer.json()) == (path == "/messages")


async def test_a_missing_key(http: httpx2.AsyncClient, start: Any) -> None:
    """OpenAI's routes say it as CLIProxyAPI does, in a text; Anthropic's in Anthropic's form."""
    shim = await start({"api-keys": ["right-key"]})
    for path, ask in ASKS.items():
        answer = await http.post(shim.base_url + path, json={"model": MODEL, **ask})
        assert answer.status_code == 401
        if path == "/messages":
            assert answer.json()["error"]["type"] == "authentication_error"
        else:
            assert answer.json() == {"error": "Missing API key"}


async def test_models_for_anthropics_clients(http: httpx2.AsyncClient, shim: Mediashim) -> None:
    """The header, or Claude's command line, gets Anthropic's form: of the list, of one model, and of an error."""
    for headers in ({"anthropic-version": "2023-06-01"}, {"user-agent": "claude-cli/2.0 (external, cli)"}):
        page = (await http.get(f"{shim.base_url}/models", headers=headers)).json()
        assert page["has_more"] is False
        assert page["first_id"] == page["data"][0]["id"]
        one = (await http.get(f"{shim.base_url}/models/{MODEL}", headers=headers)).json()
        assert (one["type"], one["id"]) == ("model", MODEL)
        missing = await http.get(f"{shim.base_url}/models/none", headers=headers)
        assert (missing.status_code, missing.json()["error"]["type"]) == (404, "not_found_error")
    assert "object" in (await http.get(f"{shim.base_url}/models")).json()


async def test_a_document_by_address(http: httpx2.AsyncClient, start: Any, serve: Serve) -> None:
    """A PDF is fetched and goes to Google as its bytes; a web page is not one."""
    pages = {"/a.pdf": b"%PDF-1.7 a document", "/a.html": b"<html>a page</html>"}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=pages[request.path])

    origin = await serve(answer)
    shim = await start({"fetch.allow-hosts": ["127.0.0.1"]})

    async def ask(name: str) -> httpx2.Response:
        source = {"type": "url", "url": f"{origin}{name}"}
        turn = {"role": "user", "content": [{"type": "document", "source": source}, {"type": "text", "text": "What?"}]}
        return await http.post(f"{shim.base_url}/messages", json={"model": MODEL, "max_tokens": 9, "messages": [turn]})

    assert (await ask("/a.pdf")).status_code == 200
    sent = shim.google.requests[-1].body["contents"][0]["parts"][0]["inlineData"]
    assert (sent["mimeType"], base64.b64decode(sent["data"])) == ("application/pdf", pages["/a.pdf"])
    refused = await ask("/a.html")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "messages[0].content[0]")


async def test_count_tokens_on_vertex(http: httpx2.AsyncClient, start: Any) -> None:
    """A service account counts on Vertex; a model that has no tokens is a 400; a counting that fails is told."""
    shim = await start(around=lambda google: google_itself(google, key=False))
    ask = {"model": MODEL, "system": "Be brief.", "messages": [{"role": "user", "content": "Hi"}], "colour": "red"}

    counted = (await http.post(f"{shim.base_url}/messages/count_tokens", json=ask)).json()

    assert counted["input_tokens"] > 0
    assert counted["warnings"] == ["colour is not known here and had no effect."]
    assert set(shim.google.requests[-1].body) <= {"contents", "systemInstruction", "generationConfig"}
    imagen = await http.post(f"{shim.base_url}/messages/count_tokens", json={**ask, "model": "imagen-4.0-generate-001"})
    assert (imagen.status_code, imagen.json()["error"]["param"]) == (400, "model")


async def test_an_alias_with_defaults(http: httpx2.AsyncClient, start: Any) -> None:
    """Aliases and their defaults hold here as for a chat completion; what the caller says wins."""
    shim = await start(
        {"models": [{"alias": "quick", "target": MODEL, "defaults": {"temperature": 0.1, "top_p": 0.5}}]}
    )

    answer = await http.post(f"{shim.base_url}/responses", json={"model": "quick", "input": "Hi", "top_p": 0.9})

    assert answer.status_code == 200
    config = shim.google.requests[-1].body["generationConfig"]
    assert (config["temperature"], config["topP"]) == (0.1, 0.9)
