"""Two proxies on one data directory: one dies or freezes in the middle of a paid job, and the other goes on with it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from proxy.jobs.job import Job, JobState
from proxy.simulator import RunningSimulator, running_simulator
from tests.kills.backends import BACKENDS, Backend
from tests.kills.disk import damage, jobs_on_disk
from tests.kills.process import Victim
from tests.kills.scenario import Life, Scenario

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)]

LATENCY = 1.5
"""Seconds a video takes: long enough to be in the middle of it."""


@asynccontextmanager
async def two_proxies(
    backend: Backend, folder: Path
) -> AsyncIterator[tuple[RunningSimulator, Life, tuple[Victim, str], tuple[Victim, str]]]:
    """A Google, and two proxies with their addresses; both are dead in the end."""
    slow = replace(backend, latency=LATENCY)
    async with running_simulator(slow.settings()) as google:
        life = Life(Scenario(backend=slow, deaths=()), google, folder)
        proxies = [life.start(log=f"{name}.txt") for name in ("first", "second")]
        try:
            first, second = [(proxy, str(await proxy.ready())) for proxy in proxies]
            yield google, life, first, second
        finally:
            for proxy in proxies:
                proxy.signal(signal.SIGCONT)
                await proxy.kill()


async def row_that(folder: Path, is_so: Callable[[Job], bool]) -> Job:
    """The only job, once it is as wanted."""
    async with asyncio.timeout(30):
        while True:
            for job in jobs_on_disk(folder / "data"):
                if is_so(job):
                    return job
            await asyncio.sleep(0.02)  # another process writes: there is nothing to wait on but the file


async def test_the_survivor_takes_over_from_the_dead(tmp_path: Path, backend: Backend) -> None:
    """The process that submitted is killed: the other polls on, and delivers what was paid for once."""
    async with two_proxies(backend, tmp_path) as (google, life, (first, first_url), (_, second_url)):
        asking = asyncio.create_task(life.ask(first_url))
        before = await row_that(tmp_path, lambda job: job.state is JobState.RUNNING)
        await first.kill()
        assert (await asking).broken
        taken = await row_that(tmp_path, lambda job: job.owner != before.owner)
        assert (taken.operation, taken.epoch) == (before.operation, before.epoch + 1)
        said = await life.ask(second_url)
        assert (said.job_id, said.error) == (before.id, None)
        assert len(google.submits) == 1
    assert await damage(tmp_path / "data") == []


async def test_the_frozen_is_taken_over_and_fenced(tmp_path: Path, backend: Backend) -> None:
    """A stopped process loses its job by the lease; continued, it changes nothing, and its own caller is served too."""
    async with two_proxies(backend, tmp_path) as (google, life, (first, first_url), (_, second_url)):
        asking = asyncio.create_task(life.ask(first_url))
        before = await row_that(tmp_path, lambda job: job.state is JobState.RUNNING)
        first.signal(signal.SIGSTOP)
        done = await row_that(tmp_path, lambda job: job.state is JobState.COMPLETED)
        assert done.epoch == before.epoch + 1
        first.signal(signal.SIGCONT)
        said = await asking
        again = await life.ask(second_url)
        assert (said.job_id, said.video) == (done.id, again.video)
        [after] = jobs_on_disk(tmp_path / "data")
        assert (after.epoch, after.media) == (done.epoch, done.media)
        assert len(google.submits) == 1
    assert await damage(tmp_path / "data") == []
