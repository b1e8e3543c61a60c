"""proxy/respond/event_stream.py: alive while nothing happens, honest about its end, gone when the client is."""

import asyncio
import base64
import json
import os
import tracemalloc
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from proxy.media.stored import StoredFile
from proxy.respond import Comment, Event, EventStream, Pace, base64_of, data_uri
from proxy.respond.event_stream import Item
from proxy.respond.pieces import AT_ONCE
from tests.turns import turns_of_others
from translators.errors import UpstreamTimeout

Stored = Callable[..., Awaitable[StoredFile]]
Serving = Callable[[ASGIApp], AbstractAsyncContextManager[int]]
QUIET = Pace(seconds=0)


async def stream_of(items: Iterable[Item | Exception]) -> AsyncGenerator[Item, None]:
    for item in items:
        if isinstance(item, Exception):
            raise item
        yield item


class Wire:
    """The server's side of one connection: what was sent, and a client that stays until `hang_up`."""

    def __init__(self) -> None:
        self.started: dict[str, Any] | None = None
        self.body = b""
        self.complete = False
        self._gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.started = message
        else:
            self.body += message["body"]
            self.complete = not message.get("more_body", False)

    def hang_up(self) -> None:
        self._gone.set()

    async def run(self, stream: EventStream) -> bytes:
        await stream({"type": "http"}, self.receive, self.send)
        return self.body


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_items_become_events_and_the_end_is_done() -> None:
    """Mappings, named events, pieces and comments, in the form every SSE parser reads."""
    items: list[Item] = [
        {"a": 1},
        Event(name="image.done", data={"b": "\n"}),
        Comment(text="queued: 3 before you"),
        Event(data=[b'{"c":', b"2}"]),
    ]
    body = await Wire().run(EventStream(stream_of(items), pace=QUIET))
    assert body == (
        b'data: {"a":1}\n\n'
        b'event: image.done\ndata: {"b":"\\n"}\n\n'
        b": queued: 3 before you\n\n"
        b'data: {"c":2}\n\n'
        b"data: [DONE]\n\n"
    )


async def test_an_event_is_one_write() -> None:
    """A token of text costs one chunk on the wire, not three."""
    writes: list[bytes] = []

    async def send(message: Any) -> None:
        writes.append(message.get("body", b""))

    await EventStream(stream_of([{"a": 1}]), pace=QUIET)({"type": "http"}, Wire().receive, send)
    assert writes == [b"", b'data: {"a":1}\n\n', b"data: [DONE]\n\n"]


async def test_a_long_event_leaves_in_slices_between_which_others_have_their_turn() -> None:
    """An event with a picture in it; it is the same event."""
    writes: list[int] = []
    wire = Wire()

    async def send(message: Any) -> None:
        writes.append(len(message.get("body", b"")))
        await wire.send(message)

    item = {"a": "x" * (AT_ONCE * 3)}
    async with turns_of_others() as turns:
        await EventStream(stream_of([item]), pace=QUIET)({"type": "http"}, wire.receive, send)
    assert wire.body == b"data: " + json.dumps(item, separators=(",", ":")).encode() + b"\n\ndata: [DONE]\n\n"
    assert max(writes) <= AT_ONCE
    assert turns.count >= 3


async def test_done_is_left_out_where_a_protocol_has_none() -> None:
    """The images and responses streams end with their own last event."""
    assert await Wire().run(EventStream(stream_of([{}]), pace=QUIET, done=False)) == b"data: {}\n\n"


async def test_headers_leave_before_the_first_item(serving: Serving) -> None:
    """A client knows within one round trip that its request was accepted."""
    never = asyncio.Event()

    async def items() -> AsyncGenerator[Item, None]:
        await never.wait()
        yield {}

    app = EventStream(items(), pace=QUIET, headers={"access-control-allow-origin": "*"})
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        writer.close()
        await writer.wait_closed()
    assert head[0] == "http/1.1 200 ok"
    assert {
        "content-type: text/event-stream",
        "cache-control: no-cache",
        "x-accel-buffering: no",
        "access-control-allow-origin: *",
    } <= set(head)


