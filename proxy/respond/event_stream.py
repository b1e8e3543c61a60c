"""Server-sent events that may take minutes between two of them and may have a video inside one."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from proxy.respond.disconnect import ClientGone, while_connected
from proxy.respond.failure import error_object
from proxy.respond.pace import Pace, Turns
from proxy.respond.pieces import JsonBody, Piece, json_pieces, opened, short_text
from proxy.respond.standby import Standby

KEEP_ALIVE: Final = b": keep-alive\n\n"
DONE: Final = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event with JSON for data; `name` is its `event:` line."""

    data: JsonBody
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A line that parsers skip and people read."""

    text: str


Item = Mapping[str, Any] | Event | Comment
"""What an event stream is made of; a bare mapping is an event without a name."""

Items = Item | Sequence[Item]
"""Several that are there at the same time leave together, in one write."""


class EventStream(Response):
    """`text/event-stream` whose headers leave at once and whose silence is broken by `: keep-alive`.

    With `held` they leave with the first item, or with the first keep-alive: a failure before that is raised, to be
    answered with its true status. Waiting longer would leave the client without a byte, and gateways cut that off.

    `items` is iterated and closed in one task, whatever happens. A clean end adds `data: [DONE]` unless `done` is
    False. An exception from `items` becomes one event, `failure(exception)`, and the stream ends without `[DONE]`; if
    an event is torn in its middle, the connection breaks off instead. When the client goes, `items` is cancelled where
    it waits and then `on_disconnect` is awaited. `standby` is what `items` waits by if that takes minutes.
    """

    def __init__(
        self,
        items: AsyncGenerator[Items, None],
        *,
        pace: Pace,
        headers: Mapping[str, str] | None = None,
        done: bool = True,
        held: bool = False,
        on_disconnect: Callable[[], Awaitable[None]] | None = None,
        failure: Callable[[Exception], Item] = error_object,
        standby: Standby | None = None,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._items = items
        self._pace = pace
        self._farewell = DONE if done else b""
        self._committed = False
        self._held = held
        self._on_disconnect = on_disconnect
        self._failure = failure
        self._standby = standby
        self.init_headers(
            {
                "content-type": "text/event-stream",
                "cache-control": "no-cache",
                "x-accel-buffering": "no",  # without it nginx holds a proxied answer back
                **(headers or {}),
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's signature
        try:
            await while_connected(
                receive, self._send(send), at_once=self._on_disconnect is not None, standby=self._standby
            )
        except ClientGone:
            if self._on_disconnect is not None:
                await self._on_disconnect()

    async def _send(self, send: Send) -> None:
        turns = Turns(self._pace)
        async with aclosing(self._items):
            if not self._held:
                await self._commit(send)
            async with turns.beating(lambda: self._write(send, KEEP_ALIVE)):
                farewell = await self._send_items(send, turns)
        await self._commit(send)
        await send({"type": "http.response.body", "body": farewell, "more_body": False})

    async def _send_items(self, send: Send, turns: Turns) -> bytes:
        """Send what there is to send and return the last bytes of the stream."""
        torn = False
        try:
            async for items in self._items:
                pieces = _pieces_of(items)
                del items  # until the next ones come minutes may pass, in which nothing of these need be held
                text = short_text(pieces)
                if text is not None:
                    del pieces
                    async with turns:
                        await self._write(send, text)
                    del text
                    continue
                async with opened(pieces) as chunks, turns:
                    torn = True
                    async for chunk in chunks:
                        await self._write(send, chunk)
                    torn = False
        except Exception as error:
            async with turns:  # a beat may be committing the status at this moment
                if torn or not self._committed:
                    raise
            async with opened(_pieces_of(self._failure(error))) as chunks:
                return b"".join([chunk async for chunk in chunks])
        return self._farewell

    async def _write(self, send: Send, body: bytes) -> None:
        await self._commit(send)
        await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _commit(self, send: Send) -> None:
        if not self._committed:
            self._committed = True
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})


def _pieces_of(items: Items) -> list[Piece]:
    if isinstance(items, Sequence):
        return [piece for item in items for piece in _item_pieces(item)]
    return _item_pieces(items)


def _item_pieces(item: Item) -> list[Piece]:
    match item:
        case Comment(text=text):
            return [_line(b": ", text.encode()), b"\n"]
        case Event(data=data, name=name):
            head = b"data: " if name is None else _line(b"event: ", name.encode()) + b"data: "
            return [head, *_one_line(data), b"\n\n"]
        case _:
            return [b"data: ", *json_pieces(item), b"\n\n"]


def _one_line(data: JsonBody) -> list[Piece]:
    pieces = json_pieces(data)
    if not isinstance(data, Mapping):  # JSON of our own making is one line
        _refuse_line_breaks(*(bytes(piece) for piece in pieces if isinstance(piece, bytes | memoryview)))
    return pieces


def _line(start: bytes, text: bytes) -> bytes:
    _refuse_line_breaks(text)
    return start + text + b"\n"


def _refuse_line_breaks(*texts: bytes) -> None:
    """A line break would end the field, and what follows it could pose as an event of ours."""
    if any(b"\n" in text or b"\r" in text for text in texts):
        raise ValueError("an event's text must be one line")
