"""One medium on its way into the store."""

import asyncio
from collections.abc import Callable
from typing import Final

from proxy.media.part_file import PartFile
from proxy.media.stored import StoredMedia

WRITE_BATCH: Final = 1 << 20
"""Bytes gathered before a hop to a thread: a hop costs about 60 us, so batches of 1 MiB lose nothing to it."""


class MediaWriter:
    """`name` is known from the start, `stored` when the `async with` block that gave the writer has ended."""

    def __init__(self, part: PartFile) -> None:
        self.name = part.final.name
        self._part = part
        self._batch: list[bytes] = []
        self._batched = 0
        self._stored: StoredMedia | None = None

    @property
    def stored(self) -> StoredMedia:
        """The finished medium. Raises RuntimeError inside the block, when there is none yet."""
        if self._stored is None:
            raise RuntimeError("the medium is stored when the `async with` block ends")
        return self._stored

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Append a chunk; the disk is touched in a thread and only once per mebibyte."""
        self._batch.append(bytes(chunk))  # copies only what its owner could still change
        self._batched += len(self._batch[-1])
        if self._batched >= WRITE_BATCH:
            await asyncio.to_thread(self._part.append, self._take_batch())

    async def complete(self, publish: Callable[[PartFile, list[bytes]], StoredMedia]) -> None:
        """Hand the part and its last chunks to `publish`, in a thread. The store calls this at the end of the block."""
        self._stored = await asyncio.to_thread(publish, self._part, self._take_batch())

    def _take_batch(self) -> list[bytes]:
        batch, self._batch, self._batched = self._batch, [], 0
        return batch
