"""What is around every exchange, where nothing went as planned."""

import asyncio
import logging

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from proxy.envelope import GONE, Envelope
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
