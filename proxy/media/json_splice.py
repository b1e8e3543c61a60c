"""Long base64 texts of a JSON body, put into another JSON body as they are: neither decoded nor parsed.

generateContent answers an image as `inlineData.data`, megabytes inside a few hundred bytes of JSON (Gemini API docs,
"Image generation", 2026-11), and a chat completion has the same text in a data URI. What is taken out leaves a marker
behind, in a body that any JSON parser reads; where the marker is written, the text goes. A text with an escape in it,
or that is no JSON text at all, stays where it is: the parser is its judge.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Final

import orjson

from proxy.media.chunks import Chunks
from proxy.media.long_texts import long_strings

LONG: Final = 16 << 10
"""Bytes; a shorter text is not worth the trouble."""

_MEMBER: Final = re.compile(rb'"data"\s*:\s*"\Z')
"""Only a member's name can stand so in JSON: inside a text its quotes would be escaped."""
_LONGEST_MEMBER: Final = 64
"""Bytes of such a name, its colon and what white space writers put there."""
_SLICE: Final = 64 << 10
_SLICES_AT_ONCE: Final = 16
"""A megabyte, some 0.3 ms; then others get their turn."""
SENT_AT_ONCE: Final = 256 << 10
"""Bytes of a piece, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spliced:
    """A body and where its long texts are: `(start, end)`, without their quotes, in order."""

    body: Chunks
    spans: tuple[tuple[int, int], ...]
    marker: str

    @property
    def markers(self) -> list[str]:
        """What stands for each of the texts."""
        return [f"{self.marker}{number}@" for number in range(len(self.spans))]

    def rest(self) -> bytes:
        """The body with a marker in place of each text."""
        kept: list[bytes] = []
        position = 0
        for (start, end), marker in zip(self.spans, self.markers, strict=True):
            kept += [self.body.cut(position, start), marker.encode()]
            position = end
        return b"".join([*kept, self.body.cut(position, len(self.body))])

    def put_into(self, text: bytes) -> list[bytes | memoryview]:
        """`text` in pieces, each text where its marker stood, not copied. A marker that is not there leaves it out."""
        places = {text.find(marker.encode()): number for number, marker in enumerate(self.markers)}
        pieces: list[bytes | memoryview] = []
        position = 0
        for place, number in sorted(places.items()):
            if place < 0:
                continue
            pieces += [text[position:place], *self.body.slices(*self.spans[number], SENT_AT_ONCE)]
            position = place + len(self.markers[number])
        return [*pieces, text[position:]]


async def spliced(body: Chunks, *, marker: str) -> Spliced:
    """Find the long texts of a body's members named `data`.

    `marker` is plain ASCII that occurs in no answer and begins with `@`, which base64 does not have. The event loop is
    held for about a megabyte at a time.
    """
    spans = [span for span in long_strings(body, LONG) if _is_member(body, *span) and await _is_text(body, *span)]
    return Spliced(body=body, spans=tuple(spans), marker=marker)


def _is_member(body: Chunks, start: int, end: int) -> bool:
    before = body.cut(max(0, start - _LONGEST_MEMBER), start)
    return _MEMBER.search(before) is not None and body.find(b"\\", start, end) < 0


async def _is_text(body: Chunks, start: int, end: int) -> bool:
    """Whether these bytes, which hold neither quote nor backslash, may stand between a JSON text's quotes."""
    for number, piece in enumerate(body.slices(start, end, _SLICE)):
        if number % _SLICES_AT_ONCE == _SLICES_AT_ONCE - 1:
            await asyncio.sleep(0)
        try:
            orjson.loads(b"".join((b'"', piece, b'"')))
        except orjson.JSONDecodeError:
            return False
    return True
