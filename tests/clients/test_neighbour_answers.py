"""What Gemini says in one answer (several calls, sources, an early end), as the SDKs of other protocols read it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from tests.clients.driver import Driver
from tests.clients.serving import serving
from tests.proxy.conftest import Serve

MODEL = "gemini-2.5-flash"
TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CALLS = [{"functionCall": {"name": "get_weather", "args": {"city": city}}} for city in ("Lisbon", "Zürich")]
WORDS = "Zürich is larger. Bern is the capital."
SOURCES = {
    "groundingChunks": [{"web": {"uri": "https://a.example/1", "title": "a.example"}}],
    "groundingSupports": [
        {
            "segment": {"startIndex": 19, "endIndex": 39, "text": "Bern is the capital."},
            "groundingChunkIndices": [0],
        }
    ],
}
USAGE = {"promptTokenCount": 7, "candidatesTokenCount": 5, "thoughtsTokenCount": 3, "totalTokenCount": 15}

Saying = Callable[..., Any]


@pytest.fixture
def saying(serve: Serve, tmp_path: Path) -> Saying:
    """A proxy before a Gemini that says exactly this, streamed part by part."""

    @asynccontextmanager
    async def said(*parts: Any, finish: str = "STOP", **candidate: Any) -> AsyncIterator[str]:
        async def answer(request: web.Request) -> web.Response:
            last = {"finishReason": finish, **candidate}
            if "stream" not in request.path:
                whole = {"content": {"role": "model", "parts": list(parts)}, **last}
                return web.json_response({"responseId": "r1", "candidates": [whole], "usageMetadata": USAGE})
            events: list[dict[str, Any]] = [
                {"responseId": "r1", "candidates": [{"content": {"role": "model", "parts": [part]}}]} for part in parts
            ]
            events.append({"responseId": "r1", "candidates": [last], "usageMetadata": USAGE})
            body = b"".join(b"data: " + orjson.dumps(event) + b"\r\n\r\n" for event in events)
            return web.Response(body=body, headers={"content-type": "text/event-stream"})

        here = await serve(answer)
        async with serving(tmp_path, {"gemini-api-key": [{"api-key": "k", "base-url": here}]}) as url:
            yield url

    return said


def asked_of_openai() -> dict[str, Any]:
    return {
        "model": MODEL,
        "prompt": "Hi",
        "tools": [{"type": "function", "name": "get_weather", "parameters": TOOL, "strict": False}],
    }


def asked_of_anthropic() -> dict[str, Any]:
    tools = [{"name": "get_weather", "input_schema": TOOL}]
    return {"model": MODEL, "max_tokens": 99, "messages": [{"role": "user", "content": "Hi"}], "tools": tools}


@pytest.fixture(params=["openai_python_2", "openai_python_3"])
def openai_python(request: pytest.FixtureRequest) -> Driver:
    driver: Driver = request.getfixturevalue(request.param)
    return driver


async def of_openai(driver: Driver, url: str) -> dict[str, Any]:
    told = await driver.call("neighbours", url, asked_of_openai())
    assert "whole" in told, told
    return told


async def test_two_calls_at_once_in_responses(saying: Saying, openai_python: Driver) -> None:
    """Two items, each with its own id and arguments, the same whole and streamed."""
    async with saying({"text": "Let me see."}, *CALLS) as url:
        told = await of_openai(openai_python, url)
    for response in (told["whole"], told["gathered"]):
        assert response["status"] == "completed"
        words, *calls = response["output"]
        assert words["content"][0]["text"] == "Let me see."
        assert [call["arguments"] for call in calls] == ['{"city":"Lisbon"}', '{"city":"Zürich"}']
        assert len({call["call_id"] for call in calls}) == 2
        assert response["usage"]["input_tokens"] == 7
        assert response["usage"]["output_tokens"] == 8
        assert response["usage"]["output_tokens_details"]["reasoning_tokens"] == 3
    assert told["events"].count("response.function_call_arguments.done") == 2


@pytest.mark.parametrize(
    ("finish", "reason", "old"),
    [("MAX_TOKENS", "max_output_tokens", "length"), ("SAFETY", "content_filter", "content_filter")],
)
async def test_an_early_end_in_responses(
    saying: Saying, openai_python: Driver, finish: str, reason: str, old: str
) -> None:
    """Incomplete, and why; what was said is there."""
    async with saying({"text": "Once upon"}, finish=finish) as url:
        told = await of_openai(openai_python, url)
    for response in (told["whole"], told["gathered"]):
        assert (response["status"], response["incomplete_details"]["reason"]) == ("incomplete", reason)
        assert response["output"][0]["content"][0]["text"] == "Once upon"
    assert told["old"]["choices"][0]["finish_reason"] == old
    assert told["old_chunks"][-1]["choices"][0]["finish_reason"] == old
    assert "".join(chunk["choices"][0]["text"] for chunk in told["old_chunks"]).startswith("Once upon")


async def test_sources_in_responses(saying: Saying, openai_python: Driver) -> None:
    """Annotations of the text, counted in characters."""
    async with saying({"text": WORDS}, groundingMetadata=SOURCES) as url:
        told = await of_openai(openai_python, url)
    for response in (told["whole"], told["gathered"]):
        content = response["output"][0]["content"][0]
        [annotation] = content["annotations"]
        assert annotation["type"] == "url_citation"
        assert content["text"][annotation["start_index"] : annotation["end_index"]] == "Bern is the capital."
    assert "response.output_text.annotation.added" in told["events"]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_sources_in_chat(saying: Saying, openai_python: Driver, stream: bool) -> None:
    """The same in a message, and in the last delta with words of a stream."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
    async with saying({"text": WORDS}, groundingMetadata=SOURCES) as url:
        told = await openai_python.chat(url, body)
    if stream:
        deltas = [choice["delta"] for chunk in told["chunks"] for choice in chunk["choices"]]
        [annotations] = [delta["annotations"] for delta in deltas if delta.get("annotations")]
    else:
        annotations = told["answer"]["choices"][0]["message"]["annotations"]
    [annotation] = annotations
    cited = annotation["url_citation"]
    assert WORDS[cited["start_index"] : cited["end_index"]] == "Bern is the capital."
    assert (cited["url"], cited["title"]) == ("https://a.example/1", "a.example")


