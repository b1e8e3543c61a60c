"""Servers that others wrote in the place of Google, by `base-url`: what they answer otherwise than Google is borne.

CopilotKit's aimock speaks the Gemini API (text, tools, Imagen), Veo and Interactions; llm-emulator the Gemini API
without streams. Neither shares a line with this project.
"""

import base64
import io
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from PIL import Image

from tests.clients import orders
from tests.clients.conftest import folder_of
from tests.clients.driver import DRIVERS, Driver, upstream
from tests.clients.install import AIMOCK, LLM_EMULATOR
from tests.clients.media import image_in, small_clip, video_in
from tests.clients.serving import serving
from tests.proxy.conftest import Serve


def picture() -> str:
    """A small PNG, in base64."""
    file = io.BytesIO()
    Image.new("RGB", (32, 18), "grey").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


FIXTURES: list[dict[str, Any]] = [
    {"match": {"userMessage": "colour"}, "response": {"content": "Blue, says aimock."}},
    {
        "match": {"userMessage": "weather"},
        "response": {"toolCalls": [{"name": "get_weather", "arguments": '{"city": "Lisbon"}'}]},
    },
    {"match": {"userMessage": "lighthouse", "endpoint": "image"}, "response": {"image": {"b64Json": picture()}}},
    {"match": {"userMessage": "an owl"}, "response": {"content": "I cannot make a video of that."}},
    {"match": {"userMessage": "storm"}, "response": {"video": {"id": "1", "status": "failed", "error": "Too dark."}}},
    {
        "match": {"userMessage": "overrun"},
        "response": {"error": {"message": "Come back later.", "type": "RESOURCE_EXHAUSTED"}, "status": 429},
    },
]


@pytest.fixture(scope="module")
def aimock() -> Iterator[str]:
    """aimock with a film to show; every Veo job of it takes two polls."""
    waves = {"match": {"userMessage": "waves", "endpoint": "video"}, "response": {"video": {"id": "2"}}}
    settings = {"fixtures": FIXTURES, "veoVideo": {"pollsBeforeInProgress": 1, "pollsBeforeCompleted": 2}}
    command = ["node", str(DRIVERS / "aimock.mjs"), folder_of(AIMOCK), json.dumps(settings)]
    with upstream(command) as url:
        file = {"file": ("waves.mp4", small_clip(), "video/mp4")}
        stored = httpx2.post(f"{url}/v1/files", data={"purpose": "user_data"}, files=file).json()
        waves["response"]["video"] |= {"status": "completed", "url": f"{url}/v1/files/{stored['id']}/content"}
        httpx2.post(f"{url}/__aimock/fixtures", json={"fixtures": [waves]}).raise_for_status()
        yield url


@pytest.fixture
async def shim(aimock: str, tmp_path: Path) -> AsyncIterator[str]:
    """The proxy in front of aimock."""
    async with in_front_of(aimock, tmp_path) as url:
        yield url


@asynccontextmanager
async def in_front_of(base_url: str, folder: Path) -> AsyncIterator[str]:
    key = {"api-key": secrets.token_urlsafe(), "base-url": base_url}
    async with serving(folder / "data", {"gemini-api-key": [key], "request-retry": 0}) as url:
        yield url


async def test_text(openai_python_3: Driver, shim: str) -> None:
    """Text."""
    answer = (await openai_python_3.chat(shim, orders.text()))["answer"]
    assert answer["choices"][0]["message"]["content"] == "Blue, says aimock."


async def test_text_streamed(openai_python_3: Driver, shim: str) -> None:
    """Text in pieces."""
    chunks = (await openai_python_3.chat(shim, orders.text(stream=True)))["chunks"]
    assert (
        "".join(c["delta"].get("content") or "" for chunk in chunks for c in chunk["choices"]) == "Blue, says aimock."
    )


