"""Bytes to base64 text, chunk by chunk."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import BinaryIO

import pybase64

from proxy.media.file_reading import READ_SIZE, file_chunks


def encode(chunk: bytes | bytearray) -> bytes:
    """The one encoder: standard alphabet, padded, no line breaks. Chunks but the last must be multiples of three."""
    return pybase64.b64encode(chunk)


def encoded_length(size: int) -> int:
    """How many characters `size` bytes become."""
    return (size + 2) // 3 * 4


async def encoded_file(handle: BinaryIO, size: int) -> AsyncIterator[bytes]:
    """An open file of `size` bytes as base64. Raises MediaDamaged if it is shorter."""
    async for chunk in file_chunks(handle, start=0, length=size):
        yield encode(chunk)


async def encoded_stream(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Chunks of any size as one base64 text; up to two bytes wait for their group of three."""
    waiting = b""
    async for chunk in chunks:
        data = waiting + chunk if waiting else chunk
        for start in range(0, len(data) - 2, READ_SIZE):
            whole = min(start + READ_SIZE, len(data) // 3 * 3)
            yield encode(data[start:whole])
        waiting = data[len(data) // 3 * 3 :]
    if waiting:
        yield encode(waiting)
