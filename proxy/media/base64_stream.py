"""Bytes to base64 text, chunk by chunk."""

from collections.abc import AsyncIterator
from typing import BinaryIO

import pybase64

from proxy.media.file_reading import file_chunks


def encode(chunk: bytes | bytearray) -> bytes:
    """The one encoder: standard alphabet, padded, no line breaks. Chunks but the last must be multiples of three."""
    return pybase64.b64encode(chunk)


def encode_text(chunk: bytes | bytearray) -> str:
    """The same as text."""
    return pybase64.b64encode_as_string(chunk)


def decode(text: str) -> bytes:
    """What the characters of whole groups of four stand for. Raises binascii.Error for what is no base64."""
    return pybase64.b64decode(text, validate=True)


def encoded_length(size: int) -> int:
    """How many characters `size` bytes become."""
    return (size + 2) // 3 * 4


async def encoded_file(handle: BinaryIO, size: int) -> AsyncIterator[bytes]:
    """An open file of `size` bytes as base64. Raises MediaDamaged if it is shorter."""
    async for chunk in file_chunks(handle, start=0, length=size):
        yield encode(chunk)
