"""One job from claim to media: what was paid for is written down, whatever happens around it."""

import asyncio
import logging

import pytest

from proxy.jobs.job import JobState
from proxy.jobs.ledger import Fenced
from proxy.simulator import Fault, Hang
from tests.proxy.jobs.bench import a_bench


async def test_a_whole_life(tmp_path) -> None:
    """Claimed, accepted, done, fetched: one submit, and times in their order."""
    async with a_bench(tmp_path) as bench:
        await bench.job()
        job = await bench.carry()

    assert job.created_at <= job.submitted_at <= job.done_at <= job.finished_at
    assert job.operation == bench.simulator.submits[0].name
    assert (job.owner, job.error, job.media[0].duration) == (None, None, 4.0)
    assert len(bench.simulator.submits) == 1


async def test_a_name_that_cannot_be_written_is_written_later(tmp_path, monkeypatch, caplog) -> None:
    """The disk is full just after Google accepted: the name is in the log, and in the row as soon as that works."""
    async with a_bench(tmp_path) as bench:
        await bench.job()
        claimed = await bench.claim()
        save, failures = bench.ledger.save, [OSError(28, "No space left on device")] * 7

        async def full(job) -> None:
            if failures:
                raise failures.pop()
            await save(job)

        monkeypatch.setattr(bench.ledger, "save", full)
        await bench.runner.run(claimed)
        job = await bench.row()

    assert job.state is JobState.COMPLETED
    assert caplog.text.count(f"Google has accepted it as {job.operation}") == 7
    assert len(bench.simulator.submits) == 1


async def test_a_name_that_came_too_late_is_kept(tmp_path, caplog) -> None:
    """Another process has taken the job for lost: the name is in its row and in the log, and nobody submits again."""
    caplog.set_level(logging.ERROR)
    async with a_bench(tmp_path) as bench:
        await bench.job()
        claimed = await bench.claim()
        bench.clock.advance(60)
        await bench.adopted()
        with pytest.raises(Fenced):
            await bench.runner._submit_and_write(claimed)
        await bench.runner.run(claimed)
        job = await bench.row()

    [submit] = bench.simulator.submits
    assert (job.state, job.operation, job.owner) == (JobState.RUNNING, submit.name, None)
    assert f"Google has accepted it as {submit.name}" in caplog.text


async def test_a_cancelled_run_finishes_its_submit(tmp_path) -> None:
    """The POST is under way when the program stops: its answer is waited for and written."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Hang(after_accepting=True)))
        await bench.job()
        run = asyncio.create_task(bench.runner.run(await bench.claim()))
        await bench.simulator.faults.until_someone_waits()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        draining = asyncio.create_task(bench.runner.drain(20.0))
        bench.simulator.faults.release()
        await draining
        left = await bench.row()
        bench.simulator.faults.clear()
        adopted = await bench.adopted()
        await bench.runner.run(adopted)
        job = await bench.row()

    assert (left.state, left.operation) == (JobState.RUNNING, bench.simulator.submits[0].name)
    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_a_submit_that_outlasts_the_grace(tmp_path) -> None:
    """It is given up, not sent again: the next start finds it uncertain."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Hang(after_accepting=True)))
        await bench.job()
        run = asyncio.create_task(bench.runner.run(await bench.claim()))
        await bench.simulator.faults.until_someone_waits()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await bench.runner.drain(0.05)
        left = await bench.row()
        adopted = await bench.adopted()
        await bench.runner.run(adopted)
        job = await bench.row()

    assert left.state is JobState.SUBMITTING
    assert (job.state, job.error.code) == (JobState.UNCERTAIN, "submission_uncertain")
    assert len(bench.simulator.requests_for("predictLongRunning")) == 1
