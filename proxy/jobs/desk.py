"""What the routes see of jobs: place one (or join the one a request repeats), follow it, cancel, list, delete.

The waiting client subscribes to the job; it does not own it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from proxy.clock import Clock
from proxy.google_files.uploads import UploadLimits
from proxy.jobs.board import Bell, Board
from proxy.jobs.cancel import Canceller
from proxy.jobs.dispatcher import LEASE, Dispatcher
from proxy.jobs.job import TIMED_OUT, Job, JobState, JobTarget, advance
from proxy.jobs.join import JoinRules, Repeat, check_key, joined
from proxy.jobs.ledger import Census, Fenced, KeyTaken, Ledger, Page
from proxy.jobs.owner import Owner
from proxy.jobs.standing import Standing
from proxy.jobs.tally import JobTally
from proxy.jobs.targets import check_size
from proxy.metrics.tally import Tallies
from proxy.name_locks import NameLocks
from translators.errors import NotFound, RateLimited, Unavailable
from translators.video.spec import VideoSpec

AT_THE_HEELS = 0.25
"""Seconds that a request waits whose equal is being waited for: a client that hangs up and asks again at once, without
a mark, can be here before its hanging up is noticed, and would pay for a second video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request for a video, ready to become a job."""

    caller: str
    asked_model: str
    spec: VideoSpec
    targets: tuple[JobTarget, ...]
    repeat: Repeat
    priority: int = 0
    source: str = "chat"
    waits: bool = True
    """The caller keeps its connection open for the result; False for one that asks again by id."""
    until_asked_for: bool = False
    """Nobody is known to have the job's id before it is asked for: until then an equal request is a repeat."""
    remixed_from: str | None = None
    warnings: tuple[str, ...] = ()
    extra_parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """The queue's bound and the clocks of a job."""

    timeout: timedelta
    queue_length: int
    rules: JoinRules
    limits: UploadLimits = field(default_factory=UploadLimits)


LONGEST_PLACING = 60.0
"""Seconds that a request waits for an equal one which another process is just taking on (it may fetch inputs)."""


class BeingPlaced(Unavailable):
    """Another process has been taking on an equal request for long; nothing was written down or sent for this one."""

    default_code = "request_in_progress"


class QueueFull(RateLimited):
    """As many jobs wait as are allowed to; nothing was written down or sent."""

    default_code = "queue_full"


LONG_REST = 60.0
"""Seconds of rest of every credential from which on a new wish is refused instead of being left to wait."""


class AllRest(RateLimited):
    """Every credential that could carry the job rests for long: Google refused it, or a quota is used up."""

    default_code = "model_cooldown"


class Stopping(Unavailable):
    """The proxy is being stopped; the job goes on at Google, and the next start takes it up."""

    default_code = "shutting_down"


