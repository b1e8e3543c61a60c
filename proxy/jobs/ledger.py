"""What a store of jobs must do; `sqlite.py` does it in one file, and one contract suite holds every store to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from proxy.jobs.job import WORKING, Claimed, Ended, Job, JobState

COUNTED = (JobState.QUEUED, *WORKING, JobState.UNCERTAIN)
"""The states of a census: few jobs are in them, however many have ended."""


class Fenced(Exception):
    """Another process owns the job now; this one's write matched no row."""


class KeyTaken(Exception):
    """The idempotency key is in use by another job of this caller (`job`)."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


RATE_WINDOW = timedelta(minutes=1)
"""Over which submits are counted."""


class Load(Protocol):
    """What is going on at Google: asked only for the (credential, upstream model)s that a job could go to."""

    def active(self, at: tuple[str, str]) -> int:
        """How many jobs are submitting or running there."""
        ...

    def submitted(self, at: tuple[str, str]) -> int:
        """How many jobs were submitted there within RATE_WINDOW."""
        ...

    def submitted_at(self, at: tuple[str, str], number: int) -> datetime | None:
        """When the latest of them was submitted (`number` 1), or the one before it (2), ...; None: so many were not."""
        ...


Choose = Callable[[Sequence[Job], Load, datetime], tuple[Job, Claimed | Ended] | None]
"""Pure: which waiting job goes next, and how; None if none may."""


class Shown(Enum):
    """Which waiting jobs a `Choose` is shown."""

    ALL = auto()
    FIRST_OF_LANES = auto()
    """Of those that have targets and refusals in common, the first. For one that judges by these alone: it picks the
    same, and ten thousand jobs that wait for one credential cost no more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some jobs of one caller, and whether more follow."""

    jobs: tuple[Job, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The jobs that have moved since a number, and the number to ask with next."""

    number: int
    job_ids: frozenset[str] | None
    """None: too many to name, so any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many jobs are in each state that is no end, or is not sure to be one; and since when the oldest one waits."""

    jobs: Mapping[JobState, int]
    oldest_queued: datetime | None = None

    @property
    def queued(self) -> int:
        """How many wait."""
        return self.jobs[JobState.QUEUED]


class Ledger(Protocol):
    """A durable store of jobs. Every write is on disk when the call returns; `save` is fenced by the epoch.

    A write goes through even if the task that awaits it is cancelled. `choose` and `alive` are called on the store's
    own thread, inside its transaction: they must be quick and touch nothing of the event loop.
    """

    async def create(self, job: Job, spec: str) -> Job:
        """Write a new job and its request. Raises KeyTaken."""
        ...

    async def get(self, job_id: str) -> Job | None:
        """One job."""
        ...

    async def spec(self, job_id: str) -> str | None:
        """The stored request of a job; None once it is no longer needed."""
        ...

    async def claim(self, choose: Choose, now: datetime, shown: Shown = Shown.ALL) -> Job | None:
        """Let `choose` pick among the waiting jobs that are due and write its claim, all in one transaction.

        `choose` sees them in the order of their turn, a batch at a time, until it picks one. A claim whose caller was
        cancelled is given back: nothing can have been sent.
        """
        ...

    async def save(self, job: Job) -> None:
        """Write a job that this process owns. Raises Fenced when its epoch is no longer the row's.

        What was asked stays as it was written, a lease is never shortened (`beat` may have been there since the job was
        read), and `unclaimed_since` and `waited_by` belong to `mark`. An ended row takes no other ending, save
        completed -> expired.
        """
        ...

    async def adopt(self, owner: str, alive: Callable[[str], bool], lease_until: datetime, now: datetime) -> list[Job]:
        """Take over every adoptable job whose owner is gone, dead or past its lease; epochs rise, oldest job first."""
        ...

    async def reopen(self, job_id: str, owner: str, lease_until: datetime, now: datetime) -> Job | None:
        """Take up a job that ran out of time; None if it is not one."""
        ...

    async def accepted_late(self, job_id: str, operation: str, now: datetime) -> bool:
        """Keep the operation name that a process learned after it had lost the job; False if it is of no use."""
        ...

    async def beat(self, owner: str, lease_until: datetime) -> None:
        """Extend the lease of everything this process owns."""
        ...

    async def mark(self, job_id: str, *, unclaimed_since: datetime | None, waited_by: str | None = None) -> None:
        """Note that a caller has gone without its result, or has had it; nothing if the job is unknown.

        Never fenced: it is not the owner's business.
        """
        ...

    async def repeats(self, caller: str, fingerprint: str, since: datetime) -> list[Job]:
        """Jobs of this caller with this request, newest first: those still going on, and those ended or left since."""
        ...

    async def waited_for(self, caller: str, fingerprint: str) -> bool:
        """Whether somebody waits, in whatever process, for a job of this caller with this request."""
        ...

    async def by_key(self, caller: str, idempotency_key: str) -> Job | None:
        """The job of this caller under this idempotency key."""
        ...

    async def list(self, caller: str, *, after: str | None, limit: int, ascending: bool, source: str | None) -> Page:
        """A page of one caller's jobs by age, beginning behind the job `after`.

        Raises LookupError if `after` is no job of this caller, ValueError if `limit` is below 1.
        """
        ...

    async def cancel_queued(self, job_id: str, now: datetime) -> Job | None:
        """Cancel a job that has not been sent; None if it is too late."""
        ...

    async def delete(self, job_id: str) -> bool:
        """Forget an ended job; False if it is still going on or unknown."""
        ...

    async def position(self, job: Job) -> int:
        """How many waiting jobs go before this one; 0 once it waits no more."""
        ...

    async def turns(self) -> Sequence[str]:
        """The ids of all waiting jobs, in the order of their turn."""
        ...

    async def shares(self, owner: str) -> Mapping[str, float]:
        """For each credential with jobs at Google that this process runs: the part of them that is this process's."""
        ...

    async def count(self, states: Sequence[JobState]) -> int:
        """How many jobs are in these states."""
        ...

    async def census(self) -> Census:
        """How many jobs are in each of `COUNTED`, and when the oldest that waits was written."""
        ...

    async def durations(self, limit: int) -> Sequence[tuple[str, float]]:
        """How long the latest finished jobs took at Google: (bucket, seconds), newest first."""
        ...

    async def media_in_need(self, since: datetime) -> Sequence[str]:
        """Names of stored media that somebody still wants: of jobs that go on, or ended since and not delivered."""
        ...

    async def next_due(self) -> datetime | None:
        """When the earliest waiting job may go; None if none waits."""
        ...

    async def moved(self, since: int) -> "Moved":
        """Which jobs have changed their state, or were deleted, since an earlier answer's `number`."""
        ...

    def changes(self) -> int:
        """A number that rises whenever another process has written; it may rise for this one's writes too."""
        ...

    async def close(self) -> None:
        """Let the writes under way finish, then let go of the store. May be called twice."""
        ...
