"""Carries one job from its claim to its media, step by step: call Google, write the event, go on.

A write that finds another epoch in the row raises Fenced, and this runner lets go.
"""

import asyncio
import itertools
import logging

from proxy.clock import Clock
from proxy.jobs.board import Board
from proxy.jobs.errors import stored, uncertain
from proxy.jobs.fetch import Fetcher
from proxy.jobs.job import Accepted, Due, Event, Job, JobState, Unknown, advance
from proxy.jobs.ledger import Fenced, Ledger
from proxy.jobs.look import Looker
from proxy.jobs.poll import Poller
from proxy.jobs.submit import DIED, UPLOAD_HOLD, Submitter
from proxy.jobs.tally import JobTally
from proxy.metrics.tally import Tallies

log = logging.getLogger("mediashim.jobs")

UNWRITTEN_DELAYS = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Seconds between tries to write an operation's name down (a full disk); the last one repeats."""


class Runner:
    """Runs jobs that this process owns; one instance for all of them."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        submitter: Submitter,
        poller: Poller,
        fetcher: Fetcher,
        looker: Looker,
        board: Board,
        clock: Clock,
        tally: JobTally | None = None,
    ) -> None:
        self._ledger = ledger
        self._submitter = submitter
        self._poller = poller
        self._fetcher = fetcher
        self._looker = looker
        self._board = board
        self._clock = clock
        self._tally = tally or JobTally(Tallies())
        self._submits: set[asyncio.Task[Job]] = set()

    async def run(self, job: Job) -> None:
        """Carry a claimed or adopted job as far as it goes: to its end, or back to the queue."""
        try:
            while not job.ended and job.state is not JobState.QUEUED:
                job = await self._step(job)
            if self._submitter.must_upload(job):
                await self._upload(job)
        except Fenced:
            log.warning("job %s is run by another process now", job.id)

    async def _step(self, job: Job) -> Job:
        match job.state:
            case JobState.SUBMITTING:
                return await self._submit(job)
            case JobState.RUNNING:
                return await self._write(job, await self._poller.until_done(job, self._submitter.told(job)))
            case JobState.FETCHING:
                return await self._write(job, await self._fetcher.fetch(job))
            case JobState.UNCERTAIN:
                return await self._write(job, await self._looker.look(job))
            case _:
                raise AssertionError(f"{job.id} in {job.state.value} needs no runner")

    async def _upload(self, job: Job) -> None:
        """Bring the inputs of a waiting job to Google, and let it be claimed again (if this process dies, it is)."""
        uploading = asyncio.create_task(self._submitter.upload(job))
        try:
            while not (await asyncio.wait({uploading}, timeout=UPLOAD_HOLD.total_seconds() / 3))[0]:
                job = await self._write(job, Due(self._clock.now() + UPLOAD_HOLD))
            await uploading
        finally:
            uploading.cancel()
            await self._write(job, Due(self._clock.now()))

    async def drain(self, grace: float) -> None:
        """Wait until no submit is under way, at most `grace` seconds: what dies inside the POST ends as uncertain."""
        left = set(self._submits)
        if left:
            _, left = await asyncio.wait(left, timeout=grace)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _submit(self, job: Job) -> Job:
        """Once begun, the POST and the writing of its answer are finished, whoever cancels the run."""
        task = asyncio.create_task(self._submit_and_write(job))
        self._submits.add(task)
        task.add_done_callback(self._submitted)
        return await asyncio.shield(task)

    def _submitted(self, task: "asyncio.Task[Job]") -> None:
        self._submits.discard(task)
        if not task.cancelled():
            task.exception()  # the run that awaited it may be gone; what had to be said of it is in the log

    async def _submit_and_write(self, job: Job) -> Job:
        event = await self._submitter.submit(job)
        if not isinstance(event, Accepted):
            return await self._write(job, event)
        # Paid for: until it is written down, this operation's name exists nowhere else.
        for pause in itertools.chain(UNWRITTEN_DELAYS, itertools.repeat(UNWRITTEN_DELAYS[-1])):
            try:
                return await self._write(job, event)
            except Fenced:
                # Taken from this process inside the POST: whoever goes on with the job needs the name.
                log.error("job %s has another owner, and Google has accepted it as %s", job.id, event.operation)
                await self._ledger.accepted_late(job.id, event.operation, self._clock.now())
                raise
            except Exception:
                log.exception(
                    "job %s could not be written; Google has accepted it as %s; again in %g s",
                    job.id,
                    event.operation,
                    pause,
                )
            await self._clock.sleep(pause)
        raise AssertionError("the pauses never end")

    async def give_up_submit(self, job: Job) -> Job:
        """A fault of this program inside a submit: nobody can know what Google got."""
        return await self._write(job, Unknown(stored(uncertain(job, DIED))))

    async def _write(self, job: Job, event: Event) -> Job:
        changed = advance(job, event, self._clock.now())
        await self._ledger.save(changed)
        self._tally.ended(changed)
        log.info(
            "job %s: %s -> %s%s", job.id, job.state, changed.state, f" ({changed.error.code})" if changed.error else ""
        )
        self._board.notify(job.id)
        return changed