class Desk:
    """The front of the jobs room."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        dispatcher: Dispatcher,
        canceller: Canceller,
        board: Board,
        owner: Owner,
        clock: Clock,
        new_id: Callable[[], str],
        settings: DeskSettings,
        rests: Callable[[str, str], float] = lambda _credential, _model: 0.0,
        locks: NameLocks | None = None,
        tally: JobTally | None = None,
    ) -> None:
        """`locks` of the data folder, where other processes may place the same request at the same time."""
        self._ledger = ledger
        self._dispatcher = dispatcher
        self._canceller = canceller
        self._board = board
        self._owner = owner
        self._clock = clock
        self._new_id = new_id
        self._settings = settings
        self._rests = rests
        self._stopping = False
        self._waiting: Counter[str] = Counter()
        self._locks = locks
        self._tally = tally or JobTally(Tallies())
        self._standing = Standing(ledger, clock)
        self._leaving: set[asyncio.Future[None]] = set()
        """Callers whose going is being written down: a repeat that follows at their heels must find it."""
        self._placing: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def place(self, wish: Wish, ready: Callable[[], Awaitable[VideoSpec]]) -> Job:
        """The job this request repeats, or a new one; `ready` fetches what a new one names by URL.

        Raises Conflict (the idempotency key was used for another request), QueueFull, PayloadTooLarge, and what `ready`
        raises.
        """
        if wish.waits and wish.repeat.is_plain and await self._ledger.waited_for(wish.caller, wish.repeat.fingerprint):
            await self._clock.sleep(AT_THE_HEELS)
        async with self._one_at_a_time(wish):
            job = await self._repeated(wish) or await self._create(wish, ready)
            if wish.waits:
                self._waiting[job.id] += 1
            return job

    @asynccontextmanager
    async def _one_at_a_time(self, wish: Wish) -> AsyncIterator[None]:
        """Equal requests of a caller are placed one after the other, in whatever processes. Raises BeingPlaced."""
        async with self._placing.setdefault((wish.caller, wish.repeat.fingerprint), asyncio.Lock()):
            if self._locks is None:
                yield
                return
            name = f"{wish.caller} {wish.repeat.fingerprint}"
            try:
                await self._locks.wait_for(name, longest=LONGEST_PLACING)
            except TimeoutError:
                raise BeingPlaced(
                    "Another process is still taking on an equal request. Nothing was sent; ask again in a moment.",
                    retry_after=5,
                    should_retry=True,
                ) from None
            try:
                yield
            finally:
                self._locks.release(name)

    async def _repeated(self, wish: Wish) -> Job | None:
        if wish.repeat.idempotency_key is not None:
            keyed = await self._ledger.by_key(wish.caller, wish.repeat.idempotency_key)
            return await self._join(check_key(keyed, wish.repeat), wish) if keyed is not None else None
        if self._leaving:
            await asyncio.wait(self._leaving)
        now = self._clock.now()
        rules = self._settings.rules
        since = now - max(rules.marked_window, rules.unclaimed_window + self._settings.timeout)
        candidates = await self._ledger.repeats(wish.caller, wish.repeat.fingerprint, since)
        job = joined(wish.repeat, candidates, rules, now)
        return await self._join(job, wish) if job is not None else None

    async def _join(self, job: Job, wish: Wish) -> Job:
        """Somebody asks for the job again; one that ran out of time is taken up where it stopped."""
        self._tally.joined(job)
        if wish.waits:
            await self._ledger.mark(job.id, unclaimed_since=None, waited_by=self._owner.id)
        if job.state is JobState.FAILED and job.error is not None and job.error.code == TIMED_OUT:
            now = self._clock.now()
            reopened = await self._ledger.reopen(job.id, self._owner.id, now + LEASE, now)
            if reopened is not None:
                self._dispatcher.take(reopened)
                return reopened
        return job

    async def _create(self, wish: Wish, ready: Callable[[], Awaitable[VideoSpec]]) -> Job:
        waiting = await self._ledger.count((JobState.QUEUED,))
        if waiting >= max(self._settings.queue_length, 1):
            raise QueueFull(
                f"{waiting} video jobs are waiting already, and no more may. Nothing was sent; try again later.",
                retry_after=30,
            )
        self._refuse_if_all_rest(wish)
        spec = await ready()
        check_size(spec, wish.targets, self._settings.limits)
        now = self._clock.now()
        job = Job(
            id=self._new_id(),
            caller=wish.caller,
            created_at=now,
            not_before=now,
            fingerprint=wish.repeat.fingerprint,
            asked_model=wish.asked_model,
            prompt=spec.prompt,
            parameters={**spec.parameters(), **wish.extra_parameters},
            targets=wish.targets,
            timeout=self._settings.timeout,
            source=wish.source,
            priority=wish.priority,
            idempotency_key=wish.repeat.idempotency_key,
            warnings=wish.warnings,
            remixed_from=wish.remixed_from,
            waited_by=self._owner.id if wish.waits else None,
            unclaimed_since=now if wish.until_asked_for else None,
        )
        try:
            created = await self._ledger.create(job, spec.to_json())
        except KeyTaken as taken:
            # Another process was quicker with the same key.
            return await self._join(check_key(taken.job, wish.repeat), wish)
        self._dispatcher.call()
        return created

    def _refuse_if_all_rest(self, wish: Wish) -> None:
        rest = min(self._rests(target.credential_id, target.upstream_id) for target in wish.targets)
        if rest > LONG_REST:
            raise AllRest(
                f"Every credential for {wish.asked_model} rests for another {rest:.0f} s, because Google refused them "
                "or their quota is used up. Nothing was sent; the operator finds the reason in the log.",
                retry_after=rest,
                extra={"reset_seconds": round(rest)},
            )

    async def get(self, job_id: str, caller: str) -> Job | None:
        """The caller's own job; another's is as good as none."""
        job = await self._ledger.get(job_id)
        return job if job is not None and job.caller == caller else None

    async def list(self, caller: str, *, after: str | None, limit: int, ascending: bool) -> Page:
        """A page of the caller's jobs by age, behind the job `after`. Raises LookupError if that is none of theirs."""
        return await self._ledger.list(caller, after=after, limit=limit, ascending=ascending, source=None)

    async def cancel(self, job: Job) -> Job:
        """The job, cancelled if that is possible: while it waits, or where Google can stop it.

        Raises Conflict when it is too late or Google cannot, and says which.
        """
        cancelled = await self._ledger.cancel_queued(job.id, self._clock.now())
        if cancelled is not None:
            self._tally.ended(cancelled)
        else:
            latest = await self._ledger.get(job.id) or job
            cancelled = latest if latest.ended else await self._stop_at_google(latest)
        self._board.notify(job.id)
        return cancelled

    async def _stop_at_google(self, job: Job) -> Job:
        """The write is fenced: whoever runs the job lets go of it, or has already ended it."""
        cancelled = advance(job, await self._canceller.cancel(job), self._clock.now())
        try:
            await self._ledger.save(cancelled)
        except Fenced:
            return await self._ledger.get(job.id) or cancelled
        self._tally.ended(cancelled)
        return cancelled

    async def delete(self, job: Job) -> bool:
        """Forget an ended job; False if it is still going on or gone already. Its media is the caller's to remove."""
        return await self._ledger.delete(job.id)

    async def claimed(self, job: Job) -> None:
        """A caller has had the job's result."""
        if job.unclaimed_since is not None:
            await self._ledger.mark(job.id, unclaimed_since=None)

    async def follow(self, job: Job, tick: float | None = None, bell: Bell | None = None) -> AsyncIterator[Job]:
        """The job at every change until it has ended, and at least every `tick` seconds. `bell` is what to wait by.

        Raises NotFound when it is deleted, and Stopping when the program stops before its end; the same request, sent
        again, then joins the job.
        """
        job_id = job.id
        del job  # minutes of waiting need no second copy
        with self._board.subscribe(job_id, bell) as changed:
            while True:
                changed.clear()
                row = await self._ledger.get(job_id)
                if row is None:
                    raise NotFound(f"Video job {job_id} was deleted.", code="job_deleted", extra={"job_id": job_id})
                yield row
                if row.ended:
                    return
                if self._stopping:
                    raise stopping(row)
                while not await changed.wait(tick):
                    yield row

    def stop(self) -> None:
        """Let everyone who waits go, with the id of their job."""
        self._stopping = True
        self._board.notify_all()

    async def ended(self, job: Job) -> Job:
        """The job when it has ended."""
        latest = job
        async for row in self.follow(job):
            latest = row
        return latest

    async def left(self, job_id: str) -> None:
        """A waiting caller has gone without its result: the same request within the window joins the job."""
        if self._nobody_waits_any_more(job_id):
            leaving = asyncio.ensure_future(self._ledger.mark(job_id, unclaimed_since=self._clock.now()))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
            await asyncio.shield(leaving)

    async def delivered(self, job_id: str) -> None:
        """A waiting caller has its result: the same request is a new wish from now on."""
        if self._nobody_waits_any_more(job_id):
            await self._ledger.mark(job_id, unclaimed_since=None)

    def _nobody_waits_any_more(self, job_id: str) -> bool:
        self._waiting[job_id] -= 1
        if self._waiting[job_id] > 0:
            return False
        del self._waiting[job_id]
        return True

    async def census(self) -> Census:
        """How many jobs go on, of all callers and processes."""
        return await self._ledger.census()

    async def position(self, job: Job) -> int:
        """How many jobs go before this one."""
        return await self._standing.position(job)


def stopping(job: Job) -> Stopping:
    """What a waiting caller is told when the program stops."""
    return Stopping(
        f"The proxy is being restarted. Video job {job.id} goes on and nothing is lost or paid twice: send the same "
        f"request again in a moment and it joins this job.",
        retry_after=5,
        should_retry=True,
        extra={"job_id": job.id},
    )
