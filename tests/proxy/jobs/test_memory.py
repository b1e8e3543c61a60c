"""What waiting costs: a job that Google works on, and one who follows a job, stay far below their promise."""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

from proxy.jobs.board import Board
from proxy.jobs.desk import Desk
from proxy.jobs.rows import from_row, to_row
from proxy.jobs.runner import Runner
from tests.jobs import NOW, a_job_at
from tests.proxy.jobs.fake_clock import FakeClock

MANY = 400
PROMISE = 12_000
"""Bytes for each waiting job, measured with the whole process (benchmarks/README.md); here without what is shared."""


async def allocated(begin: Callable[[int], "asyncio.Task[object]"]) -> float:
    """Bytes for each of MANY tasks that are begun and wait."""
    tasks = [begin(number) for number in range(MANY)]  # what is made once is made now
    await asyncio.sleep(0.2)
    gc.collect()
    tracemalloc.start()
    try:
        tasks += [begin(number) for number in range(MANY, 2 * MANY)]
        await asyncio.sleep(0.2)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return held / MANY


class Sleepy:
    """A poller whose next poll is hours away."""

    async def until_done(self, job: object, told: object) -> object:
        await asyncio.sleep(3600)
        return job


class Rows:
    """A ledger that decodes a row each time, as a real one does."""

    def __init__(self, place: str) -> None:
        self._row = to_row(replace(a_job_at(place), prompt="a red kite over the sea"))

    async def get(self, job_id: str) -> object:
        return replace(from_row(self._row), id=job_id)


async def test_a_job_at_google_is_small() -> None:
    """Its row and the frames that wait for its next poll; no request, no input."""
    nothing = None
    runner = Runner(
        ledger=nothing,
        submitter=nothing,
        poller=Sleepy(),
        fetcher=nothing,
        looker=nothing,
        board=Board(),
        clock=nothing,
    )
    row = to_row(a_job_at("running"))
    each = await allocated(lambda number: asyncio.create_task(runner.run(from_row(row))))

    assert each < PROMISE / 2


async def test_one_who_follows_a_job_is_small() -> None:
    """One task, one row, one future and one timer."""
    desk = Desk(
        ledger=Rows("queued"),
        dispatcher=None,
        canceller=None,
        board=Board(),
        owner=None,
        clock=FakeClock(),
        new_id=str,
        settings=None,
    )

    async def follow(number: int) -> None:
        job = a_job_at("queued", f"video_{number}", created_at=NOW)
        async for _ in desk.follow(job, tick=3600.0):
            pass

    each = await allocated(lambda number: asyncio.create_task(follow(number)))

    assert each < PROMISE / 2
