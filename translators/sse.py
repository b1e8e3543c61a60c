"""Server-sent events: bytes in, events out, in whatever pieces the network delivers them.

Framing only (WHATWG HTML, "Interpreting an event stream"): lines end in LF, CRLF or CR, `data` lines join with LF,
comments vanish, an unfinished event at the end is no event. It knows nothing of what the events say.
"""

from dataclasses import dataclass

_DATA = b"data: "
_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which a stream may begin with: of the first three pieces none is empty, so they have all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSentEvent:
    """One event: its data, in the pieces it came in, and its `event:` name ("" where none was given)."""

    pieces: tuple[bytes, ...]
    event: str = ""

    @property
    def data(self) -> bytes:
        """The data, joined."""
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)


class SseParser:
    """Collects bytes and hands out events as they become whole.

    Pieces of a long `data` line are never joined here, and its name is taken off the first of them: a picture of some
    megabytes costs no copy.
    """

    __slots__ = ("_data", "_event", "_pieces", "_skip_lf", "_started")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._data: list[bytes] = []
        self._event = ""
        self._skip_lf = False
        self._started = False

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take the next bytes and return the events they complete."""
        # A CR ends its line at once; the LF that may follow, perhaps in the next chunk, belongs to it.
        if self._skip_lf and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._skip_lf = False
        events: list[ServerSentEvent] = []
        start, end = 0, len(chunk)
        newline, carriage = chunk.find(b"\n"), chunk.find(b"\r")
        while newline >= 0 or carriage >= 0:
            stop = newline if carriage < 0 or 0 <= newline < carriage else carriage
            if stop > start or self._pieces:
                self._end_line(chunk[start:stop])
            elif (event := self._end_event()) is not None:
                events.append(event)
            start = stop + 1
            if stop == carriage:
                self._skip_lf = start == end
                start += newline == start
                carriage = chunk.find(b"\r", start)
            if 0 <= newline < start:
                newline = chunk.find(b"\n", start)
        if start < end:
            self._pieces.append(chunk[start:])
        return events

    @property
    def incomplete(self) -> bool:
        """Whether an event was begun and not finished: at the end of a stream, the sign of a cut."""
        return bool(self._pieces or self._data)

    def _end_line(self, tail: bytes) -> None:
        pieces = (*self._pieces, tail)
        self._pieces.clear()
        if not self._started:
            self._started = True
            pieces = (b"".join(pieces[:3]).removeprefix(_MARK), *pieces[3:])
        if pieces[0].startswith(_DATA):
            self._add(pieces[0][len(_DATA) :], *pieces[1:])
            return
        name, _, value = b"".join(pieces).partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._add(value)
        elif name == b"event":
            self._event = value.decode(errors="replace")

    def _add(self, *pieces: bytes) -> None:
        """One more line of data."""
        if self._data:
            self._data.append(b"\n")
        self._data += pieces

    def _end_event(self) -> ServerSentEvent | None:
        data, event = self._data, self._event
        self._data, self._event = [], ""
        return ServerSentEvent(pieces=tuple(data), event=event) if data else None
