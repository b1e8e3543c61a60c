"""Google's base64 media, cut out of a JSON body while it streams in.

Vertex answers `:fetchPredictOperation` with `response.videos[].bytesBase64Encoded`, the Gemini API may put
`generatedSamples[].video.encodedVideo`, Interactions `steps[].content[].data`: tens of megabytes inside a few hundred
bytes of JSON (Gemini API and Vertex AI docs, 2026-11). Parsing that whole costs 20 times its size in memory. Here the
long strings become `"@cut:0"`, `"@cut:1"`, ... in a body that any JSON parser reads, and their bytes go to a sink.

No per-byte loops: the scanner finds quotes with `bytes.find`, and reads into a string only as far as its end.
"""

import json
from collections.abc import AsyncIterable, Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from proxy.media.base64_decoder import BadBase64, JsonBase64Decoder

GOOGLE_MEDIA_KEYS: Final = frozenset({"bytesBase64Encoded", "encodedVideo", "data"})
PLACEHOLDER_PREFIX: Final = "@cut:"  # `@` is in no base64 alphabet

_WINDOW: Final = 128 << 10
"""The longest slice handled at once: a 100 MB chunk costs no second 100 MB, and slices stay in the cache."""
_LONGEST_KEY: Final = 256
_WHITESPACE: Final = b" \t\r\n"


class MediaJsonError(ValueError):
    """The body is not JSON with base64 media in it; the subclasses say in which way."""


class TruncatedJson(MediaJsonError):
    """The body ended in the middle: fetch it again."""


class NotJson(MediaJsonError):
    """The body is no JSON object or array (an HTML error page, say)."""


class BadMedia(MediaJsonError):
    """A medium in the body is not base64."""


