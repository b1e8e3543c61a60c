"""Who runs what and when: stop and start, adoption, faults of the program itself, limits under load."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from proxy.jobs.board import Board
from proxy.jobs.dispatcher import Dispatcher
from proxy.jobs.job import JobState
from proxy.jobs.owner import Owner
from proxy.simulator import Fault, Hang, Stuck
from tests.proxy.jobs.bench import Bench, a_bench


@asynccontextmanager
async def serving(bench: Bench, tmp_path, *, grace: float = 5.0) -> AsyncIterator[Dispatcher]:
    """A dispatcher at work, stopped in the end as the program stops it."""
    with Owner.acquire(tmp_path) as owner:
        bench.owner = owner.id
        dispatcher = Dispatcher(
            ledger=bench.ledger,
            runner=bench.runner,
            board=bench.runner._board,
            owner=owner,
            clock=bench.clock,
            queue=bench.queue,
        )
        await dispatcher.start()
        try:
            yield dispatcher
        finally:
            await dispatcher.stop(grace)
            await dispatcher.stop(grace)


async def state(bench: Bench, *states: JobState, job_id: str = "video_1"):
    """The job, once it stands in one of these states."""
    board: Board = bench.runner._board
    with board.subscribe(job_id) as changed:
        while (job := await bench.row(job_id)).state not in states:
            await changed.wait()
            changed.clear()
        return job


async def test_a_stop_in_the_post_and_the_next_start(tmp_path) -> None:
    """The submit under way ends and is written; the next start polls on; one submit."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Hang(after_accepting=True)))
        await bench.job()
        async with serving(bench, tmp_path):
            await bench.simulator.faults.until_someone_waits()
            asyncio.get_running_loop().call_later(0.05, bench.simulator.faults.release)
        left = await bench.row()
        bench.simulator.faults.clear()
        async with serving(bench, tmp_path):
            job = await state(bench, JobState.COMPLETED, JobState.FAILED, JobState.UNCERTAIN)

    assert left.state is JobState.RUNNING
    assert job.state is JobState.COMPLETED
    assert job.epoch == left.epoch + 1
    assert len(bench.simulator.submits) == 1


async def test_a_fault_of_the_program_does_not_lose_a_job(tmp_path, monkeypatch) -> None:
    """A bug in the poller, twice: the job is run again from its row, and the operation is not paid for anew."""
    async with a_bench(tmp_path) as bench:
        until_done, faults = bench.runner._poller.until_done, [KeyError("bug"), OSError(28, "disk")]

        async def broken(job, told):
            if faults:
                raise faults.pop()
            return await until_done(job, told)

        monkeypatch.setattr(bench.runner._poller, "until_done", broken)
        await bench.job()
        async with serving(bench, tmp_path):
            job = await state(bench, JobState.COMPLETED, JobState.FAILED, JobState.UNCERTAIN)

    assert (job.state, faults) == (JobState.COMPLETED, [])
    assert len(bench.simulator.submits) == 1


async def test_a_fault_inside_the_submit_is_never_sent_again(tmp_path, monkeypatch) -> None:
    """Nobody can know what Google got: uncertain."""
    async with a_bench(tmp_path) as bench:
        submit = bench.runner._submitter.submit

        async def broken(job):
            await submit(job)
            raise KeyError("bug")

        monkeypatch.setattr(bench.runner._submitter, "submit", broken)
        await bench.job()
        async with serving(bench, tmp_path):
            job = await state(bench, JobState.UNCERTAIN)
            while not job.ended:
                job = await bench.row()

    assert job.error.code == "submission_uncertain"
    assert len(bench.simulator.submits) == 1


async def test_a_ledger_that_cannot_be_read_for_a_while(tmp_path, monkeypatch) -> None:
    """The fault meets a second one on the way back; the job is taken up all the same."""
    async with a_bench(tmp_path) as bench:
        until_done, get = bench.runner._poller.until_done, bench.ledger.get
        faults, unreadable = [KeyError("bug")], [OSError("disk"), OSError("disk")]

        async def broken(job, told):
            if faults:
                raise faults.pop()
            return await until_done(job, told)

        async def unread(job_id):
            if not faults and unreadable:
                raise unreadable.pop()
            return await get(job_id)

        monkeypatch.setattr(bench.runner._poller, "until_done", broken)
        await bench.job()
        async with serving(bench, tmp_path) as dispatcher:
            await state(bench, JobState.RUNNING)
            monkeypatch.setattr(bench.ledger, "get", unread)
            while dispatcher.owns("video_1"):  # noqa: ASYNC110 - the ledger is broken on purpose
                await asyncio.sleep(0)
            job = await get("video_1")

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_after_a_stop_nothing_new_begins(tmp_path) -> None:
    """A job that comes to a stopping process stays in the ledger for the next one."""
    async with a_bench(tmp_path) as bench:
        async with serving(bench, tmp_path) as dispatcher:
            pass
        await bench.job()
        dispatcher.call()
        dispatcher.take(await bench.claim())

        assert not dispatcher.owns("video_1")
        assert not bench.simulator.requests


async def test_never_more_at_google_than_allowed(tmp_path) -> None:
    """Six jobs, two at once: Google never sees a third before one of them has ended."""
    async with a_bench(tmp_path) as bench:
        bench.lanes = {name: replace(lane, concurrency=2) for name, lane in bench.lanes.items()}
        bench.simulator.faults.add(Fault(verb="predictLongRunning", times=2, action=Stuck()))
        for number in range(6):
            await bench.job(job_id=f"video_{number}", prompt=f"kite {number}")
        most = 0
        async with serving(bench, tmp_path):
            waiting = [f"video_{number}" for number in range(6)]
            while waiting:
                at_google = await bench.ledger.count((JobState.SUBMITTING, JobState.RUNNING))
                most = max(most, at_google)
                waiting = [job_id for job_id in waiting if not (await bench.row(job_id)).ended]
        jobs = [await bench.row(f"video_{number}") for number in range(6)]

    assert most == 2
    assert len(bench.simulator.submits) == 6
    assert sorted(job.state for job in jobs) == ["completed"] * 4 + ["failed"] * 2
