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

from proxy.media.chunks import Chunks
from translators.content import HoldsMedia

LONG: Final = 64 << 10
"""Bytes between the quotes; shorter strings are left to the parser."""
SLICE: Final = 64 << 10
"""Bytes that are read at a time."""
_SLICES_AT_ONCE: Final = 16
"""Then others get their turn: a megabyte, some 1.5 ms, most of them for memory not touched before."""

_NO_STRING: Final = b" \t\r\n:,]}"
"""What may follow a quote that ends a string; a string that begins so is not told apart."""
_COLON: Final = re.compile(rb"[ \t\r\n]*:")
_FURTHEST_COLON: Final = 256
"""Bytes behind a string in which its colon is looked for; a name of 64 kB with more white space is the parser's."""
_LONGEST_ESCAPE: Final = 6  # \uXXXX


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A body with markers in it, and the text of each."""

    rest: bytes
    texts: Mapping[str, str] = field(repr=False)


async def set_aside(body: Chunks, *, marker: str) -> SetAside:
    """Take the long strings out of a JSON body. `marker` is ASCII without quotes, and no value of the body.

    Only the values of members and lists are taken. What they say is what any JSON parser would read, escapes included;
    a body that is no JSON still is none.
    """
    kept: list[bytes] = []
    texts: dict[str, str] = {}
    position = 0
    for start, end in long_strings(body, LONG):
        if not _is_value(body, start, end):
            continue
        text = await _read(body, start, end)
        if text is None:
            continue
        name = f"{marker}{len(texts)}"
        kept += [body.cut(position, start), name.encode()]
        texts[name] = text
        position = end
    return SetAside(rest=b"".join((*kept, body.cut(position, len(body)))), texts=texts)


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


def long_strings(body: Chunks, least: int) -> Iterator[tuple[int, int]]:
    """What lies between two quotes that are `least` bytes apart or more, and no other between them, in order.

    A quote is looked for on both sides of each `least` bytes. That may be a string, a part of one that has escaped
    quotes, or what stands between two strings.
    """
    probe = least
    after = 0
    while probe < len(body):
        start = body.rfind(b'"', after, probe) + 1
        end = body.find(b'"', probe)
        if end < 0:
            return
        if start and end - start >= least:
            yield start, end
        after = end
        probe = max(probe + least, end + 1)


def _is_value(body: Chunks, start: int, end: int) -> bool:
    """Whether it is a string, and a value: what stands between two others is told by how it begins."""
    opens = body.cut(start, start + 1) not in _NO_STRING
    is_escaped = body.cut(max(0, start - 2), start - 1) == b"\\"
    return opens and not is_escaped and _COLON.match(body.cut(end + 1, end + 1 + _FURTHEST_COLON)) is None


async def _read(body: Chunks, start: int, end: int) -> str | None:
    """What the bytes between two quotes say; None if that is not certain from each slice of them.

    The text grows in place: CPython 3.11 appends to a string that only one variable has without copying it, where the
    allocator has room behind it or can move pages. Elsewhere it is copied once for each megabyte.
    """
    text = ""
    pieces: list[str] = []
    at = start
    while at < end:
        stop = min(at + SLICE, end)
        if stop < end and (escape := body.rfind(b"\\", max(at + 1, stop - _LONGEST_ESCAPE), stop)) >= 0:
            stop = escape
        try:
            pieces.append(orjson.loads(b"".join((b'"', *body.slices(at, stop, SLICE), b'"'))))
        except orjson.JSONDecodeError:
            return None
        at = stop
        if len(pieces) == _SLICES_AT_ONCE:
            text += "".join(pieces)
            pieces.clear()
            await asyncio.sleep(0)
    text += "".join(pieces)
    return text
