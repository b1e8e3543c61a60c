"""The body of a call to Google as bytes, or a 400 for what JSON has no way to write."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from translators.errors import BadRequest

LEAST, MOST = -(2**63), 2**64 - 1
"""What a whole number may be, for Google's JSON and for orjson."""


def written(body: Mapping[str, Any]) -> bytes:
    """The JSON text. Raises BadRequest naming the member that is no finite number, or a whole one beyond 64 bits.

    orjson 3.11 writes NaN and infinities as null, and refuses larger whole numbers without saying where.
    """
    try:
        text = orjson.dumps(body)
    except orjson.JSONEncodeError:
        _refuse_misfits(body)
        raise
    if b"null" in text:  # which NaN and infinities became, if the word is not the caller's own
        _refuse_misfits(body)
    return text


def _refuse_misfits(body: Mapping[str, Any]) -> None:
    found = next(_misfits(body, ()), None)
    if found is not None:
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in found).removeprefix(".")
        raise BadRequest(
            f"{field} is a number that Google's API cannot take: send a finite one, and a whole one within 64 bits.",
            param=field,
        )


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
