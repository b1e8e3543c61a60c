"""What is around every exchange, where nothing went as planned."""

import asyncio
import contextlib
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proxy.envelope import GONE, Envelope
from proxy.metrics.tally import Labels, Tallies
from proxy.routes.failures import failed

SCOPE = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []}


async def test_a_client_that_goes_while_it_sends_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    """One line, without a traceback, and no answer to nobody."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ClientDisconnect

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    with caplog.at_level(logging.INFO):
        await Envelope(app, new_id=lambda: "req_1", origins=(), failed=failed)(dict(SCOPE), receive, send)
        await asyncio.sleep(0)

    assert sent == []
    (record,) = caplog.records
    assert record.exc_info is None
    assert record.args is not None
    assert record.args[2] == GONE  # type: ignore[index]


async def test_a_fault_in_the_middle_of_an_answer_goes_on() -> None:
    """The server alone can still cut the connection, which is what tells the client."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        pass

    with pytest.raises(ZeroDivisionError):
        await Envelope(app, new_id=lambda: "req_1", origins=(), failed=failed)(dict(SCOPE), receive, send)


async def exchange(app: ASGIApp, tallies: Tallies, **scope: Any) -> None:
    """One request through an envelope, to whatever end."""

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        pass

    envelope = Envelope(app, new_id=lambda: "req_1", origins=(), failed=failed, tallies=tallies)
    await envelope({**SCOPE, **scope}, receive, send)


async def test_an_answer_is_counted_with_its_last_byte() -> None:
    """Not with its first; and what the program still does after it keeps nobody waiting."""
    tallies = Tallies()
    seen: list[tuple[int, int]] = []

    def look() -> None:
        seen.append((tallies.http_in_progress, len(tallies.http_requests.series)))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = SimpleNamespace(path_format="/v1/videos/{video_id}")
        for message in (
            {"type": "http.response.start", "status": 200, "headers": []},
            {"type": "http.response.body", "body": b"a", "more_body": True},
            {"type": "http.response.body", "body": b"b"},
        ):
            look()
            await send(message)
        look()

    await exchange(app, tallies, method="GET")
    look()
    assert seen == [(1, 0), (1, 0), (1, 0), (0, 1), (0, 1)]
    [(labels, bars)] = tallies.http_requests.series.items()
    assert (labels, sum(bars[:-1])) == (("/v1/videos/{video_id}", "GET", 200), 1)


async def answered_500(scope: Scope, receive: Receive, send: Send) -> None:
    raise ZeroDivisionError


async def cut_off(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ZeroDivisionError


async def gone(scope: Scope, receive: Receive, send: Send) -> None:
    raise ClientDisconnect


async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("app", "method", "counted"),
    [
        (answered_500, "POST", ("none", "POST", 500)),
        (answered_500, "OPTIONS", ("none", "OPTIONS", 204)),
        (answered_500, "MADE-UP", ("none", "other", 500)),
        (cut_off, "POST", ("none", "POST", 200)),
        (gone, "POST", ("none", "POST", GONE)),
        (cancelled, "POST", ("none", "POST", GONE)),
    ],
)
async def test_every_end_is_counted_once(app: ASGIApp, method: str, counted: Labels) -> None:
    """However it ends, nothing is left in progress; a made-up method is no label."""
    tallies = Tallies()
    with contextlib.suppress(ZeroDivisionError, asyncio.CancelledError):
        await exchange(app, tallies, method=method)
    assert tallies.http_in_progress == 0
    assert {labels: sum(bars[:-1]) for labels, bars in tallies.http_requests.series.items()} == {counted: 1}