async def test_tools(openai_python_3: Driver, shim: str) -> None:
    """A tool call."""
    answer = (await openai_python_3.chat(shim, orders.text("The weather?", tools=[orders.WEATHER])))["answer"]
    assert answer["choices"][0]["finish_reason"] == "tool_calls"
    (call,) = answer["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"city": "Lisbon"}


async def test_image(openai_python_3: Driver, shim: str) -> None:
    """A picture by Imagen's `predict`, which Google itself no longer serves to an API key."""
    asked = orders.image(model="imagen-4.0-generate-001", image_config={"aspect_ratio": "16:9"})
    answer = (await openai_python_3.chat(shim, asked))["answer"]
    assert image_in(answer["choices"][0]["message"]) == (32, 18)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("version", ["", "/v1beta", "/v1beta/"])
async def test_video(openai_python_3: Driver, aimock: str, tmp_path: Path, version: str, stream: bool) -> None:
    """A video by Veo's `predictLongRunning`, under the id that Google has retired; that it is short is said.

    The base URL may be spelt in every way people do.
    """
    async with in_front_of(f"{aimock}{version}", tmp_path) as url:
        outcome = await openai_python_3.chat(url, orders.video("waves", stream=stream))
    if stream:
        chunks = outcome["chunks"]
        (message,) = [d for chunk in chunks for c in chunk["choices"] if (d := c["delta"]).get("videos")]
        end = chunks[-1]
    else:
        end = outcome["answer"]
        message = end["choices"][0]["message"]
    clip = video_in(message)
    assert (clip.width, clip.height, clip.seconds) == (64, 36, 0.5)
    assert end["model"] == "veo-3.1-generate-preview"
    assert any("0.5" in warning for warning in end["warnings"])


async def test_a_failed_video(openai_python_3: Driver, shim: str) -> None:
    """A job that ends with an error and no status word is told in the upstream's words."""
    error = (await openai_python_3.chat(shim, orders.video("storm")))["error"]
    assert "Too dark." in error["message"]


async def test_omni_answers_at_once(openai_python_3: Driver, shim: str) -> None:
    """aimock streams an interaction that is complete at once and cannot be asked for again: the id is kept and told.

    It makes no videos by Interactions; what is asked of the proxy is a true ending.
    """
    error = (await openai_python_3.chat(shim, orders.video("an owl", model="gemini-omni-1.2-flash")))["error"]
    assert (error["status"], error["code"]) == (404, "operation_expired")
    assert "aimock-int-" in error["message"]


async def test_rate_limit(openai_python_3: Driver, shim: str) -> None:
    """A 429 without Google's details is still a RateLimitError."""
    error = (await openai_python_3.chat(shim, orders.text("overrun"), max_retries=0))["error"]
    assert "RateLimitError" in error["classes"]


async def test_unknown_to_the_upstream(openai_python_3: Driver, shim: str) -> None:
    """What the upstream does not know is an error and no empty answer; a video is not sent again."""
    for asked in (orders.text("?"), orders.video("?"), orders.video("?", model="gemini-omni-1.2-flash")):
        error = (await openai_python_3.chat(shim, asked))["error"]
        assert error["status"] == 404


# -- llm-emulator ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def llm_emulator() -> Iterator[str]:
    with upstream(["node", str(DRIVERS / "llm_emulator.mjs"), folder_of(LLM_EMULATOR)]) as url:
        yield url


async def test_an_upstream_without_usage(openai_python_3: Driver, llm_emulator: str, tmp_path: Path) -> None:
    """An answer without token counts and with one candidate is an answer."""
    async with in_front_of(llm_emulator, tmp_path) as url:
        answer = (await openai_python_3.chat(url, orders.text()))["answer"]
    assert answer["choices"][0]["message"]["content"] == "Blue, says the emulator."
    assert answer["choices"][0]["finish_reason"] == "stop"


async def test_an_upstream_without_streams(openai_python_3: Driver, llm_emulator: str, tmp_path: Path) -> None:
    """It answers a stream's request with one whole body: the caller has its chunks all the same."""
    async with in_front_of(llm_emulator, tmp_path) as url:
        chunks = (await openai_python_3.chat(url, orders.text(stream=True)))["chunks"]
    words = "".join(c["delta"].get("content") or "" for chunk in chunks for c in chunk["choices"])
    assert words == "Blue, says the emulator."


@pytest.mark.parametrize("array", [b"[%s,\r\n%s]", b"[%s"], ids=["whole", "torn"])
async def test_an_array_in_the_place_of_events(
    openai_python_3: Driver, serve: Serve, tmp_path: Path, array: bytes
) -> None:
    """A relay that drops `alt=sse` gets Google's other form of a stream; a torn one is an error, not a short answer."""
    parts = [b'{"candidates": [{"content": {"parts": [{"text": "Bl"}]}}]}']
    parts += [b'{"candidates": [{"content": {"parts": [{"text": "ue"}]}, "finishReason": "STOP"}]}']
    body = array % tuple(parts[: array.count(b"%s")])

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async with in_front_of(await serve(answer), tmp_path) as url:
        outcome = await openai_python_3.chat(url, orders.text(stream=True))
    if array.endswith(b"]"):
        words = "".join(c["delta"].get("content") or "" for chunk in outcome["chunks"] for c in chunk["choices"])
        assert words == "Blue"
    else:
        assert outcome["error"]["code"] == "malformed_upstream_answer"