async def test_silence_is_broken_and_the_pending_item_is_not(clock: Any) -> None:
    """A comment after each N silent seconds, counted from the last byte; the item arrives all the same."""
    queue: asyncio.Queue[Item] = asyncio.Queue()
    cancelled = False

    async def items() -> AsyncGenerator[Item, None]:
        nonlocal cancelled
        for _ in range(2):
            try:
                item = await queue.get()
            except asyncio.CancelledError:
                cancelled = True
                raise
            yield item

    wire = Wire()
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
    running = asyncio.create_task(wire.run(EventStream(items(), pace=pace)))
    await clock.advance(9)
    assert wire.body == b""
    await clock.advance(1)
    assert wire.body == b": keep-alive\n\n"
    await clock.advance(10)
    assert wire.body == b": keep-alive\n\n" * 2
    await clock.advance(6)
    queue.put_nowait({"n": 1})
    await settle()
    await clock.advance(6)  # 12 s after the last comment, but only 6 s after the item
    assert wire.body.endswith(b'data: {"n":1}\n\n')
    await clock.advance(4)
    assert wire.body.endswith(b'data: {"n":1}\n\n: keep-alive\n\n')
    queue.put_nowait({"n": 2})
    assert (await running).endswith(b': keep-alive\n\ndata: {"n":2}\n\ndata: [DONE]\n\n')
    assert not cancelled
    assert len(asyncio.all_tasks()) == 1


async def test_no_keep_alive_falls_into_an_event(clock: Any, stored: Stored) -> None:
    """While a video is being sent to a slow reader, its one line stays one line."""
    file = await stored(os.urandom(3 << 20))
    wire = Wire()
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)

    async def slow_send(message: Any) -> None:
        await wire.send(message)
        await clock.advance(25)

    stream = EventStream(stream_of([{"url": data_uri(file)}]), pace=pace)
    await stream({"type": "http"}, wire.receive, slow_send)
    events = wire.body.split(b"\n\n")
    assert [event[:5] for event in events if not event.startswith(b": keep-alive")] == [b"data:", b"data:", b""]
    (event,) = (event for event in events if event.startswith(b"data: {"))
    assert json.loads(event[6:])["url"].endswith(base64.b64encode(file.path.read_bytes()).decode())


async def test_an_sse_client_gets_the_video(stored: Stored, serving: Serving) -> None:
    """Over HTTP, line by line, the file is whole and in one data line."""
    content = os.urandom(3_000_001)
    file = await stored(content)
    app = EventStream(stream_of([{"role": "assistant"}, {"b64_json": base64_of(file)}]), pace=QUIET)
    async with (
        serving(app) as port,
        httpx2.AsyncClient() as client,
        client.stream("GET", f"http://127.0.0.1:{port}/") as answer,
    ):
        lines = [line async for line in answer.aiter_lines() if line]
    assert [line[:20] for line in lines[::2]] == ['data: {"role":"assis', "data: [DONE]"]
    assert base64.b64decode(json.loads(lines[1].removeprefix("data: "))["b64_json"]) == content


async def test_an_error_is_one_event_and_no_done() -> None:
    """An error of our tree is shown as it is."""
    error = UpstreamTimeout("Google did not finish; the operation is models/m/operations/o.")
    body = await Wire().run(EventStream(stream_of([{"a": 1}, error]), pace=QUIET))
    first, second, rest = body.split(b"\n\n")
    assert (first, rest) == (b'data: {"a":1}', b"")
    assert json.loads(second.removeprefix(b"data: ")) == error.body()


async def test_an_unforeseen_error_tells_nothing_of_itself() -> None:
    """Its text may hold a URL with a key."""
    body = await Wire().run(EventStream(stream_of([KeyError("https://host/?key=secret")]), pace=QUIET))
    assert b"secret" not in body
    assert json.loads(body.removeprefix(b"data: "))["error"]["code"] == "internal_server_error"