@pytest.mark.parametrize("method", ["create", "stream"])
async def test_two_calls_at_once_in_messages(saying: Saying, anthropic: Driver, method: str) -> None:
    """Two blocks with ids of their own; the words before them stay."""
    async with saying({"text": "Let me see."}, *CALLS) as url:
        answer = (await anthropic.call(method, url, asked_of_anthropic()))["answer"]
    words, *calls = answer["content"]
    assert words["text"] == "Let me see."
    assert [(call["type"], call["input"]) for call in calls] == [
        ("tool_use", {"city": "Lisbon"}),
        ("tool_use", {"city": "Zürich"}),
    ]
    assert len({call["id"] for call in calls}) == 2
    assert answer["stop_reason"] == "tool_use"
    assert (answer["usage"]["input_tokens"], answer["usage"]["output_tokens"]) == (7, 8)


@pytest.mark.parametrize("method", ["create", "stream"])
@pytest.mark.parametrize(("finish", "reason"), [("MAX_TOKENS", "max_tokens"), ("SAFETY", "refusal")])
async def test_an_early_end_in_messages(
    saying: Saying, anthropic: Driver, method: str, finish: str, reason: str
) -> None:
    """Anthropic's own word for it."""
    async with saying({"text": "Once upon"}, finish=finish) as url:
        answer = (await anthropic.call(method, url, asked_of_anthropic()))["answer"]
    assert (answer["stop_reason"], answer["content"][0]["text"]) == (reason, "Once upon")


@pytest.mark.parametrize("method", ["create", "stream"])
async def test_sources_in_messages(saying: Saying, anthropic: Driver, method: str) -> None:
    """Citations of the text block, which the SDK reads as its own type."""
    async with saying({"text": WORDS}, groundingMetadata=SOURCES) as url:
        answer = (await anthropic.call(method, url, asked_of_anthropic()))["answer"]
    [citation] = answer["content"][0]["citations"]
    assert (citation["type"], citation["url"]) == ("web_search_result_location", "https://a.example/1")
    assert citation["cited_text"] == "Bern is the capital."
