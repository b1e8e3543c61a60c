"""proxy/eager_start.py: the first step is taken at once, and all that follows is as in a task."""

import asyncio
from typing import Any

import pytest

from proxy.eager_start import begun


async def test_what_never_waits_is_done_at_once() -> None:
    """Nothing is left for the task."""
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    rest = begun(work())
    assert done == [1]
    await asyncio.create_task(rest)
    assert done == [1]


async def test_what_waits_goes_on_in_its_task() -> None:
    """With what it waited for, as often as it waits."""
    bells: list[asyncio.Future[int]] = [asyncio.get_running_loop().create_future() for _ in range(2)]
    heard: list[int] = []

    async def work() -> None:
        for bell in bells:
            heard.append(await bell)
            await asyncio.sleep(0)

    task = asyncio.create_task(begun(work()))
    for number, bell in enumerate(bells):
        await asyncio.sleep(0)
        bell.set_result(number)
        for _ in range(3):
            await asyncio.sleep(0)
    await task
    assert heard == [0, 1]


async def test_a_cancellation_reaches_it_where_it_waits() -> None:
    """And what it makes of that is what the task does."""
    told: list[str] = []

    async def work() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    task = asyncio.create_task(begun(work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["cancelled"]


async def test_a_failure_in_its_first_step_is_raised() -> None:
    """By whoever began it."""

    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        begun(work())


async def test_a_failure_later_is_the_tasks() -> None:
    """As ever."""
    bell: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        await bell

    task = asyncio.create_task(begun(work()))
    bell.set_exception(LookupError())
    with pytest.raises(LookupError):
        await task


async def test_one_that_nobody_awaits_is_closed() -> None:
    """What it holds is let go."""
    told: list[str] = []

    async def work() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            told.append("closed")

    task = asyncio.create_task(begun(work()))
    await asyncio.sleep(0)
    task.get_coro().close()  # type: ignore[union-attr]
    assert told == ["closed"]
    task.cancel()
