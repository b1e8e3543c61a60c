"""proxy/respond/heartbeat.py: a long wait is filled, and a short one is an ordinary answer."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from proxy.media.stored import StoredFile
from proxy.respond import JsonWithHeartbeat, Pace, data_uri
from proxy.respond.pieces import JsonBody
from translators.errors import RateLimited

Stored = Callable[..., Awaitable[StoredFile]]
Serving = Callable[[ASGIApp], AbstractAsyncContextManager[int]]


class Exchange:
    """One request whose answer is due when `job` is done."""

    def __init__(self, clock: Any, **options: Any) -> None:
        self.job: asyncio.Future[JsonBody] = asyncio.get_running_loop().create_future()
        self.messages: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
        self.response = JsonWithHeartbeat(self._wait, pace=pace, **options)

    async def _wait(self) -> JsonBody:
        return await asyncio.shield(self.job)

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.messages.append(message)

    def start(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.response({"type": "http"}, self.receive, self.send))

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def head(self) -> tuple[int, dict[bytes, bytes]]:
        return self.messages[0]["status"], dict(self.messages[0]["headers"])


async def test_a_long_wait_is_filled_with_line_feeds(clock: Any, stored: Stored) -> None:
    """One each N seconds from N seconds on; then the JSON, files and all."""
    exchange = Exchange(clock, headers={"x-request-id": "r"})
    running = exchange.start()
    await clock.advance(9)
    assert exchange.messages == []
    await clock.advance(1)
    await clock.advance(10)
    assert exchange.body == b"\n\n"
    exchange.job.set_result({"url": data_uri(await stored(b"abc"))})
    await running
    assert exchange.body == b'\n\n{"url":"data:video/mp4;base64,YWJj"}'
    status, headers = exchange.head
    assert (status, headers[b"content-type"], headers[b"x-request-id"]) == (200, b"application/json", b"r")
    assert b"content-length" not in headers
    assert exchange.messages[-1]["more_body"] is False
    assert len(asyncio.all_tasks()) == 1


async def test_a_quick_answer_is_an_ordinary_one(clock: Any) -> None:
    """With its length, and nothing before it."""
    exchange = Exchange(clock)
    exchange.job.set_result({"a": 1})
    await exchange.start()
    assert exchange.body == b'{"a":1}'
    assert exchange.head[1][b"content-length"] == b"7"


async def test_a_quick_error_keeps_its_status(clock: Any) -> None:
    """Nothing was sent, so the route answers as for any error."""
    exchange = Exchange(clock)
    exchange.job.set_exception(RateLimited("Slow down."))
    with pytest.raises(RateLimited):
        await exchange.start()
    assert exchange.messages == []


async def test_a_late_error_is_told_under_the_200(clock: Any) -> None:
    """By the route's words if it has any, else as an error object."""
    for options, expected in (
        ({}, RateLimited("Slow down.").body()),
        (
            {"failure": lambda error: {"choices": [], "error": error.code}},
            {"choices": [], "error": "rate_limit_exceeded"},
        ),
    ):
        exchange = Exchange(clock, **options)
        running = exchange.start()
        await clock.advance(10)
        exchange.job.set_exception(RateLimited("Slow down."))
        await running
        assert exchange.head[0] == 200
        assert json.loads(exchange.body) == expected


async def test_a_missing_file_after_a_beat_is_told_under_the_200(clock: Any, stored: Stored) -> None:
    """The file is opened before the first bracket is sent."""
    file = await stored(b"x")
    exchange = Exchange(clock)
    running = exchange.start()
    await clock.advance(10)
    file.path.unlink()
    exchange.job.set_result({"url": data_uri(file)})
    await running
    assert json.loads(exchange.body)["error"]["type"] == "server_error"


async def test_a_client_that_goes_is_reported_and_the_job_goes_on(clock: Any) -> None:
    """Only the waiting ends."""
    reported = []

    async def on_disconnect() -> None:
        reported.append(True)

    exchange = Exchange(clock, on_disconnect=on_disconnect)
    running = exchange.start()
    await clock.advance(10)
    exchange.gone.set()
    await running
    assert reported == [True]
    assert not exchange.job.done()
    assert len(asyncio.all_tasks()) == 1
    exchange.job.cancel()


async def test_a_real_client_reads_it_as_json(clock: Any, stored: Stored, serving: Serving) -> None:
    """Over HTTP with uvicorn, in chunks, white space first."""
    exchange = Exchange(clock)
    content = b"video" * 500_000
    file = await stored(content)
    async with serving(exchange.response) as port, httpx2.AsyncClient() as client:
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
        while not exchange.response._committed:
            await clock.advance(10)
        exchange.job.set_result({"url": data_uri(file)})
        answer = await asking
    assert answer.content.startswith(b"\n")
    assert base64.b64decode(answer.json()["url"].partition(",")[2]) == content


class Ends:
    """What a route is told of the end."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def on_sent(self) -> None:
        await asyncio.sleep(0)
        self.heard.append("sent")

    async def on_disconnect(self) -> None:
        self.heard.append("left")


def _hanging_up(
    exchange: Exchange, when: Callable[[dict[str, Any]], bool]
) -> Callable[[dict[str, Any]], Awaitable[None]]:
    async def send(message: dict[str, Any]) -> None:
        exchange.messages.append(message)
        if when(message):
            exchange.gone.set()

    return send


@pytest.mark.parametrize("beats", [0, 1])
async def test_a_client_that_hangs_up_with_the_last_byte_has_its_answer(clock: Any, stored: Stored, beats: int) -> None:
    """curl closes at once; to take that for a client that went would give the next such wish this same answer."""
    ends = Ends()
    exchange = Exchange(clock, on_sent=ends.on_sent, on_disconnect=ends.on_disconnect)
    exchange.send = _hanging_up(  # type: ignore[method-assign]
        exchange, lambda message: message["type"] == "http.response.body" and not message["more_body"]
    )
    running = exchange.start()
    for _ in range(beats):
        await clock.advance(10)
    exchange.job.set_result({"url": data_uri(await stored(b"video" * 100_000))})
    await running
    assert ends.heard == ["sent"]


async def test_a_client_that_hangs_up_in_the_middle_has_not(clock: Any, stored: Stored) -> None:
    """However quick the answer is: its job stays unclaimed."""
    ends = Ends()
    exchange = Exchange(clock, on_sent=ends.on_sent, on_disconnect=ends.on_disconnect)
    exchange.send = _hanging_up(  # type: ignore[method-assign]
        exchange, lambda message: message["type"] == "http.response.body" and message["more_body"]
    )
    exchange.job.set_result({"url": data_uri(await stored(b"video" * 100_000))})
    await exchange.start()
    assert ends.heard == ["left"]


async def test_an_error_under_the_200_is_no_answer(clock: Any) -> None:
    """Whether the failure was the caller's result is for the route to say."""
    ends = Ends()
    exchange = Exchange(clock, on_sent=ends.on_sent, on_disconnect=ends.on_disconnect)
    running = exchange.start()
    await clock.advance(10)
    exchange.job.set_exception(RateLimited("later"))
    await running
    assert ends.heard == []
