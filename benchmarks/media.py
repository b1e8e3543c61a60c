"""How fast media pass through, beside the limit that the standard library's codec sets on this machine.

    python -m benchmarks.media [--size MB]

Memory is asserted in the tests; this prints megabytes (10^6) a second, the best of three, of base64 text
where there is any.
"""

import argparse
import asyncio
import binascii
import os
import socket
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
import uvloop
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from proxy.media.base64_stream import encoded_file, encoded_length
from proxy.media.file_reading import READ_SIZE, reading
from proxy.media.json_base64 import cut_base64
from proxy.media.store import MediaStore
from proxy.media.stored import StoredFile
from proxy.respond import EventStream, JsonAroundMedia, Pace, StoredFileResponse, data_uri
from proxy.respond.event_stream import Item

Measurement = Callable[[], Awaitable[int]]
"""Does the work once and returns how many bytes it went through."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=100, help="megabytes of the medium (default 100)")
    size = parser.parse_args().size * 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measure_all(Path(folder), size // 3 * 3))


async def measure_all(folder: Path, size: int) -> None:
    content = os.urandom(size)
    encoded = binascii.b2a_base64(content, newline=False)
    store = MediaStore(folder)

    async def write() -> int:
        async with store.writing(suffix=".mp4") as writer:
            for start in range(0, size, 64 << 10):
                await writer.write(content[start : start + (64 << 10)])
        return size

    await report("store: write, hash, fsync (64 KiB chunks)", write)
    async with store.writing(suffix=".mp4") as writer:
        await writer.write(content)
    file = await store.open(writer.name)

    await report("limit: binascii.b2a_base64, whole slices", once(lambda: encode_slices(content)))
    await report("file -> base64", lambda: encode_file(file))
    for name, response in (
        ("file -> base64 -> JSON -> loopback socket", lambda: JsonAroundMedia({"url": data_uri(file)})),
        ("file -> base64 -> SSE -> loopback socket", lambda: EventStream(one_event(file), pace=Pace(seconds=10))),
        ("file -> loopback socket (no base64)", lambda: StoredFileResponse(file)),
    ):
        async with serving(response) as port:
            await report(name, lambda port=port: asyncio.to_thread(read_answer, port))

    await report("limit: binascii.a2b_base64, whole slices", once(lambda: decode_slices(encoded)))
    plain = b'{"response":{"videos":[{"bytesBase64Encoded":"' + encoded + b'"}]}}'
    for chunk_size in (16 << 10, 64 << 10, 256 << 10, 1 << 20):
        await report(
            f"json_base64: {chunk_size >> 10} KiB chunks", lambda chunk_size=chunk_size: cut(plain, chunk_size)
        )
    escaped = plain.replace(b"/", b"\\/")
    await report("json_base64: every slash escaped, 64 KiB", lambda: cut(escaped, 64 << 10))
    url_safe = plain.translate(bytes.maketrans(b"+/", b"-_"))
    await report("json_base64: URL-safe alphabet, 64 KiB", lambda: cut(url_safe, 64 << 10))


async def report(name: str, measurement: Measurement) -> None:
    best = 0.0
    for _ in range(3):
        started = time.perf_counter()
        passed = await measurement()
        best = max(best, passed / (time.perf_counter() - started))
    print(f"{name:46} {best / 1e6:7.0f} MB/s")


def once(work: Callable[[], int]) -> Measurement:
    async def run() -> int:
        return work()

    return run


def encode_slices(content: bytes) -> int:
    for start in range(0, len(content), READ_SIZE):
        binascii.b2a_base64(content[start : start + READ_SIZE], newline=False)
    return encoded_length(len(content))


def decode_slices(encoded: bytes) -> int:
    for start in range(0, len(encoded), 64 << 10):
        binascii.a2b_base64(encoded[start : start + (64 << 10)], strict_mode=True)
    return len(encoded)


async def encode_file(file: StoredFile) -> int:
    async with reading(file) as handle:
        async for _ in encoded_file(handle, file.media.size):
            pass
    return encoded_length(file.media.size)


async def one_event(file: StoredFile) -> AsyncGenerator[Item, None]:
    yield {"url": data_uri(file)}


@asynccontextmanager
async def serving(make_response: Callable[[], Response]) -> AsyncIterator[int]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await make_response()(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", http="httptools"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 -- uvicorn has a flag, not an event
        await asyncio.sleep(0.001)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


def read_answer(port: int) -> int:
    """Read one answer to its end with a blocking socket, which costs the server's process as little as can be."""
    received, buffer = 0, bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        while count := connection.recv_into(buffer):
            received += count
    return received


async def cut(body: bytes, chunk_size: int) -> int:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), chunk_size):
            yield body[start : start + chunk_size]

    async def sink(_number: int, _data: bytes) -> None:
        return

    await cut_base64(chunks(), sink)
    return len(body)


if __name__ == "__main__":
    main()
