"""proxy/respond/json_around_media.py: a known length, one chunk of memory, and no work for a client that went."""

import asyncio
import base64
import gc
import os
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from proxy.media.base64_stream import encoded_length
from proxy.media.stored import MediaMissing, StoredFile
from proxy.respond import JsonAroundMedia, data_uri

Stored = Callable[..., Awaitable[StoredFile]]
Serving = Callable[[ASGIApp], AbstractAsyncContextManager[int]]


async def test_a_client_gets_json_of_the_promised_length(stored: Stored, serving: Serving) -> None:
    """Any HTTP client reads it as plain JSON; status and headers are the route's."""
    content = os.urandom(2_000_003)
    body = {"choices": [{"message": {"videos": [{"video_url": {"url": data_uri(await stored(content))}}]}}]}
    app = JsonAroundMedia(body, status_code=201, headers={"x-request-id": "r1"})
    async with serving(app) as port, httpx2.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/")
    assert (answer.status_code, answer.headers["x-request-id"]) == (201, "r1")
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "transfer-encoding" not in answer.headers
    url = answer.json()["choices"][0]["message"]["videos"][0]["video_url"]["url"]
    assert base64.b64decode(url.removeprefix("data:video/mp4;base64,")) == content


async def test_a_missing_file_is_found_out_before_the_first_byte(stored: Stored) -> None:
    """So that a route can still answer with an error."""
    file = await stored(b"x")
    file.path.unlink()
    sent: list[object] = []

    async def receive() -> dict[str, str]:
        await asyncio.get_running_loop().create_future()
        return {}

    async def send(message: object) -> None:
        sent.append(message)

    with pytest.raises(MediaMissing):
        await JsonAroundMedia({"a": data_uri(file)})({"type": "http"}, receive, send)
    assert sent == []


async def test_100_mb_cost_a_few_chunks(stored: Stored, serving: Serving) -> None:
    """Server and client together peak below 4 MB, while a reader takes it in small bites."""
    file = await stored(bytes(1 << 20) * 100)
    received = 0
    gc.collect()
    async with serving(JsonAroundMedia({"url": data_uri(file)})) as port:
        tracemalloc.start()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=64 << 10)
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            while chunk := await reader.read(64 << 10):
                received += len(chunk)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        writer.close()
        await writer.wait_closed()
    assert received > encoded_length(100 << 20)
    assert peak < 4 << 20


def open_files(folder: Path) -> int:
    links = list(Path("/proc/self/fd").iterdir())
    return sum(link.exists() and link.resolve().parent == folder for link in links)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
async def test_a_slow_reader_is_waited_for_and_an_abrupt_close_ends_the_work(stored: Stored, serving: Serving) -> None:
    """A reader that stops is not read ahead for; when it breaks off, the file is closed at once."""
    file = await stored(bytes(1 << 20) * 50)
    chunks_sent, ended = 0, asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: dict[str, object]) -> None:
            nonlocal chunks_sent
            await send(message)
            chunks_sent += 1

        await JsonAroundMedia({"url": data_uri(file)})(scope, receive, counted)
        ended.set()

    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        before = -1
        while before != chunks_sent:  # until the socket buffers are full and nothing moves any more
            before = chunks_sent
            await asyncio.sleep(0.05)
        assert chunks_sent < 40, "of 67 chunks, the rest must wait for the reader"
        assert open_files(file.path.parent) == 1
        writer.transport.abort()
        await asyncio.wait_for(ended.wait(), 10)
        assert open_files(file.path.parent) == 0