async def test_a_route_may_word_the_error_itself() -> None:
    """For example as a chunk with finish_reason error."""
    stream = EventStream(stream_of([ValueError("x")]), pace=QUIET, failure=lambda error: {"own": type(error).__name__})
    assert await Wire().run(stream) == b'data: {"own":"ValueError"}\n\n'


async def test_a_file_that_is_gone_is_an_error_event(stored: Stored) -> None:
    """It is noticed before its event begins, so the stream is still whole."""
    file = await stored(b"x")
    file.path.unlink()
    body = await Wire().run(EventStream(stream_of([{"a": 1}, {"url": data_uri(file)}]), pace=QUIET))
    assert body.startswith(b'data: {"a":1}\n\ndata: {"error":')
    assert body.count(b"data:") == 2


async def test_a_torn_event_breaks_the_connection_off(stored: Stored, serving: Serving) -> None:
    """A file that shrinks while it is sent cannot be told in words any more; the client must see a broken stream."""
    file = await stored(bytes(50 << 20))
    app = EventStream(stream_of([{"url": data_uri(file)}]), pace=QUIET)

    async def read_all() -> None:
        async with (
            serving(app) as port,
            httpx2.AsyncClient() as client,
            client.stream("GET", f"http://127.0.0.1:{port}/") as answer,
        ):
            async for _ in answer.aiter_bytes():
                os.truncate(file.path, 40 << 20)

    with pytest.raises(httpx2.RemoteProtocolError):
        await read_all()


@pytest.mark.parametrize(
    "item", [Comment(text="a\nb"), Comment(text="a\rb"), Event(name="a\nb", data={}), Event(data=[b"{\n}"])]
)
async def test_a_line_break_cannot_smuggle_an_event(item: Item) -> None:
    """It is the proxy's own mistake and ends the stream with an error."""
    body = await Wire().run(EventStream(stream_of([item]), pace=QUIET))
    assert json.loads(body.removeprefix(b"data: "))["error"]["type"] == "server_error"


async def test_a_client_that_goes_stops_the_items_and_is_reported(serving: Serving) -> None:
    """After an abrupt close the iterator has been closed, on_disconnect was awaited, and no task is left."""
    closed, reported = asyncio.Event(), asyncio.Event()

    async def items() -> AsyncGenerator[Item, None]:
        try:
            yield {"a": 1}
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)
            closed.set()

    async def on_disconnect() -> None:
        assert closed.is_set()
        reported.set()

    app = EventStream(items(), pace=Pace(seconds=60), on_disconnect=on_disconnect)
    async with serving(app) as port:
        before = asyncio.all_tasks()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        await reader.readuntil(b'{"a":1}\n\n')
        writer.transport.abort()
        await asyncio.wait_for(reported.wait(), 10)
        await settle()
        assert asyncio.all_tasks() <= before


async def test_a_client_that_goes_between_two_items_closes_the_iterator() -> None:
    """Also an iterator that is not waiting but was left at its yield: the reader was too slow, and then gone."""
    closed = asyncio.Event()
    wire = Wire()

    async def items() -> AsyncGenerator[Item, None]:
        try:
            yield {"a": 1}
        finally:
            closed.set()

    async def stuck_send(message: Any) -> None:
        if message.get("body"):
            wire.hang_up()
            await asyncio.sleep(3600)

    await EventStream(items(), pace=QUIET)({"type": "http"}, wire.receive, stuck_send)
    assert closed.is_set()
    assert len(asyncio.all_tasks()) == 1


async def test_a_finished_stream_reports_no_disconnect() -> None:
    """uvicorn's receive says `http.disconnect` after a complete answer too."""
    wire = Wire()
    reported = False

    async def on_disconnect() -> None:
        nonlocal reported
        reported = True

    async def send(message: Any) -> None:
        await wire.send(message)
        if wire.complete:
            wire.hang_up()

    await EventStream(stream_of([{}]), pace=QUIET, on_disconnect=on_disconnect)({"type": "http"}, wire.receive, send)
    assert wire.complete
    assert not reported


