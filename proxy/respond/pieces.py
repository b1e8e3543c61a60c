"""JSON with media inside: what is written as text, what stands beside it, and what is encoded from disk, in order.

>>> body = {"videos": [{"video_url": {"url": data_uri(file)}}]}
>>> json_pieces(body)
[b'{"videos":[{"video_url":{"url":"data:video/mp4;base64,', file, b'"}}]}']
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import orjson
from starlette.types import Send

from proxy.json_gaps import around, gap_after, media_left_out
from proxy.media.base64_stream import encoded_file, encoded_length
from proxy.media.file_reading import reading
from proxy.media.stored import StoredFile

Piece = bytes | memoryview | str | StoredFile
"""Text as it is, here or in somebody's buffer; ASCII that becomes bytes while it is sent; or a file as its base64."""

AT_ONCE: Final = 256 << 10
"""Bytes of one write, and between two turns of others."""

JsonBody = Mapping[str, Any] | Sequence[Piece]
"""A JSON object in which EmbeddedFile may stand for a string, or the pieces of its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """A JSON string that consists of `prefix` and a file's base64."""

    file: StoredFile
    prefix: str


def data_uri(file: StoredFile) -> EmbeddedFile:
    """The file as a `data:` URI of its own media type."""
    return EmbeddedFile(file=file, prefix=f"data:{file.media.mime_type};base64,")


def base64_of(file: StoredFile) -> EmbeddedFile:
    """The file as bare base64, as in `b64_json`."""
    return EmbeddedFile(file=file, prefix="")


def json_pieces(body: JsonBody) -> list[Piece]:
    """Compact JSON in pieces; pieces stay what they are. Raises TypeError for a value that is not JSON."""
    if not isinstance(body, Mapping):
        return list(body)
    return around(body, _left_out, orjson.OPT_PASSTHROUGH_DATACLASS)


def _left_out(value: Any, apart: list[Any]) -> Any:
    if isinstance(value, EmbeddedFile):
        apart.append(value.file)
        return gap_after(orjson.dumps(value.prefix)[1:-1])
    return media_left_out(value, apart)


def pieces_length(pieces: Sequence[Piece]) -> int:
    """How many bytes the pieces are on the wire."""
    return sum(encoded_length(piece.media.size) if isinstance(piece, StoredFile) else len(piece) for piece in pieces)


@asynccontextmanager
async def opened(pieces: Sequence[Piece]) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces' bytes, chunk by chunk. Every file is open before the first byte is promised to anyone.

    Raises MediaMissing and MediaDamaged on entering.
    """
    async with AsyncExitStack() as stack:
        sources = [
            (await stack.enter_async_context(reading(piece)), piece.media.size)
            if isinstance(piece, StoredFile)
            else piece
            for piece in pieces
        ]
        yield _chunks(sources)


async def send_to_the_end(chunks: AsyncIterable[bytes], send: Send) -> None:
    """Send the chunks as a body that ends with the last of them: whoever has all its bytes sees it complete."""
    last = b""
    async for chunk in chunks:
        if last:
            await send({"type": "http.response.body", "body": last, "more_body": True})
        last = chunk
    await send({"type": "http.response.body", "body": last, "more_body": False})


def short_text(pieces: Sequence[Piece]) -> bytes | None:
    """All of it, where it goes into one write: no file is among the pieces, and nothing that stands beside the text."""
    texts = [piece for piece in pieces if isinstance(piece, bytes)]
    if len(texts) < len(pieces) or sum(map(len, texts)) > AT_ONCE:
        return None
    return b"".join(texts)


async def _chunks(sources: Sequence[bytes | memoryview | str | tuple[BinaryIO, int]]) -> AsyncIterator[bytes]:
    """A client that reads as fast as we write would let nobody else have a turn: each gets one between two writes."""
    written = 0
    for source in sources:
        if isinstance(source, tuple):
            async for chunk in encoded_file(*source):
                yield chunk
            continue
        for at in range(0, len(source), AT_ONCE):
            chunk = _as_bytes(source[at : at + AT_ONCE])
            if written + len(chunk) > AT_ONCE:
                written = 0
                await asyncio.sleep(0)
            written += len(chunk)
            yield chunk


def _as_bytes(text: bytes | memoryview | str) -> bytes:
    return text.encode("ascii") if isinstance(text, str) else bytes(text)
