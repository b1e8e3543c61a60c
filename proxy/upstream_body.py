"""What a call to Google carries: JSON as bytes (a 400 for what JSON has no way to write), or what comes in pieces."""

import math
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from typing import Any

import orjson

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


class BodyTooLarge(Exception):
    """A body has more bytes than the call may have."""


def written(body: Mapping[str, Any], most_bytes: int | None = None) -> bytes:
    """The JSON text. Raises BadRequest naming the member that is no finite number, or a whole one beyond 64 bits.

    Raises BodyTooLarge for more than `most_bytes`. orjson 3.11 writes NaN and infinities as null, and refuses larger
    whole numbers without saying where.
    """
    try:
        text = orjson.dumps(body)
    except orjson.JSONEncodeError:
        _refuse_misfits(body)
        raise
    if b"null" in text:  # which NaN and infinities became, if the word is not the caller's own
        _refuse_misfits(body)
    if most_bytes is not None and len(text) > most_bytes:
        raise BodyTooLarge
    return text


def _refuse_misfits(body: Mapping[str, Any]) -> None:
    found = next(_misfits(body, ()), None)
    if found is not None:
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in found).removeprefix(".")
        raise BadRequest(
            f"{field} is a number that Google's API cannot take: send a finite one, and a whole one within 64 bits.",
            param=field,
        )


def in_pieces(body: bytes) -> bytes | AsyncIterator[memoryview]:
    """A large body written as the connection takes it: whole, the transport would copy it into a buffer of its own."""
    return body if len(body) <= LARGE_BODY else _views(memoryview(body))


def length_of(body: bytes | Outgoing | None) -> dict[str, str]:
    """The length as a header, where pieces would not tell it."""
    return {"content-length": str(len(body))} if isinstance(body, bytes) and len(body) > LARGE_BODY else {}


async def _views(body: memoryview) -> AsyncIterator[memoryview]:
    for start in range(0, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]


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
