"""Server-sent events: bytes in, events out, in whatever pieces the network delivers them.

Framing only (WHATWG HTML, "Interpreting an event stream"): lines end in LF, CRLF or CR, `data` lines join with LF,
comments vanish, an unfinished event at the end is no event. It knows nothing of what the events say.
"""

from dataclasses import dataclass

_DATA = b"data: "


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSentEvent:
    """One event: its data, and its `event:` name ("" where none was given)."""

    data: bytes
    event: str = ""


class SseParser:
    """Collects bytes and hands out events as they become whole.

    Pieces of a long line are kept apart until it ends, and its name is taken off the first of them, so a picture of
    some megabytes in one `data:` line costs one copy and not one for each piece.
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
            event = self._end_line(chunk[start:stop])
            if event is not None:
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

    def _end_line(self, tail: bytes) -> ServerSentEvent | None:
        if self._started and self._pieces and self._pieces[0].startswith(_DATA):
            self._data.append(b"".join((self._pieces[0][len(_DATA) :], *self._pieces[1:], tail)))
            self._pieces.clear()
            return None
        line = b"".join((*self._pieces, tail))
        self._pieces.clear()
        if not self._started:
            self._started = True
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line:
            return self._end_event()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._event = value.decode(errors="replace")
        return None

    def _end_event(self) -> ServerSentEvent | None:
        data, event = self._data, self._event
        self._data, self._event = [], ""
        return ServerSentEvent(data=b"\n".join(data), event=event) if data else None
