"""Long base64 texts of a JSON body, put into another JSON body as they are: neither decoded nor parsed.

generateContent answers an image as `inlineData.data`, megabytes inside a few hundred bytes of JSON (Gemini API docs,
"Image generation", 2026-11), and a chat completion has the same text in a data URI. What is taken out leaves a marker
behind, in a body that any JSON parser reads; where the marker is written, the text goes. A text with an escape in it,
or that is no JSON text at all, stays where it is: the parser is its judge.
"""

import asyncio
import re
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson

LONG: Final = 16 << 10
"""Bytes; a shorter text is not worth the trouble."""

_MEMBER: Final = re.compile(rb'"data"\s*:\s*"')
"""Only a member's name can stand so in JSON: inside a text its quotes would be escaped."""
_SLICE: Final = 64 << 10
_SLICES_AT_ONCE: Final = 16
"""A megabyte, some 0.3 ms; then others get their turn."""
_SENT_AT_ONCE: Final = 256 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Spliced:
    """A body and where its long texts are: `(start, end)`, without their quotes, in order."""

    body: bytearray
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
            kept += [bytes(self.body[position:start]), marker.encode()]
            position = end
        return b"".join([*kept, self.body[position:]])

    def put_into(self, text: bytes) -> list[bytes | memoryview]:
        """`text` in pieces, each text where its marker stood, not copied. A marker that is not there leaves it out."""
        places = {text.find(marker.encode()): number for number, marker in enumerate(self.markers)}
        pieces: list[bytes | memoryview] = []
        position = 0
        for place, number in sorted(places.items()):
            if place < 0:
                continue
            pieces += [text[position:place], *self._slices(*self.spans[number])]
            position = place + len(self.markers[number])
        return [*pieces, text[position:]]

    def _slices(self, start: int, end: int) -> Iterator[memoryview]:
        view = memoryview(self.body)
        return (view[at : min(at + _SENT_AT_ONCE, end)] for at in range(start, end, _SENT_AT_ONCE))


async def spliced(chunks: AsyncIterable[bytes], *, marker: str) -> Spliced:
    """Read a whole body and find the long texts of its members named `data`.

    `marker` is plain ASCII that occurs in no answer and begins with `@`, which base64 does not have. The event loop is
    held for about a megabyte at a time.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
    spans: list[tuple[int, int]] = []
    position = 0
    while (found := _MEMBER.search(body, position)) is not None:
        start = found.end()
        end = body.find(b'"', start)
        if end < 0:
            break
        position = end
        if end - start >= LONG and body.find(b"\\", start, end) < 0 and await _is_text(body, start, end):
            spans.append((start, end))
    return Spliced(body=body, spans=tuple(spans), marker=marker)


async def _is_text(body: bytearray, start: int, end: int) -> bool:
    """Whether these bytes, which hold neither quote nor backslash, may stand between a JSON text's quotes."""
    for number, at in enumerate(range(start, end, _SLICE)):
        if number % _SLICES_AT_ONCE == _SLICES_AT_ONCE - 1:
            await asyncio.sleep(0)
        try:
            orjson.loads(b"".join((b'"', body[at : min(at + _SLICE, end)], b'"')))
        except orjson.JSONDecodeError:
            return False
    return True
