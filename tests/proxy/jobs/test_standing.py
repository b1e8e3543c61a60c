"""Places in the queue: right, and read once for everyone."""

import asyncio
from collections.abc import Sequence

import pytest

from proxy.jobs.job import Job
from proxy.jobs.standing import FRESH_FOR_EACH, Standing
from tests.jobs import a_job, a_job_at
from tests.proxy.jobs.fake_clock import FakeClock


class Queue:
    """A ledger with nothing but a queue."""

    def __init__(self, waiting: int) -> None:
        self.waiting = [f"video_{number}" for number in range(waiting)]
        self.readings = 0
        self.counted: list[str] = []

    async def turns(self) -> Sequence[str]:
        self.readings += 1
        await asyncio.sleep(0)
        return list(self.waiting)

    async def position(self, job: Job) -> int:
        self.counted.append(job.id)
        return self.waiting.index(job.id) if job.id in self.waiting else 0

    def leave(self) -> None:
        self.waiting.pop(0)


async def places(standing: Standing, *numbers: int) -> list[int]:
    return await asyncio.gather(*(standing.position(a_job(f"video_{number}")) for number in numbers))


async def test_one_reading_serves_everyone() -> None:
    """A thousand who ask at once, and again a moment later, cost one question."""
    queue, clock = Queue(1000), FakeClock()
    standing = Standing(queue, clock)
    assert await places(standing, *range(1000)) == list(range(1000))
    clock.advance(0.05)
    assert await places(standing, 7, 8) == [7, 8]
    assert queue.readings == 1


@pytest.mark.parametrize(("waiting", "readings"), [(2, 2), (10_000, 1)])
async def test_a_change_is_seen_as_soon_as_its_cost_allows(waiting: int, readings: int) -> None:
    """At once in a short queue; in a long one when the last reading has paid for itself."""
    queue, clock = Queue(waiting), FakeClock()
    standing = Standing(queue, clock)
    await places(standing, 1)
    clock.advance(0.01)
    queue.leave()
    await places(standing, 1)
    assert queue.readings == readings
    clock.advance(FRESH_FOR_EACH.total_seconds() * waiting)
    assert await places(standing, 1) == [0]


async def test_a_newcomer_is_counted_by_itself() -> None:
    """However fresh the last reading is, it cannot tell of one who was not there; and the others are not read again."""
    queue, clock = Queue(10_000), FakeClock()
    standing = Standing(queue, clock)
    await places(standing, 0)
    queue.waiting.append("video_10000")

    assert await places(standing, 10_000) == [10_000]
    assert (queue.readings, queue.counted) == (1, ["video_10000"])


async def test_who_waits_no_more_has_nobody_before_it() -> None:
    """And costs no question."""
    queue = Queue(3)
    assert await Standing(queue, FakeClock()).position(a_job_at("running")) == 0
    assert queue.readings == 0
    assert await Standing(queue, FakeClock()).position(a_job("unknown")) == 0
