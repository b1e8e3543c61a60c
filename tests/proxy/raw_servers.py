"""Servers that misbehave at the socket, each in one way, and count what reached them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[["RawServer", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """What a raw server saw: connections accepted, and the head and body of each whole request."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    request_seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def read_request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        request = head + await reader.readexactly(length)
        self.requests.append(request)
        self.request_seen.set()
        return request


@asynccontextmanager
async def raw_server(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Serve one behaviour on a loopback port."""
    seen = RawServer()
    under_way: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            await behaviour(seen, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            under_way.discard(task)
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        for task in list(under_way):
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await server.wait_closed()


async def close_before_reading(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept, then hang up."""


async def read_then_close(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the whole request, then hang up: the case in which a paid job may be running."""
    await seen.read_request(reader)


async def read_then_hang(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the whole request and never answer."""
    await seen.read_request(reader)
    await asyncio.Event().wait()


async def hang(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and do nothing."""
    await asyncio.Event().wait()


async def talk_nonsense(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with something that is not HTTP, nor TLS."""
    writer.write(b"SSH-2.0-nonsense\r\n\r\n")
    await writer.drain()
    await reader.read()


async def answer_short(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promise ten bytes, send three, hang up."""
    await seen.read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")
    await writer.drain()


async def answer_once_then_close(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the first request of each connection and keep it open; take the second and hang up."""
    await seen.read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    await writer.drain()
    await seen.read_request(reader)


async def answer(seen: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request."""
    while True:
        await seen.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()
