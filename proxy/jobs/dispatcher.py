"""Who runs job J, and when: claims what may go, adopts what dead processes left, and runs each in a task of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from proxy.clock import Clock
from proxy.jobs.board import Board
from proxy.jobs.job import Job, JobState
from proxy.jobs.ledger import Fenced, Ledger, Shown
from proxy.jobs.owner import Owner
from proxy.jobs.queue import Queue
from proxy.jobs.runner import Runner
from proxy.jobs.tally import JobTally
from proxy.metrics.tally import Tallies

log = logging.getLogger("mediashim.jobs")

LEASE = timedelta(seconds=30)
BEAT_EVERY = 8.0
"""Seconds between two signs of life; each also looks for jobs of dead processes."""
AFTER_FAULT = 30.0
"""Seconds after which a job is run again that a fault of this program has stopped."""
HELD_LOOK = 0.5
"""Seconds after which a job that waits for a free credential is looked at, as no call announces the end of a rest."""
WATCH_EVERY = 0.2
"""Seconds between two looks at whether another process has written."""
IDLE_LOOK = 5.0
"""Seconds after which the queue is looked at even if nothing has called."""


class Dispatcher:
    """Runs in every process; the ledger keeps them from treading on each other."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        runner: Runner,
        board: Board,
        owner: Owner,
        clock: Clock,
        queue: Queue,
        share: Callable[[Mapping[str, float]], None] = lambda _shares: None,
        tally: JobTally | None = None,
    ) -> None:
        """`share` is told, at each sign of life, what part of each credential's jobs at Google this process runs."""
        self._ledger = ledger
        self._runner = runner
        self._board = board
        self._owner = owner
        self._clock = clock
        self._queue = queue
        self._share = share
        self._tally = tally or JobTally(Tallies())
        self._running: dict[str, asyncio.Task[None]] = {}
        self._calls = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Take over what was left behind, then begin to serve the queue."""
        await self._adopt()
        self._loops = [asyncio.create_task(loop()) for loop in (self._serve, self._beat, self._watch)]

    async def stop(self, grace: float) -> None:
        """Claim nothing more, let submits that are under way end (at most `grace` seconds), leave the rest at Google.

        Stopping one that never started, or twice, is harmless.
        """
        self._stopping = True
        tasks = [*self._loops, *self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loops = []
        await self._runner.drain(grace)

    def call(self) -> None:
        """Something may be ready to go: a new job, a free place."""
        self._calls.set()

    def take(self, job: Job) -> None:
        """Run a job that this process has just come to own; while stopping it is left to the next start."""
        if self._stopping:
            return
        self._running[job.id] = asyncio.create_task(self._carry(job))

    def owns(self, job_id: str) -> bool:
        """This process runs the job right now."""
        return job_id in self._running

    async def _carry(self, job: Job) -> None:
        job_id, epoch = job.id, job.epoch
        try:
            runs = self._runner.run(job)
            del job  # the runner has it, and goes on to later states of it
            while not await self._carried(job_id, runs):
                if (left := await self._left(job_id, epoch)) is None:
                    return
                runs = self._runner.run(left)
        finally:
            self._running.pop(job_id, None)
            self._board.notify(job_id)  # if another process has it now: what that wrote so far was not looked at
            self._calls.set()

    async def _carried(self, job_id: str, runs: Awaitable[None]) -> bool:
        """Whether it ran without a fault of this program."""
        try:
            await runs
        except Exception:
            log.exception("running job %s failed; it is tried again in %g s", job_id, AFTER_FAULT)
            return False
        return True

    async def _left(self, job_id: str, epoch: int) -> Job | None:
        """After a fault and a pause: the row as it stands, to be run again; None if it is not this process's now."""
        while True:
            await self._clock.sleep(AFTER_FAULT)
            try:
                return await self._left_by_fault(job_id, epoch)
            except Exception:
                log.exception("job %s cannot be taken up again; another try follows in %g s", job_id, AFTER_FAULT)

    async def _left_by_fault(self, job_id: str, epoch: int) -> Job | None:
        """The row, if it is still this process's to run; a submit that may have left is not sent again."""
        row = await self._ledger.get(job_id)
        if row is None or row.epoch != epoch or row.ended or row.state is JobState.QUEUED:
            return None
        try:
            return await self._runner.give_up_submit(row) if row.state is JobState.SUBMITTING else row
        except Fenced:
            return None

    async def _serve(self) -> None:
        while not self._stopping:
            self._calls.clear()
            try:
                await self._claim_all()
                pause = await self._until_due()
            except Exception:
                log.exception("the queue could not be served; it is tried again in %g s", IDLE_LOOK)
                pause = IDLE_LOOK
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._calls.wait(), pause)

    async def _claim_all(self) -> None:
        while not self._stopping:
            job = await self._ledger.claim(self._queue.choose, self._clock.now(), Shown.FIRST_OF_LANES)
            if job is None:
                return
            self._board.notify(job.id)
            self._tally.ended(job)
            if not job.ended:
                self.take(job)

    async def _until_due(self) -> float:
        due = await self._ledger.next_due()
        if due is None:
            return IDLE_LOOK
        left = (due - self._clock.now()).total_seconds()
        # Due and not claimed: it waits for a credential, and the end of a job here calls by itself.
        return min(left, IDLE_LOOK) if left > 0 else HELD_LOOK

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            try:
                await self._ledger.beat(self._owner.id, self._clock.now() + LEASE)
                await self._adopt()
                self._share(await self._ledger.shares(self._owner.id))
            except Exception:
                log.exception("the ledger could not be written")

    async def _watch(self) -> None:
        """Wake those who wait here for what another process has in hand: its writes ring no bell in this one."""
        seen, number = None, 0
        while True:
            try:
                changes, by_others = await asyncio.to_thread(self._look, seen)
                if by_others:
                    number = await self._wake_for_others(number)
                seen = changes
            except Exception:
                log.exception("the ledger could not be read")
            await asyncio.sleep(WATCH_EVERY)

    def _look(self, seen: int | None) -> tuple[int, bool]:
        """Blocking: the number of changes, and whether others may have made those since `seen`."""
        changes = self._ledger.changes()
        return changes, changes != seen and self._owner.has_company()

    async def _wake_for_others(self, number: int) -> int:
        """Wake those who wait for what has moved since; the number to go on from."""
        moved = await self._ledger.moved(number)
        watched = self._board.watched() if moved.job_ids is None else self._board.watched_of(moved.job_ids)
        for job_id in watched:
            if not self.owns(job_id):
                self._board.notify(job_id)
        return moved.number

    async def _adopt(self) -> None:
        now = self._clock.now()
        for job in await self._ledger.adopt(self._owner.id, self._owner.alive, now + LEASE, now):
            log.info("job %s is taken up again in %s", job.id, job.state.value)
            self._board.notify(job.id)
            self.take(job)
