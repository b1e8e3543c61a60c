"""What a call to Google carries: JSON as bytes (a 400 for what JSON has no way to write), or what comes in pieces."""

import asyncio
import math
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from proxy.json_gaps import around_media
from translators.errors import BadRequest

PIECE_BYTES = 256 * 1024
LARGE_BODY = 1024 * 1024
LEAST, MOST = -(2**63), 2**64 - 1
"""What a whole number may be, for Google's JSON and for orjson."""


class Outgoing:
    """A body that comes from elsewhere; `failure` is what went wrong there, which is no fault of Google's."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = pieces
        self.failure: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._pieces:
                yield piece
        except Exception as failure:
            self.failure = failure
            raise


@dataclass(frozen=True, slots=True)
class InPieces:
    """A JSON text whose long base64 stands apart, as ASCII that becomes bytes only while it is sent."""

    pieces: tuple[bytes | str, ...]

    def __len__(self) -> int:
        return sum(len(piece) for piece in self.pieces)


class BodyTooLarge(Exception):
    """A body has more bytes than the call may have."""


def written(body: Mapping[str, Any], most_bytes: int | None = None) -> bytes | InPieces:
    """The JSON text. Raises BadRequest naming the member that is no finite number, or a whole one beyond 64 bits.

    Raises BodyTooLarge for more than `most_bytes`. orjson 3.11 writes NaN and infinities as null, and refuses larger
    whole numbers without saying where. Long base64 is left out of the writing: a copy of 10 MB takes it 6 ms, in which
    nothing else happens.
    """
    try:
        pieces = around_media(body)
    except orjson.JSONEncodeError:
        _refuse_misfits(body)
        raise
    for piece in pieces:
        if isinstance(piece, bytes) and b"null" in piece:
            _refuse_misfits(body)  # NaN and infinities became null, if the word is not the caller's own
            break
    whole = pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else InPieces(tuple(pieces))
    if most_bytes is not None and len(whole) > most_bytes:
        raise BodyTooLarge
    return whole


def _refuse_misfits(body: Mapping[str, Any]) -> None:
    found = next(_misfits(body, ()), None)
    if found is not None:
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in found).removeprefix(".")
        raise BadRequest(
            f"{field} is a number that Google's API cannot take: send a finite one, and a whole one within 64 bits.",
            param=field,
        )


def in_pieces(body: bytes | InPieces) -> bytes | AsyncIterator[bytes | memoryview]:
    """A large body written as the connection takes it: whole, the transport would copy it into a buffer of its own."""
    if isinstance(body, InPieces):
        return _in_turns(piece for part in body.pieces for piece in _cut(part))
    return body if len(body) <= LARGE_BODY else _in_turns(_cut(body))


def length_of(body: bytes | InPieces | Outgoing | None) -> dict[str, str]:
    """The length as a header, where pieces would not tell it."""
    match body:
        case InPieces():
            return {"content-length": str(len(body))}
        case bytes() if len(body) > LARGE_BODY:
            return {"content-length": str(len(body))}
        case _:
            return {}


def _cut(part: bytes | str) -> Iterator[bytes | memoryview]:
    if isinstance(part, str):
        return (part[at : at + PIECE_BYTES].encode("ascii") for at in range(0, len(part), PIECE_BYTES))
    view = memoryview(part)
    return (view[at : at + PIECE_BYTES] for at in range(0, len(part), PIECE_BYTES))


async def _in_turns(pieces: Iterator[bytes | memoryview]) -> AsyncIterator[bytes | memoryview]:
    """The pieces, others having their turn after each: a connection that takes all at once would give them none."""
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


def _misfits(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    match value:
        case str() | bool() | None:
            return
        case int() if not LEAST <= value <= MOST:
            yield path
        case float() if not math.isfinite(value):
            yield path
        case Mapping():
            for name, member in value.items():
                if not isinstance(member, str):
                    yield from _misfits(member, (*path, name))
        case list() | tuple():
            for index, entry in enumerate(value):
                if not isinstance(entry, str):
                    yield from _misfits(entry, (*path, index))
