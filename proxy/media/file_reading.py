"""A stored file, one chunk at a time: at once where the system has it in memory, else in a thread.

The file is opened and measured before a response promises its length; from then on the open handle, not the name, is
what we read, so a sweep in the middle of a slow download hurts nobody.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, Final

from proxy.media.stored import MediaDamaged, MediaMissing, StoredFile

_NOWAIT: Final[int] = getattr(os, "RWF_NOWAIT", 0)

READ_SIZE: Final = 192 << 10
"""Bytes a read: a multiple of three (base64 groups). To a loopback socket 96 to 384 KiB differ less than two runs do
and 768 KiB is slower: what is read, encoded and sent stays in the processor's cache. A slow reader costs one chunk, its
encoded text, and one more in uvicorn's write buffer."""


@asynccontextmanager
async def reading(file: StoredFile) -> AsyncIterator[BinaryIO]:
    """The open file. Raises MediaMissing if it is gone, and MediaDamaged if it is not as long as its record says."""
    handle = await _opened(file)
    try:
        yield handle
    finally:
        # In a thread: closing waits for a read that a cancellation left behind, and the loop must not wait with it.
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, handle.close))


async def _opened(file: StoredFile) -> BinaryIO:
    """The open file; whoever is cancelled meanwhile leaves none behind."""
    opening = asyncio.get_running_loop().run_in_executor(None, _open, file)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_unwanted)
        raise


def _close_unwanted(opening: "asyncio.Future[BinaryIO]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


async def file_chunks(handle: BinaryIO, *, start: int, length: int) -> AsyncIterator[bytes | bytearray]:
    """`length` bytes from `start`. Raises MediaDamaged if the file ends early: the promised length cannot be kept."""
    position, end = start, start + length
    while position < end:
        size = min(READ_SIZE, end - position)
        chunk = read_from_memory(handle, position, size)
        if chunk is None:
            yield await asyncio.to_thread(_read, handle, position, size)
        else:
            yield chunk
            await asyncio.sleep(0)  # a fast reader never makes us wait, and others have their turn all the same
        position += size


def read_from_memory(handle: BinaryIO, position: int, size: int) -> bytearray | None:
    """The bytes, if the system has them all in its page cache; None where only a read that may wait can tell.

    A thread costs 50 µs a chunk, more than reading and encoding it. `RWF_NOWAIT` is Linux's (preadv2(2)); some file
    systems have none (tmpfs), and answer with an error.
    """
    if not _NOWAIT:
        return None
    chunk = bytearray(size)
    try:
        got = os.preadv(handle.fileno(), (chunk,), position, _NOWAIT)
    except OSError:
        return None
    return chunk if got == size else None


def _open(file: StoredFile) -> BinaryIO:
    try:
        handle = file.path.open("rb", buffering=0)
    except FileNotFoundError:
        raise MediaMissing(f"no such medium: {file.media.name!r}") from None
    size = os.fstat(handle.fileno()).st_size
    if size != file.media.size:
        handle.close()
        raise MediaDamaged(f"{file.media.name} has {size} bytes on disk and {file.media.size} in its record")
    return handle


def _read(handle: BinaryIO, position: int, size: int) -> bytes:
    handle.seek(position)
    chunk = handle.read(size)
    if len(chunk) != size:
        raise MediaDamaged(f"the file ended at byte {position + len(chunk)}, before byte {position + size}")
    return chunk
