"""proxy/respond/standby.py: a task that waits listens itself, and wakes for what happened, for time, and for nobody."""

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from proxy.respond import EventStream, Pace
from proxy.respond.disconnect import ClientGone, while_connected
from proxy.respond.event_stream import Item
from proxy.respond.standby import Standby
from tests.proxy.respond.conftest import settle
from tests.proxy.respond.test_disconnect import Client


async def until_rung(standby: Standby, longest: float | None = None) -> bool:
    """Work that waits once."""
    return await standby.wait(longest)


async def test_waiting_takes_no_second_task() -> None:
    """And the bell ends it."""
    standby = Standby()
    waiting = asyncio.create_task(while_connected(Client().receive, until_rung(standby), at_once=True, standby=standby))
    await settle()
    assert len(asyncio.all_tasks()) == 2
    standby.set()
    standby.set()
    assert await waiting
    assert waiting.cancelling() == 0
    assert len(asyncio.all_tasks()) == 1


async def test_what_happened_before_is_not_waited_for() -> None:
    """Until it is cleared."""
    standby = Standby()
    standby.set()

    async def work() -> list[bool]:
        found = [await standby.wait(), standby.is_set()]
        standby.clear()
        return [*found, standby.is_set()]

    assert await while_connected(Client().receive, work(), standby=standby) == [True, True, False]


async def test_time_is_up_by_the_common_clock(clock: Any) -> None:
    """Again and again, with one sleeping task for all who wait, and none when the last has gone."""
    found: list[bool] = []
    before = len(asyncio.all_tasks())

    async def work(standby: Standby) -> None:
        found.extend([await standby.wait(10) for _ in range(3)])

    bells = [Standby(clock.sleep, clock.monotonic) for _ in range(50)]
    waiting = [
        asyncio.create_task(while_connected(Client().receive, work(standby), standby=standby)) for standby in bells
    ]
    await settle()
    assert len(asyncio.all_tasks()) == before + 50 + 1
    await clock.advance(9)
    assert found == []
    for _ in range(3):
        await clock.advance(10)
    await asyncio.gather(*waiting)
    assert sorted(found) == [False] * 150
    assert len(asyncio.all_tasks()) == before


async def test_a_change_begins_the_time_anew(clock: Any) -> None:
    """The look that was planned finds that it is too early, and one look is planned at any time."""
    standby = Standby(clock.sleep, clock.monotonic)
    found: list[bool] = []

    async def work() -> None:
        while True:
            found.append(await standby.wait(10))
            standby.clear()

    waiting = asyncio.create_task(while_connected(Client().receive, work(), standby=standby))
    for _ in range(5):
        await clock.advance(6)
        standby.set()
        await settle()
    assert found == [True] * 5
    await clock.advance(9)
    assert found == [True] * 5
    await clock.advance(1)
    assert found == [True] * 5 + [False]
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_client_that_goes_ends_the_work_where_it_stands_by() -> None:
    """As a cancellation, so that what it cleans up can wait for something; then ClientGone."""
    client, standby, ended = Client(), Standby(), []

    async def work() -> None:
        try:
            await standby.wait()
        except ClientGone:
            ended.append("failure")
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    client.send("http.request")
    client.send("http.disconnect")
    with pytest.raises(ClientGone):
        await while_connected(client.receive, work(), standby=standby)
    assert ended == ["cleaned up"]
    assert len(asyncio.all_tasks()) == 1


async def test_between_two_waits_the_clients_going_is_noticed_too() -> None:
    """The answer may take as long to be read as to be made."""
    client, standby = Client(), Standby()
    standing = asyncio.Event()

    async def work() -> None:
        standing.set()
        await standby.wait()
        client.send("http.disconnect")
        await asyncio.Event().wait()

    waiting = asyncio.create_task(while_connected(client.receive, work(), at_once=True, standby=standby))
    await standing.wait()
    standby.set()
    with pytest.raises(ClientGone):
        await waiting


async def test_a_broken_receive_is_not_a_client_that_went() -> None:
    """A server's own failure is shown as it is, and is none of the work's."""
    standby = Standby()

    async def receive() -> dict[str, Any]:
        raise OSError("broken")

    async def work() -> str:
        try:
            await standby.wait()
        except OSError:
            return "the work's own failure"
        return "rung"

    with pytest.raises(OSError, match="broken"):
        await while_connected(receive, work(), standby=standby)


async def test_a_cancellation_from_elsewhere_goes_on() -> None:
    """Alone, and when the bell rings in the same moment."""
    for rings in (False, True):
        standby = Standby()
        waiting = asyncio.create_task(while_connected(Client().receive, until_rung(standby), standby=standby))
        await settle()
        if rings:
            standby.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert len(asyncio.all_tasks()) == 1


async def test_a_bell_that_rings_when_nobody_waits_wakes_nobody(clock: Any) -> None:
    """Before the work, while it does something else, and after it."""
    standby = Standby(clock.sleep, clock.monotonic)

    async def work() -> bool:
        await standby.wait(10)
        standby.set()
        standby.clear()
        await clock.sleep(20)
        return standby.is_set()

    waiting = asyncio.create_task(while_connected(Client().receive, work(), standby=standby))
    for _ in range(4):
        await clock.advance(10)
    assert not await waiting
    standby.set()
    await settle()


async def test_a_client_that_goes_when_the_work_is_done_has_its_result(clock: Any) -> None:
    """Putting the bell away takes a moment, in which uvicorn says `http.disconnect` after every complete answer."""
    client, standby = Client(), Standby(clock.sleep, clock.monotonic)

    async def work() -> str:
        await standby.wait(10)
        await asyncio.sleep(0)
        client.send("http.disconnect")
        return "done"

    waiting = asyncio.create_task(while_connected(client.receive, work(), at_once=True, standby=standby))
    await settle()
    standby.set()
    assert await waiting == "done"


async def test_a_stream_that_waits_is_small() -> None:
    """Its own task and frames, without the server's: no chunk that was sent, no listener, no timer."""
    many = 300

    async def items(standby: Standby) -> AsyncGenerator[Item, None]:
        yield {"content": "x" * 4000}
        await standby.wait(3600)

    def begin() -> "asyncio.Task[None]":
        standby = Standby()
        stream = EventStream(items(standby), pace=Pace(seconds=3600), on_disconnect=settle, standby=standby)
        return asyncio.create_task(stream({"type": "http"}, receive, swallow))

    stays = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await stays.wait()
        return {"type": "http.disconnect"}

    async def swallow(message: Any) -> None:
        del message

    tasks = [begin() for _ in range(many)]  # what is made once is made now
    await settle()
    gc.collect()
    tracemalloc.start()
    try:
        tasks += [begin() for _ in range(many)]
        await settle()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(asyncio.all_tasks()) == 2 * many + 2  # and this one, and the one that sleeps for all
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert held / many < 7_000


async def test_only_work_can_stand_by() -> None:
    """Elsewhere nobody would listen."""
    with pytest.raises(RuntimeError, match="while_connected"):
        await Standby().wait()
