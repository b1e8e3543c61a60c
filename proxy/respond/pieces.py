"""JSON with stored files inside: what is written as text and what is encoded from disk, in order.

>>> body = {"videos": [{"video_url": {"url": data_uri(file)}}]}
>>> json_pieces(body)
[b'{"videos":[{"video_url":{"url":"data:video/mp4;base64,', file, b'"}}]}']
"""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from starlette.types import Send

from proxy.json_gaps import GAP, filled
from proxy.media.base64_stream import encoded_file, encoded_length
from proxy.media.file_reading import reading
from proxy.media.stored import StoredFile

Piece = bytes | memoryview | StoredFile
"""Text as it is, here or in somebody's buffer, or a file as its base64."""

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
    files: list[StoredFile] = []

    def embed(value: Any) -> orjson.Fragment:
        if not isinstance(value, EmbeddedFile):
            raise TypeError(f"{type(value).__name__} is not JSON")
        files.append(value.file)
        return orjson.Fragment(orjson.dumps(value.prefix)[:-1] + GAP + b'"')

    text = orjson.dumps(body, default=embed, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    return list(filled(text, files)) if files else [text]


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


def whole_text(pieces: Sequence[Piece]) -> bytes | None:
    """All of it, where no file is among the pieces."""
    if len(pieces) == 1 and isinstance(pieces[0], bytes):
        return pieces[0]
    texts = [piece for piece in pieces if not isinstance(piece, StoredFile)]
    return b"".join(texts) if len(texts) == len(pieces) else None


async def _chunks(sources: Sequence[bytes | memoryview | tuple[BinaryIO, int]]) -> AsyncIterator[bytes]:
    for source in sources:
        if isinstance(source, tuple):
            async for chunk in encoded_file(*source):
                yield chunk
        else:
            yield bytes(source)
