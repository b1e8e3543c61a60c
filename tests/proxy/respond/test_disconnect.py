"""proxy/respond/disconnect.py: waiting ends when the client goes, and nothing is left running."""

import asyncio
from typing import Any

import pytest

from proxy.respond.disconnect import ClientGone, disconnected, while_connected


class Client:
    """The receiving side of one request."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        return await self._messages.get()

    def send(self, kind: str) -> None:
        self._messages.put_nowait({"type": kind})


async def test_the_result_comes_back_while_the_client_stays() -> None:
    """And the listener is gone afterwards."""

    async def work() -> int:
        await asyncio.sleep(0)
        return 5

    assert await while_connected(Client().receive, work()) == 5
    assert len(asyncio.all_tasks()) == 1


async def test_an_error_comes_back_as_it_is() -> None:
    """Not wrapped in anything."""

    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await while_connected(Client().receive, work())


async def test_when_the_client_goes_the_waiting_ends_and_the_job_goes_on() -> None:
    """The waiter is cancelled and has cleaned up by the time ClientGone is raised; the job it waited for is not."""
    client, ended = Client(), []
    job: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def subscription() -> str:
        try:
            return await asyncio.shield(job)
        finally:
            await asyncio.sleep(0)
            ended.append(True)

    client.send("http.request")
    client.send("http.disconnect")
    with pytest.raises(ClientGone):
        await while_connected(client.receive, subscription())
    assert ended == [True]
    assert not job.done()
    assert len(asyncio.all_tasks()) == 1
    job.cancel()


async def test_a_cancelled_request_leaves_nothing_behind() -> None:
    """When the server shuts down, the work is cancelled with the request."""
    task = asyncio.create_task(while_connected(Client().receive, asyncio.sleep(3600)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(asyncio.all_tasks()) == 1


async def test_a_broken_receive_is_not_a_client_that_went() -> None:
    """A server's own failure is shown as it is."""

    async def receive() -> dict[str, Any]:
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await while_connected(receive, asyncio.sleep(3600))


async def test_disconnected_skips_what_is_left_of_the_body() -> None:
    """Only `http.disconnect` ends it."""
    client = Client()
    for _ in range(3):
        client.send("http.request")
    waiting = asyncio.create_task(disconnected(client.receive))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not waiting.done()
    client.send("http.disconnect")
    await waiting


async def test_work_that_is_done_at_once_is_not_listened_for() -> None:
    """Nothing is asked of the server, and no task is made."""

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody asks")

    async def work() -> int:
        return len(asyncio.all_tasks())

    assert await while_connected(receive, work()) == 1


async def test_a_cancellation_from_elsewhere_goes_on_though_the_client_went_too() -> None:
    """The server is shutting down, and that is what its task must see."""
    client, begun = Client(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            task.cancel()  # a second reason, while the first one is being dealt with

    task = asyncio.create_task(while_connected(client.receive, work()))
    await begun.wait()
    client.send("http.disconnect")
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_work_that_ends_well_although_the_client_went_has_its_result() -> None:
    """What was caught is not raised again, and the task is no longer being cancelled."""
    client = Client()

    async def stubborn() -> str:
        client.send("http.disconnect")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "done"
        raise AssertionError("the wait never ends by itself")

    assert await while_connected(client.receive, stubborn()) == "done"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
