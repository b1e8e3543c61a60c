"""Long strings of a JSON body, read apart from it in slices, so that no parser holds the event loop for them.

A chat with a picture of 10 MB is a few hundred bytes of JSON around one string. A parser reads both in one go, and
nobody else is served meanwhile. Here the long strings leave markers behind, in a body that any parser reads at once,
and return into what the parser made of it. A string that cannot be told apart for certain stays where it is.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from pydantic import BaseModel

from translators.wire.call import HoldsMedia

LONG: Final = 64 << 10
"""Bytes between the quotes; shorter strings are left to the parser."""
SLICE: Final = 64 << 10
"""Bytes that are read at a time."""
_SLICES_AT_ONCE: Final = 4
"""Then others get their turn: a quarter of a megabyte, some 0.1 ms."""

_NO_STRING: Final = b" \t\r\n:,]}"
"""What may follow a quote that ends a string; a string that begins so is not told apart."""
_COLON: Final = re.compile(rb"[ \t\r\n]*:")
_LONGEST_ESCAPE: Final = 6  # \uXXXX


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A body with markers in it, and the text of each."""

    rest: bytes
    texts: Mapping[str, str] = field(repr=False)


async def set_aside(body: bytes, *, marker: str) -> SetAside:
    """Take the long strings out of a JSON body. `marker` is ASCII without quotes, and no value of the body.

    Only the values of members and lists are taken. What they say is what any JSON parser would read, escapes included;
    a body that is no JSON still is none.
    """
    kept: list[bytes] = []
    texts: dict[str, str] = {}
    position = 0
    for start, end in _long_strings(body):
        text = await _read(body, start, end)
        if text is None:
            continue
        name = f"{marker}{len(texts)}"
        kept += [body[position:start], name.encode()]
        texts[name] = text
        position = end
    return SetAside(rest=b"".join((*kept, body[position:])), texts=texts)


def put_back(value: Any, texts: Mapping[str, str]) -> Any | None:
    """What a parser made of the rest, with each text in its place; None where one of them found none.

    A parser that changes a string, leaves it out, or looks at more than its type must read the whole body itself.
    """
    found: set[str] = set()
    made = _put(value, texts, found)
    return made if len(found) == len(texts) else None


def _put(value: Any, texts: Mapping[str, str], found: set[str]) -> Any:
    match value:
        case str():
            if value not in texts:
                return value
            found.add(value)
            return texts[value]
        case BaseModel():
            members = {**value.__dict__, **(value.model_extra or {})}
            changed = _changed(members, texts, found)
            return value.model_copy(update=changed) if changed else value
        case dict():
            changed = _changed(value, texts, found)
            if not changed:
                return value
            is_holder = any(isinstance(member, str) for member in changed.values())
            return (HoldsMedia if is_holder else dict)({**value, **changed})
        case list():
            return [_put(entry, texts, found) for entry in value]
        case _:
            return value


def _changed(members: Mapping[str, Any], texts: Mapping[str, str], found: set[str]) -> dict[str, Any]:
    made = {name: _put(member, texts, found) for name, member in members.items()}
    return {name: member for name, member in made.items() if member is not members[name]}


def _long_strings(body: bytes) -> Iterator[tuple[int, int]]:
    """Where long values stand, without their quotes, in order.

    A quote is looked for on both sides of every 64 kB, and what lies between is told from the structure between two
    strings by how it begins.
    """
    probe = LONG
    after = 0
    while probe < len(body):
        start = body.rfind(b'"', after, probe) + 1
        end = body.find(b'"', probe)
        if end < 0:
            return
        if start and end - start >= LONG and _is_value(body, start, end):
            yield start, end
        after = end + 1
        probe = max(probe + LONG, after)


def _is_value(body: bytes, start: int, end: int) -> bool:
    opens = body[start] not in _NO_STRING
    is_escaped = body[max(0, start - 2) : start - 1] == b"\\"
    return opens and not is_escaped and _COLON.match(body, end + 1) is None


async def _read(body: bytes, start: int, end: int) -> str | None:
    """What the bytes between two quotes say; None if that is not certain from each slice of them."""
    pieces: list[str] = []
    at = start
    while at < end:
        stop = min(at + SLICE, end)
        if stop < end and (escape := body.rfind(b"\\", max(at + 1, stop - _LONGEST_ESCAPE), stop)) >= 0:
            stop = escape
        try:
            pieces.append(orjson.loads(b"".join((b'"', body[at:stop], b'"'))))
        except orjson.JSONDecodeError:
            return None
        at = stop
        if len(pieces) % _SLICES_AT_ONCE == 0:
            await asyncio.sleep(0)
    text = "".join(pieces)
    await asyncio.sleep(0)
    return text
