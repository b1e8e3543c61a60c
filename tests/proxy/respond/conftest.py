"""A real server on loopback, a clock that only tests move, and stored files."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from proxy.media.store import MediaStore
from proxy.media.stored import StoredFile


@asynccontextmanager
async def _serving(app: ASGIApp) -> AsyncIterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", http="httptools", ws="none"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 -- uvicorn has a flag, not an event
        await asyncio.sleep(0.001)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        listener.close()


@pytest.fixture
def serving() -> Callable[[ASGIApp], object]:
    """`async with serving(app) as port:` runs the app under uvicorn."""
    return _serving


class FakeClock:
    """Time stands still until `advance`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, alarm))
        await alarm

    async def advance(self, seconds: float) -> None:
        """Move on, wake whoever is due, and let them act."""
        await settle()
        self.now += seconds
        due = [alarm for when, alarm in self._sleepers if when <= self.now and not alarm.done()]
        self._sleepers = [(when, alarm) for when, alarm in self._sleepers if alarm not in due]
        for alarm in due:
            alarm.set_result(None)
        await settle()


async def settle() -> None:
    """Let every task that can run do so."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., Awaitable[StoredFile]]:
    """`await stored(content, suffix=".mp4")` puts a file into a store."""
    store = MediaStore(tmp_path / "media")

    async def put(content: bytes, suffix: str = ".mp4") -> StoredFile:
        async with store.writing(suffix=suffix) as writer:
            await writer.write(content)
        return await store.open(writer.name)

    return put
