"""proxy/media/file_reading.py: read at once from memory, else in a thread; the bytes are the same."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proxy.media import file_reading
from proxy.media.file_reading import READ_SIZE, file_chunks, read_from_memory, reading
from proxy.media.store import MediaStore
from proxy.media.stored import StoredFile
from tests.turns import turns_of_others

CONTENT = bytes(index * 7 % 251 for index in range(1000)) * (4 * READ_SIZE // 1000)

Preadv = Callable[[int, Any, int, int], int]


async def stored(folder: Path) -> StoredFile:
    store = MediaStore(folder)
    async with store.writing(suffix=".mp4") as writer:
        await writer.write(CONTENT)
    return await store.open(writer.name)


def all_in_memory(fd: int, buffers: Any, position: int, _flags: int) -> int:
    return os.preadv(fd, buffers, position)


def half_in_memory(fd: int, buffers: Any, position: int, _flags: int) -> int:
    return os.preadv(fd, [memoryview(buffers[0])[: len(buffers[0]) // 2]], position)


def not_in_memory(*_: Any) -> int:
    raise BlockingIOError


def not_offered(*_: Any) -> int:
    """What tmpfs answers."""
    raise OSError(95, "Operation not supported")


class System:
    """`os` of the module under test, with a read of our own."""

    def __init__(self, preadv: Preadv) -> None:
        self.preadv = preadv

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


@pytest.mark.parametrize("preadv", [all_in_memory, half_in_memory, not_in_memory, not_offered])
@pytest.mark.parametrize(("start", "length"), [(0, len(CONTENT)), (5, READ_SIZE + 1), (READ_SIZE, 1), (7, 0)])
async def test_the_bytes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preadv: Preadv, start: int, length: int
) -> None:
    """However much of the file is in memory, and whatever the file system can do."""
    file = await stored(tmp_path)
    monkeypatch.setattr(file_reading, "os", System(preadv))
    monkeypatch.setattr(file_reading, "_NOWAIT", 8)
    async with reading(file) as handle:
        read = b"".join([chunk async for chunk in file_chunks(handle, start=start, length=length)])
    assert read == CONTENT[start : start + length]


async def test_only_what_is_wholly_in_memory_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop never waits for a disk."""
    file = await stored(tmp_path)
    monkeypatch.setattr(file_reading, "_NOWAIT", 8)
    async with reading(file) as handle:
        for preadv, at_once in ((all_in_memory, True), (half_in_memory, False), (not_in_memory, False)):
            monkeypatch.setattr(file_reading, "os", System(preadv))
            assert (read_from_memory(handle, 3, 100) == CONTENT[3:103]) is at_once


async def test_without_the_system_call_every_read_is_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS and Windows have none."""
    file = await stored(tmp_path)
    monkeypatch.setattr(file_reading, "_NOWAIT", 0)
    async with reading(file) as handle:
        assert read_from_memory(handle, 0, 1) is None
        assert b"".join([chunk async for chunk in file_chunks(handle, start=0, length=len(CONTENT))]) == CONTENT


async def test_others_have_their_turn_between_two_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads as fast as we write does not keep the loop for itself."""
    file = await stored(tmp_path)
    monkeypatch.setattr(file_reading, "os", System(all_in_memory))
    monkeypatch.setattr(file_reading, "_NOWAIT", 8)
    async with reading(file) as handle, turns_of_others() as turns:
        chunks = [chunk async for chunk in file_chunks(handle, start=0, length=len(CONTENT))]
    assert turns.count >= len(chunks)


async def test_who_is_cancelled_while_a_file_is_opened_leaves_none_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread cannot be stopped: what it opens is closed when it comes."""
    file = await stored(tmp_path)
    opened = []
    ready = threading.Event()

    def slowly(asked: StoredFile) -> Any:
        ready.wait(5)
        opened.append(asked.path.open("rb", buffering=0))
        return opened[0]

    monkeypatch.setattr(file_reading, "_open", slowly)
    asking = asyncio.create_task(reading(file).__aenter__())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    ready.set()
    while not (opened and opened[0].closed):  # noqa: ASYNC110 -- a thread opens it, a callback closes it
        await asyncio.sleep(0.001)