class RestTooLarge(MediaJsonError):
    """What is left without the media is larger than an answer of Google's can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPiece:
    """The next decoded bytes of medium number `cut` (0, 1, ... in the order of the body)."""

    cut: int
    data: bytes


class _Inside(Enum):
    STRUCTURE = auto()
    """Between strings: braces, commas, numbers, white space."""
    STRING = auto()
    """A string that stays: a key, or a value of a key that holds no media, or a value still short."""
    MEDIUM = auto()
    """A string longer than the threshold, under a key that holds media."""


class MediaCutter:
    """Feed it the body in chunks, in order; it returns media as they come and keeps the rest of the body.

    Strings under `keys`, at any depth, that are longer than `threshold` bytes are cut. What remains may be at most
    `max_rest` bytes.
    """

    def __init__(
        self, *, keys: Collection[str] = GOOGLE_MEDIA_KEYS, threshold: int = 4096, max_rest: int = 8 << 20
    ) -> None:
        self._keys = frozenset(keys)
        self._threshold = threshold
        self._max_rest = max_rest
        self._rest = bytearray()
        self._inside = _Inside.STRUCTURE
        self._depth = 0
        self._key: str | None = None  # the last string, while it may turn out to be a key
        self._gap = b""  # structure since the last string, without white space, its first two bytes
        self._string_start = 0  # where in the rest the current string's text begins
        self._holds_media = False  # the current string stands under one of the keys
        self._escaped = False  # the current string so far ends in an unfinished escape
        self._decoder = JsonBase64Decoder()
        self._cuts = 0

    def feed(self, chunk: bytes) -> list[MediaPiece]:
        """Take the next bytes of the body. Raises MediaJsonError; the cutter is of no use after that."""
        pieces: list[MediaPiece] = []
        position = 0
        while position < len(chunk):
            match self._inside:
                case _Inside.STRUCTURE:
                    position = self._take_structure(chunk, position)
                case _Inside.STRING:
                    position = self._take_string(chunk, position, pieces)
                case _Inside.MEDIUM:
                    position = self._take_medium(chunk, position, pieces)
        return pieces

    def finish(self) -> bytes:
        """The body without its media, for a JSON parser. Raises TruncatedJson."""
        if self._inside is not _Inside.STRUCTURE or self._depth or not self._rest:
            raise TruncatedJson(f"the JSON body ended inside {self._where()}")
        return bytes(self._rest)

    def _where(self) -> str:
        if self._inside is _Inside.MEDIUM:
            return f"medium {self._cuts}"
        return "a string" if self._inside is _Inside.STRING else f"{self._depth} open brackets"

    def _take_structure(self, chunk: bytes, start: int) -> int:
        quote = chunk.find(b'"', start)
        end = len(chunk) if quote < 0 else quote
        if end > start:
            self._note_structure(chunk[start:end])
        if quote < 0:
            return end
        if not self._depth:
            raise NotJson("the body does not begin with a JSON object or array")
        self._keep(b'"')
        self._holds_media = self._gap == b":" and self._key in self._keys
        self._string_start = len(self._rest)
        self._escaped = False
        self._inside = _Inside.STRING
        return quote + 1

    def _note_structure(self, structure: bytes) -> None:
        tight = structure.translate(None, _WHITESPACE)
        if not self._depth and tight[:1] not in (b"", b"{", b"["):
            raise NotJson("the body does not begin with a JSON object or array")
        opened = structure.count(b"{") + structure.count(b"[")
        closed = structure.count(b"}") + structure.count(b"]")
        self._depth += opened - closed
        if self._depth < 0:
            raise NotJson("the body closes more brackets than it opens")
        self._gap = (self._gap + tight)[:2]
        self._keep(structure)

    def _take_string(self, chunk: bytes, start: int, pieces: list[MediaPiece]) -> int:
        window_end = min(len(chunk), start + _WINDOW)
        if self._holds_media:
            window_end = min(window_end, start + self._threshold + 1)
        end, self._escaped = _string_end(chunk, start, window_end, escaped=self._escaped)
        self._keep(chunk[start : window_end if end < 0 else end])
        if self._holds_media and len(self._rest) - self._string_start > self._threshold:
            self._begin_medium(pieces)
            return window_end if end < 0 else end  # the closing quote is the medium's
        if end < 0:
            return window_end
        self._end_string()
        return end + 1

    def _end_string(self) -> None:
        length = len(self._rest) - self._string_start
        text = self._rest[self._string_start :] if self._holds_media or length <= _LONGEST_KEY else None
        self._key = None if text is None else _decoded(text)
        if self._holds_media and self._key is not None and self._key.startswith(PLACEHOLDER_PREFIX):
            raise BadMedia("a medium's value pretends to be one that was cut out")
        self._keep(b'"')
        self._gap = b""
        self._inside = _Inside.STRUCTURE

    def _begin_medium(self, pieces: list[MediaPiece]) -> None:
        text = bytes(self._rest[self._string_start :])
        del self._rest[self._string_start :]
        self._keep(f'{PLACEHOLDER_PREFIX}{self._cuts}"'.encode())
        self._decoder = JsonBase64Decoder()
        self._inside = _Inside.MEDIUM
        self._decode(text, pieces)

    def _take_medium(self, chunk: bytes, start: int, pieces: list[MediaPiece]) -> int:
        window_end = min(len(chunk), start + _WINDOW)
        # An escaped quote needs no care: base64 has no quote, so the decoder refuses the text before it either way.
        end = chunk.find(b'"', start, window_end)
        self._decode(chunk[start : window_end if end < 0 else end], pieces)
        if end < 0:
            return window_end
        self._decode(None, pieces)
        self._cuts += 1
        self._key = None
        self._gap = b""
        self._inside = _Inside.STRUCTURE
        return end + 1

    def _decode(self, text: bytes | None, pieces: list[MediaPiece]) -> None:
        try:
            data = self._decoder.finish() if text is None else self._decoder.feed(text)
        except BadBase64 as error:
            raise BadMedia(f"medium {self._cuts}: {error}") from None
        if data:
            pieces.append(MediaPiece(cut=self._cuts, data=data))

    def _keep(self, text: bytes) -> None:
        if len(self._rest) + len(text) > self._max_rest:
            raise RestTooLarge(f"the JSON body has more than {self._max_rest} bytes beside its media")
        self._rest += text


async def cut_base64(
    chunks: AsyncIterable[bytes],
    sink: Callable[[int, bytes], Awaitable[None]],
    *,
    keys: Collection[str] = GOOGLE_MEDIA_KEYS,
    threshold: int = 4096,
    max_rest: int = 8 << 20,
) -> bytes:
    """Read a whole body; await `sink(cut, data)` for each piece of each medium, in order; return the small JSON.

    Raises MediaJsonError: whatever the sink has taken by then is not to be trusted.
    """
    cutter = MediaCutter(keys=keys, threshold=threshold, max_rest=max_rest)
    async for chunk in chunks:
        for piece in cutter.feed(chunk):
            await sink(piece.cut, piece.data)
    return cutter.finish()


def _string_end(chunk: bytes, start: int, stop: int, *, escaped: bool) -> tuple[int, bool]:
    """Where the closing quote is in `chunk[start:stop]`, or -1; and whether the slice ends inside an escape."""
    search = start
    while True:
        quote = chunk.find(b'"', search, stop)
        end = stop if quote < 0 else quote
        run = chunk[search:end]
        backslashes = len(run) - len(run.rstrip(b"\\"))
        # The first character of the run is spent if an escape was open before it.
        odd = (backslashes - (escaped and backslashes == len(run))) % 2 == 1 if run else escaped
        if quote < 0:
            return -1, odd
        if not odd:
            return quote, False
        escaped = False
        search = quote + 1


def _decoded(text: bytearray) -> str:
    """The text of a short JSON string; escapes are rare enough to be left to the parser."""
    try:
        decoded: str = json.loads(b'"' + bytes(text) + b'"')
    except ValueError:
        raise NotJson("the body has a malformed string") from None
    return decoded
