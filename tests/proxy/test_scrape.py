"""What is so right now, beside what was counted: of one process, and of several that share a folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from proxy.credentials.load import gemini_api_key
from proxy.credentials.pool import CredentialPool
from proxy.credentials.tokens import Tokens
from proxy.jobs.job import JobState
from proxy.jobs.ledger import COUNTED, Census
from proxy.metrics import table
from proxy.metrics.tally import Tallies
from proxy.scrape import Scrape, scraping
from proxy.upstream import Upstream
from tests.proxy.jobs.fake_clock import FakeClock
from translators.errors import RateLimited
from translators.google_errors import Blame, Verdict

KEY = gemini_api_key("0123456789abcdef0123")
OTHER = gemini_api_key("fedcba98765432100123")
NOTHING = Census(jobs=dict.fromkeys(COUNTED, 0))


class Worker:
    """One process's tallies and pool; `now` is the machine's monotonic clock, which all have in common."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.tallies = Tallies(["m"])
        self.pool = CredentialPool([KEY, OTHER], clock=self.now)
        self.upstream = Upstream(tokens=Tokens(now=lambda: datetime.now(UTC)), clock=self.now)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def rest(self, credential: Any, model: str, seconds: float, blame: Blame = Blame.CREDENTIAL_MODEL) -> None:
        verdict = Verdict(error=RateLimited("slow"), blame=blame, retry_after=seconds, accepted="no")
        self.pool.report(credential.id, model, verdict)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def opened(stack: AsyncExitStack, worker: Worker, folder: Path | None = None) -> Scrape:
    return await stack.enter_async_context(
        scraping(
            worker.tallies,
            pool=worker.pool,
            upstream=worker.upstream,
            clock=worker.clock,
            monotonic=worker.now,
            folder=folder,
        )
    )


async def gauges(scrape: Scrape, name: str, census: Census = NOTHING) -> dict[tuple[str, ...], float]:
    return dict((await scrape.figures(census)).snapshot.gauges[name])


async def test_rests_are_told_in_seconds_that_are_left(stack: AsyncExitStack, clock: FakeClock) -> None:
    """Every credential is named with an empty model; unknown models are one, and the longest rest holds."""
    worker = Worker(clock)
    scrape = await opened(stack, worker)
    assert await gauges(scrape, table.REST) == {(KEY.id, ""): 0, (OTHER.id, ""): 0}
    worker.rest(KEY, "m", 10)
    worker.rest(KEY, "made-up-1", 20)
    worker.rest(KEY, "made-up-2", 30)
    worker.rest(OTHER, "m", 40, Blame.CREDENTIAL)
    await clock.sleep(4)
    assert await gauges(scrape, table.REST) == {
        (KEY.id, ""): 0,
        (KEY.id, "m"): 6,
        (KEY.id, "other"): 26,
        (OTHER.id, ""): 36,
    }


async def test_the_ledgers_word_on_jobs(stack: AsyncExitStack, clock: FakeClock) -> None:
    """Counts by state, and the age of the oldest that waits; a clock that was set back makes no age below 0."""
    scrape = await opened(stack, Worker(clock))
    jobs = {**NOTHING.jobs, JobState.QUEUED: 3, JobState.UNCERTAIN: 1}
    census = Census(jobs=jobs, oldest_queued=clock.now() - timedelta(seconds=90))
    ahead = Census(jobs=jobs, oldest_queued=clock.now() + timedelta(seconds=90))
    assert await gauges(scrape, table.QUEUE_LENGTH, census) == {(): 3}
    assert await gauges(scrape, table.QUEUE_AGE, census) == {(): 90}
    assert await gauges(scrape, table.QUEUE_AGE, ahead) == await gauges(scrape, table.QUEUE_AGE) == {(): 0}
    assert (await gauges(scrape, table.JOBS, census))["uncertain",] == 1


async def test_open_circuits_by_host_without_a_password(stack: AsyncExitStack, clock: FakeClock) -> None:
    """An address may carry one; host and port are enough."""
    worker = Worker(clock)
    scrape = await opened(stack, worker)
    for _ in range(5):
        worker.upstream._breaker.failed("user:secret@relay.example:8443")
    assert await gauges(scrape, table.CIRCUITS) == {("relay.example:8443",): 1}


async def test_what_was_told_is_not_taken_back_when_a_worker_dies(tmp_path: Path, clock: FakeClock) -> None:
    """A scrape writes before it answers, so that another worker's next one says no less, and names the longest rest."""
    one, two = Worker(clock), Worker(clock)
    async with AsyncExitStack() as stack, AsyncExitStack() as dying:
        first = await opened(dying, one, tmp_path)
        second = await opened(stack, two, tmp_path)
        one.tallies.joins["gemini", "m"] += 2
        one.rest(KEY, "m", 30)
        two.rest(KEY, "m", 10)
        await second.figures(NOTHING)
        told = await first.figures(NOTHING)
        seen = await second.figures(NOTHING)
        await dying.aclose()
        after = await second.figures(NOTHING)

    assert len(told.workers) == len(seen.workers) == 2
    assert len(after.workers) == 1
    for figures in (told, seen, after):
        assert dict(figures.snapshot.counters[table.JOINS]) == {("gemini", "m"): 2}
    assert dict(told.snapshot.gauges[table.REST])[KEY.id, "m"] == 30
    assert dict(seen.snapshot.gauges[table.REST])[KEY.id, "m"] == 30
    assert dict(after.snapshot.gauges[table.REST])[KEY.id, "m"] == 10


async def test_the_last_counts_are_written_at_the_end(tmp_path: Path, clock: FakeClock) -> None:
    """What a worker counts while it stops is not lost."""
    ending, staying = Worker(clock), Worker(clock)
    async with AsyncExitStack() as stack:
        async with AsyncExitStack() as short:
            await opened(short, ending, tmp_path)
            await asyncio.sleep(0)
            ending.tallies.spent_dollars["gemini", "m"] += 0.5
        figures = await (await opened(stack, staying, tmp_path)).figures(NOTHING)
    assert dict(figures.snapshot.counters[table.SPENT]) == {("gemini", "m"): 0.5}
