"""The bare floors: proxies that translate and do nothing else, to say what a Python proxy could cost at least.

    python -m benchmarks.rig.floors --upstream URL [--over aiohttp|httpx2] [--file FILE]

No authentication, validation, retries, warnings, logging or jobs; Starlette under uvicorn (uvloop, httptools). What is
translated is what the workloads need: text and images of a chat completion, whole or streamed.
"""

import argparse
import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

SLICE = 3 << 18
"""Bytes of a file that are encoded at a time, so that no padding comes between."""
BEFORE = b'{"choices":[{"message":{"role":"assistant","videos":[{"video_url":{"url":"data:video/mp4;base64,'
AFTER = b'"}}]}}]}'


class Door(Protocol):
    """One way to call Google."""

    async def whole(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of an answer."""
        ...

    def lines(self, url: str, body: dict[str, Any]) -> AsyncIterator[bytes]:
        """The lines of a stream, as they come."""
        ...


class AiohttpDoor:
    def __init__(self, session: Any) -> None:
        self._session = session

    async def whole(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._session.post(url, json=body) as answer:
            told: dict[str, Any] = json.loads(await answer.read())
            return told

    async def lines(self, url: str, body: dict[str, Any]) -> AsyncIterator[bytes]:
        async with self._session.post(url, json=body) as answer:
            async for line in answer.content:
                yield line


class HttpxDoor:
    def __init__(self, client: Any) -> None:
        self._client = client

    async def whole(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((await self._client.post(url, json=body)).content)
        return told

    async def lines(self, url: str, body: dict[str, Any]) -> AsyncIterator[bytes]:
        async with self._client.stream("POST", url, json=body) as answer:
            async for line in answer.aiter_lines():
                yield line.encode()


@asynccontextmanager
async def over_aiohttp() -> AsyncIterator[Door]:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield AiohttpDoor(session)


@asynccontextmanager
async def over_httpx2() -> AsyncIterator[Door]:
    import httpx2

    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=1000)
    async with httpx2.AsyncClient(limits=limits, timeout=None) as client:
        yield HttpxDoor(client)


DOORS: dict[str, Callable[[], AbstractAsyncContextManager[Door]]] = {"aiohttp": over_aiohttp, "httpx2": over_httpx2}


def to_google(asked: dict[str, Any]) -> dict[str, Any]:
    """A chat completion's messages as generateContent takes them."""
    body: dict[str, Any] = {"contents": []}
    for message in asked["messages"]:
        if message["role"] == "system":
            body["systemInstruction"] = {"parts": [{"text": message["content"]}]}
        else:
            role = "model" if message["role"] == "assistant" else "user"
            body["contents"].append({"role": role, "parts": [{"text": message["content"]}]})
    if "temperature" in asked:
        body["generationConfig"] = {"temperature": asked["temperature"]}
    if "image" in asked.get("modalities", ()):
        body.setdefault("generationConfig", {})["responseModalities"] = ["TEXT", "IMAGE"]
    return body


def from_google(told: dict[str, Any], model: str) -> dict[str, Any]:
    """generateContent's answer as a chat completion."""
    candidate, usage = told["candidates"][0], told["usageMetadata"]
    parts = candidate["content"]["parts"]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(part.get("text", "") for part in parts)}
    images = [part["inlineData"] for part in parts if "inlineData" in part]
    if images:
        message["images"] = [
            {"type": "image_url", "image_url": {"url": f"data:{image['mimeType']};base64,{image['data']}"}}
            for image in images
        ]
    return {
        "id": "chatcmpl-floor",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": usage["promptTokenCount"],
            "completion_tokens": usage["candidatesTokenCount"],
            "total_tokens": usage["totalTokenCount"],
        },
    }


def chunk(told: dict[str, Any], model: str) -> bytes:
    """One event of generateContent's stream as one of a chat completion's."""
    candidate = told["candidates"][0]
    delta = {"content": candidate["content"]["parts"][0]["text"]}
    finish = "stop" if candidate.get("finishReason") else None
    shown = {
        "id": "chatcmpl-floor",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(shown)}\n\n".encode()


async def encoded(path: Path) -> AsyncIterator[bytes]:
    """A chat completion with a file as a data URI in it."""
    yield BEFORE
    with path.open("rb") as file:
        while piece := file.read(SLICE):
            yield base64.b64encode(piece)
    yield AFTER


def app_over(door: AbstractAsyncContextManager[Door], upstream: str, file: Path | None) -> Starlette:
    """The floor."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with door as app.state.door:
            yield

    async def chat(request: Request) -> Response:
        asked = json.loads(await request.body())
        model, body = asked["model"], to_google(asked)
        door: Door = request.app.state.door
        if not asked.get("stream"):
            told = await door.whole(f"{upstream}/v1beta/models/{model}:generateContent", body)
            return JSONResponse(from_google(told, model))

        async def events() -> AsyncIterator[bytes]:
            async for line in door.lines(f"{upstream}/v1beta/models/{model}:streamGenerateContent?alt=sse", body):
                if line.startswith(b"data: "):
                    yield chunk(json.loads(line[6:]), model)
            yield b"data: [DONE]\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    size = file.stat().st_size if file else 0

    async def data_uri(_: Request) -> Response:
        assert file is not None
        length = len(BEFORE) + 4 * ((size + 2) // 3) + len(AFTER)
        return StreamingResponse(encoded(file), media_type="application/json", headers={"content-length": str(length)})

    async def whole_file(_: Request) -> Response:
        assert file is not None
        return FileResponse(file, media_type="video/mp4")

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/data-uri", data_uri, methods=["POST"]),
            Route("/file", whole_file, methods=["GET", "HEAD"]),
            Route("/healthz", healthz),
        ],
    )


async def serve(app: Starlette) -> None:
    """Until a signal comes; says where."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, http="httptools"))

    async def greet() -> None:
        while not server.started:  # noqa: ASYNC110 -- uvicorn has a flag, not an event
            await asyncio.sleep(0.002)
        print(f"listens on {listener.getsockname()[1]}", flush=True)

    greeting = asyncio.create_task(greet())
    await server.serve(sockets=[listener])
    await greeting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--over", choices=DOORS, default="aiohttp")
    parser.add_argument("--file", type=Path)
    said = parser.parse_args()
    import uvloop

    uvloop.run(serve(app_over(DOORS[said.over](), said.upstream, said.file)))


if __name__ == "__main__":
    main()
