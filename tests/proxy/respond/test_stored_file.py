"""proxy/respond/stored_file.py: what players, download managers and caches get."""

import asyncio
import os
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from email.utils import parsedate_to_datetime

import httpx2
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proxy.media.stored import StoredFile
from proxy.respond import StoredFileResponse

Stored = Callable[..., Awaitable[StoredFile]]
Serving = Callable[[ASGIApp], AbstractAsyncContextManager[int]]


def app_for(file: StoredFile, **options: object) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StoredFileResponse(file, **options)(scope, receive, send)  # type: ignore[arg-type]

    return app


async def test_a_file_over_http(stored: Stored, serving: Serving) -> None:
    """GET, HEAD, ranges, validators: one connection, as a browser's player would use it."""
    content = os.urandom(2_000_000)
    file = await stored(content)
    async with (
        serving(app_for(file, headers={"cache-control": "private"})) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        whole = await client.get("/")
        head = await client.head("/")
        part = await client.get("/", headers={"range": "bytes=1000-1999"})
        head_part = await client.head("/", headers={"range": "bytes=1000-1999"})
        tail = await client.get("/", headers={"range": "bytes=-5", "if-range": whole.headers["etag"]})
        beyond = await client.get("/", headers={"range": "bytes=2000000-"})
        same = await client.get("/", headers={"if-none-match": whole.headers["etag"]})
        same_date = await client.get("/", headers={"if-modified-since": whole.headers["last-modified"]})
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["etag"] == f'"{file.media.sha256}"'
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert parsedate_to_datetime(whole.headers["last-modified"]) == file.media.created_at.replace(microsecond=0)
    assert "content-disposition" not in whole.headers
    volatile = {"date", "server"}
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in whole.headers.items() if k not in volatile
    }
    assert head.content == b""
    assert (part.status_code, part.content) == (206, content[1000:2000])
    assert (part.headers["content-range"], part.headers["content-length"]) == ("bytes 1000-1999/2000000", "1000")
    assert (head_part.status_code, head_part.headers["content-length"], head_part.content) == (206, "1000", b"")
    assert (tail.status_code, tail.content) == (206, content[-5:])
    assert (beyond.status_code, beyond.headers["content-range"], beyond.content) == (416, "bytes */2000000", b"")
    for answer in (same, same_date):
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", whole.headers["etag"])
        assert answer.headers["cache-control"] == "private"


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("cat.mp4", "attachment; filename=\"cat.mp4\"; filename*=utf-8''cat.mp4"),
        ('a"b\r\nc/ü.mp4', "attachment; filename=\"a_b__c__.mp4\"; filename*=utf-8''a%22b%0D%0Ac%2F%C3%BC.mp4"),
    ],
)
async def test_a_download_has_a_name(stored: Stored, filename: str, expected: str) -> None:
    """In both of RFC 6266's forms; a caller's name cannot break out of the header."""
    response = StoredFileResponse(await stored(b"x", ".png"), filename=filename)
    assert response.headers["content-disposition"] == expected
    assert response.headers["content-type"] == "image/png"


async def test_an_empty_file_is_served(stored: Stored, serving: Serving) -> None:
    """Zero bytes, said so."""
    async with serving(app_for(await stored(b""))) as port, httpx2.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "0", b"")


async def test_a_file_swept_while_it_is_sent_is_sent_to_its_end(stored: Stored, serving: Serving) -> None:
    """The reader has the file open; removing its name takes nothing from it."""
    content = os.urandom(30_000_000)
    file = await stored(content)
    async with (
        serving(app_for(file)) as port,
        httpx2.AsyncClient() as client,
        client.stream("GET", f"http://127.0.0.1:{port}/") as answer,
    ):
        file.path.unlink()
        assert await answer.aread() == content


async def test_100_mb_cost_a_few_chunks(stored: Stored, serving: Serving) -> None:
    """The peak stays below 4 MB."""
    file = await stored(bytes(1 << 20) * 100)
    received = 0
    async with serving(app_for(file)) as port:
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
    assert received > 100 << 20
    assert peak < 4 << 20


async def test_what_sends_no_bytes_opens_no_file(stored: Stored) -> None:
    """HEAD, 304 and 416: whoever made the response has just looked at the file."""
    file = await stored(b"x" * 10)
    file.path.unlink()
    etag = f'"{file.media.sha256}"'.encode()
    for method, header, status in (
        ("HEAD", (b"x-none", b""), 200),
        ("HEAD", (b"range", b"bytes=1-2"), 206),
        ("GET", (b"if-none-match", etag), 304),
        ("GET", (b"range", b"bytes=10-"), 416),
    ):
        sent: list[Message] = []

        async def send(message: Message, sent: list[Message] = sent) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "headers": [header]}
        await StoredFileResponse(file)(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        assert sent[0]["status"] == status
        assert sent[1:] == [{"type": "http.response.body", "body": b"", "more_body": False}]