async def test_items_are_not_drawn_ahead_of_a_slow_reader() -> None:
    """One item at a time: what waits, waits at its source."""
    drawn = 0
    go_on = asyncio.Event()

    async def items() -> AsyncGenerator[Item, None]:
        nonlocal drawn
        for drawn in range(1, 100):  # noqa: B007
            yield {}

    async def slow_send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await go_on.wait()

    running = asyncio.create_task(EventStream(items(), pace=QUIET)({"type": "http"}, Wire().receive, slow_send))
    await settle()
    assert drawn == 1
    go_on.set()
    await running
    assert drawn == 99


async def test_a_100_mb_event_costs_a_few_chunks(stored: Stored, serving: Serving) -> None:
    """The peak stays below 4 MB."""
    file = await stored(bytes(1 << 20) * 100)
    received = 0
    async with serving(EventStream(stream_of([{"url": data_uri(file)}]), pace=Pace(seconds=10))) as port:
        tracemalloc.start()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=64 << 10)
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            while chunk := await reader.read(64 << 10):
                received += len(chunk)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        writer.close()
        await writer.wait_closed()
    assert received > 133 << 20
    assert peak < 4 << 20


async def test_items_that_are_there_together_leave_together(stored: Stored) -> None:
    """In one write, in their order; with a file among them, in pieces."""
    file = await stored(b"abc")
    writes: list[bytes] = []

    class Counting(Wire):
        async def send(self, message: Any) -> None:
            writes.append(message.get("body", b""))
            await super().send(message)

    async def batches() -> AsyncGenerator[list[Item], None]:
        yield [{"a": 1}, Event(name="x", data={"b": 2}), Comment(text="c")]
        yield [{"d": 3}, {"e": base64_of(file)}]

    body = await Counting().run(EventStream(batches(), pace=QUIET))
    first = b'data: {"a":1}\n\nevent: x\ndata: {"b":2}\n\n: c\n\n'
    assert body == first + b'data: {"d":3}\n\ndata: {"e":"YWJj"}\n\ndata: [DONE]\n\n'
    assert writes[1] == first


async def test_a_held_stream_waits_for_its_first_item() -> None:
    """Then it is the stream it would have been; one without items is empty, and ends."""
    for items, body in (([{"a": 1}], b'data: {"a":1}\n\ndata: [DONE]\n\n'), ([], b"data: [DONE]\n\n")):
        wire, go = Wire(), asyncio.Event()

        async def later(items: list[Item] = items, go: asyncio.Event = go) -> AsyncGenerator[Item, None]:
            await go.wait()
            for item in items:
                yield item

        running = asyncio.create_task(wire.run(EventStream(later(), pace=QUIET, held=True)))
        await settle()
        assert wire.started is None
        go.set()
        assert await running == body
        assert wire.started is not None
        assert wire.complete


async def test_an_early_failure_of_a_held_stream_keeps_its_status() -> None:
    """It is raised, and nothing was sent."""
    wire = Wire()
    with pytest.raises(UpstreamTimeout):
        await wire.run(EventStream(stream_of([UpstreamTimeout("late")]), pace=QUIET, held=True))
    assert (wire.started, wire.body) == (None, b"")


async def test_a_held_stream_begins_before_gateways_lose_patience(clock: Any) -> None:
    """The first keep-alive commits the status; what fails then is an event."""
    wire, go = Wire(), asyncio.Event()

    async def late() -> AsyncGenerator[Item, None]:
        await go.wait()
        raise UpstreamTimeout("late")
        yield {}

    pace = Pace(seconds=15, sleep=clock.sleep, monotonic=clock.monotonic)
    running = asyncio.create_task(wire.run(EventStream(late(), pace=pace, held=True)))
    await clock.advance(14)
    assert wire.started is None
    await clock.advance(2)
    assert wire.started is not None
    assert wire.body == b": keep-alive\n\n"
    go.set()
    assert b'"message":"late"' in await running
    assert wire.complete
