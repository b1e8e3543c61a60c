"""A paid job and the only ways it can change.

Rule 1: everything that changes a job's state is in this file. Rule 2: nothing leads back to `queued` once Google may
have accepted; `submitting` is left towards `queued` only by a refusal that is certain.

    queued -> submitting -> running -> fetching -> completed
                 |   |         |           `-----> expired
                 |   |         |---> failed | cancelled
                 |   `-> uncertain (maybe accepted; looked for where that is possible, never sent again;
                 |                  running after all if the answer turns up late)
                 `-> queued (certainly refused, or its inputs must be uploaded first: counts as no attempt)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, assert_never

from translators.resolve import Backend
from translators.wire.call import Surface


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    """Written down; nothing has been sent. Set by the caller's request, a certain refusal, and a wait for uploads."""
    SUBMITTING = "submitting"
    """Committed before the POST leaves; Google may or may not have it."""
    RUNNING = "running"
    """Google has accepted; the operation name is stored."""
    FETCHING = "fetching"
    """Google is done; the media is being brought home."""
    COMPLETED = "completed"
    """The media is here."""
    FAILED = "failed"
    """It ended without media, and why is known."""
    CANCELLED = "cancelled"
    """The caller gave it up in time."""
    EXPIRED = "expired"
    """Google made it and no longer has it."""
    UNCERTAIN = "uncertain"
    """The connection or the process died inside the POST. Final once `finished_at` is set."""


TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.SUBMITTING, JobState.FAILED, JobState.CANCELLED}),
    JobState.SUBMITTING: frozenset({JobState.RUNNING, JobState.QUEUED, JobState.FAILED, JobState.UNCERTAIN}),
    JobState.RUNNING: frozenset({JobState.FETCHING, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED}),
    JobState.FETCHING: frozenset({JobState.COMPLETED, JobState.EXPIRED, JobState.FAILED}),
    JobState.UNCERTAIN: frozenset({JobState.FETCHING, JobState.UNCERTAIN, JobState.RUNNING}),
    JobState.FAILED: frozenset({JobState.RUNNING}),
    JobState.COMPLETED: frozenset({JobState.EXPIRED}),
    JobState.CANCELLED: frozenset(),
    JobState.EXPIRED: frozenset(),
}
"""failed -> running happens only to a job that ran out of time while Google was still busy: asking again goes on."""

TIMED_OUT = "operation_timeout"
"""The error code of a job whose clock ran out; the one failure that can be taken up again."""

WORKING = (JobState.SUBMITTING, JobState.RUNNING, JobState.FETCHING)
"""States in which a process owns the job."""

ENDINGS = (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.UNCERTAIN)
"""States in which a job can end without media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTarget:
    """One credential that may carry the job, and what Google is asked for there."""

    credential_id: str
    backend: Backend
    surface: Surface
    model: str
    upstream_id: str
    price: float | None = None
    """Dollars for the whole job, where they can be known beforehand."""
    price_per_second: float | None = None
    """Dollars for a second of video, where the length was left to Google."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One video as Google named it: where it is, or (inline) under which name it is stored already."""

    mime_type: str
    uri: str | None = None
    stored: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMedia:
    """One stored video."""

    name: str
    size: int
    sha256: str
    mime_type: str
    uri: str | None = None
    """Where Google keeps it, while it does: what an extension starts from."""
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    has_audio: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError:
    """Why a job ended: the members of an ApiError, as they are stored."""

    type: str
    message: str
    code: str
    param: str | None = None
    retry_after: float | None = None
    """Seconds, where Google or the proxy named them."""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of the ledger. Times are aware; `epoch` fences writes of a process that has lost the job."""

    id: str
    caller: str
    created_at: datetime
    not_before: datetime
    fingerprint: str
    asked_model: str
    prompt: str
    parameters: Mapping[str, Any]
    targets: tuple[JobTarget, ...]
    timeout: timedelta
    source: str = "chat"
    priority: int = 0
    idempotency_key: str | None = None
    state: JobState = JobState.QUEUED
    epoch: int = 0
    owner: str | None = None
    lease_until: datetime | None = None
    refused_by: tuple[str, ...] = ()
    """Credentials that certainly did not take the job since it last had to wait: the others come first."""
    inputs_at: str | None = None
    """The credential to whose file store the job's large inputs were brought: that one goes first."""
    pinned: JobTarget | None = None
    storage_prefix: str | None = None
    operation: str | None = None
    submitted_at: datetime | None = None
    deadline: datetime | None = None
    done_at: datetime | None = None
    """When Google was first seen to be done."""
    finished_at: datetime | None = None
    results: tuple[Result, ...] = ()
    remote_until: datetime | None = None
    """Until when Google keeps the media."""
    media: tuple[JobMedia, ...] = ()
    media_until: datetime | None = None
    usage: Mapping[str, int] | None = None
    cost: float | None = None
    warnings: tuple[str, ...] = ()
    error: JobError | None = None
    unclaimed_since: datetime | None = None
    """Since when a caller has been gone without its result; None while one waits or has had it."""
    waited_by: str | None = None
    """The process in which a caller waits: if that dies, the caller has gone without its result."""
    remixed_from: str | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will happen by itself."""
        return self.finished_at is not None

    @property
    def accepted(self) -> bool | None:
        """Whether Google took the job: None where nobody can know."""
        if self.operation is not None or self.done_at is not None:
            return True
        return None if self.state in (JobState.SUBMITTING, JobState.UNCERTAIN) else False

    @property
    def adoptable(self) -> bool:
        """Whether there is work left that somebody must own: in hand, or unknown and still to be looked for."""
        return not self.ended and self.state in (*WORKING, JobState.UNCERTAIN)

    @property
    def bucket(self) -> str | None:
        """What Google's time for a job depends on, `model/resolution/duration`; None before a target is chosen."""
        if self.pinned is None:
            return None
        resolution, duration = self.parameters.get("resolution"), self.parameters.get("duration")
        return f"{self.pinned.upstream_id}/{resolution or '-'}/{duration or '-'}"


# -- what can happen ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A process takes the job to submit it by one target."""

    owner: str
    lease_until: datetime
    target: JobTarget
    storage_prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """A process takes over what a dead one left. Inside the POST nobody can know what Google did."""

    owner: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """Google answered the submit with an operation name (or interaction id)."""

    operation: str


@dataclass(frozen=True, slots=True)
class AcceptedLate:
    """Google's answer reached a process that had already lost the job: the name is kept, and nobody owns it yet."""

    operation: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Google certainly did not take it, and may later, or by another credential than `by`."""

    not_before: datetime
    by: str | None = None
    """The credential to pass over; None: the job waits, and then every one counts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """Nothing has been sent: the job's inputs must be uploaded first, to the store of this credential."""

    not_before: datetime
    inputs_at: str


@dataclass(frozen=True, slots=True)
class Due:
    """A waiting job's turn has moved: its inputs are still on their way, or there."""

    not_before: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """The submit's answer was lost: Google may have taken it."""

    error: JobError


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Google is done and says where the videos are."""

    results: tuple[Result, ...]
    remote_until: datetime | None = None
    usage: Mapping[str, int] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The videos are in the media store."""

    media: tuple[JobMedia, ...]
    media_until: datetime | None
    cost: float | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over: failed, cancelled, expired, or uncertain for good."""

    state: JobState
    error: JobError | None


@dataclass(frozen=True, slots=True)
class Reopened:
    """Somebody asks again for a job that ran out of time; the same operation is polled on."""

    owner: str
    lease_until: datetime


Event = Claimed | Adopted | Accepted | AcceptedLate | Refused | PutOff | Due | Unknown | Found | Kept | Ended | Reopened


class IllegalTransition(Exception):
    """The state machine does not allow this."""


def advance(job: Job, event: Event, now: datetime) -> Job:
    """The job after an event. Pure. Raises IllegalTransition."""
    _check(job, event)
    match event:
        case Claimed():
            changed = replace(
                _to(job, JobState.SUBMITTING),
                epoch=job.epoch + 1,
                owner=event.owner,
                lease_until=event.lease_until,
                pinned=event.target,
                storage_prefix=event.storage_prefix,
                submitted_at=now,
            )
        case Adopted():
            taken = replace(job, epoch=job.epoch + 1, owner=event.owner, lease_until=event.lease_until)
            changed = replace(taken, state=JobState.UNCERTAIN) if job.state is JobState.SUBMITTING else taken
        case Accepted():
            changed = replace(_to(job, JobState.RUNNING), operation=event.operation, deadline=now + job.timeout)
        case AcceptedLate():
            changed = replace(
                _to(job, JobState.RUNNING),
                epoch=job.epoch + 1,
                operation=event.operation,
                deadline=now + job.timeout,
                owner=None,
                lease_until=None,
                finished_at=None,
                error=None,
            )
        case Refused() | PutOff():
            changed = _waiting_again(job, event)
        case Due():
            changed = replace(job, not_before=event.not_before)
        case Unknown():
            changed = replace(_to(job, JobState.UNCERTAIN), error=event.error)
        case Found():
            changed = replace(
                _to(job, JobState.FETCHING),
                results=event.results,
                remote_until=event.remote_until,
                usage=event.usage,
                warnings=(*job.warnings, *event.warnings),
                done_at=job.done_at or now,
                error=None,
            )
        case Kept():
            changed = replace(
                _to(job, JobState.COMPLETED),
                media=event.media,
                media_until=event.media_until,
                cost=event.cost,
                warnings=(*job.warnings, *event.warnings),
                error=None,
                finished_at=now,
                owner=None,
                lease_until=None,
            )
        case Ended():
            changed = replace(_to(job, event.state), error=event.error, finished_at=now, owner=None, lease_until=None)
        case Reopened():
            changed = replace(
                _to(job, JobState.RUNNING),
                epoch=job.epoch + 1,
                owner=event.owner,
                lease_until=event.lease_until,
                deadline=now + job.timeout,
                finished_at=None,
                error=None,
            )
        case _:
            assert_never(event)
    return changed


def _check(job: Job, event: Event) -> None:
    """What TRANSITIONS alone cannot say: an ended job stays as it is, and no event may claim what it does not bring."""
    if job.ended and not _may_follow_the_end(job, event):
        raise IllegalTransition(f"{job.id} has ended as {job.state.value}")
    match event:
        case Accepted() if job.state is not JobState.SUBMITTING:
            raise IllegalTransition(f"{job.id}: nothing is being submitted")
        case Due() if job.state is not JobState.QUEUED:
            raise IllegalTransition(f"{job.id} does not wait")
        case AcceptedLate() if job.state is not JobState.UNCERTAIN or job.operation is not None:
            raise IllegalTransition(f"{job.id} is not uncertain")
        case Reopened() if not _ran_out_of_time(job):
            raise IllegalTransition(f"{job.id} did not run out of time at Google")
        case Adopted() if not job.adoptable:
            raise IllegalTransition(f"{job.id}: nobody owns a {job.state.value} job")
        case Ended() if event.state not in ENDINGS:
            raise IllegalTransition(f"{job.id}: {event.state.value} is no ending")
        case Found() if not event.results:
            raise IllegalTransition(f"{job.id}: found, but nothing was")
        case Kept() if not event.media:
            raise IllegalTransition(f"{job.id}: kept, but nothing was")
        case _:
            pass


def _may_follow_the_end(job: Job, event: Event) -> bool:
    """A job that ran out of time goes on, as does one whose answer turns up late; stored media expires."""
    return isinstance(event, Reopened | AcceptedLate) or (isinstance(event, Ended) and job.state is JobState.COMPLETED)


def _ran_out_of_time(job: Job) -> bool:
    late = job.error is not None and job.error.code == TIMED_OUT
    return job.ended and late and job.operation is not None


def _waiting_again(job: Job, event: Refused | PutOff) -> Job:
    unclaimed = replace(
        _to(job, JobState.QUEUED),
        not_before=event.not_before,
        owner=None,
        lease_until=None,
        pinned=None,
        storage_prefix=None,
        submitted_at=None,
    )
    if isinstance(event, PutOff):
        return replace(unclaimed, inputs_at=event.inputs_at)
    return replace(unclaimed, refused_by=() if event.by is None else (*job.refused_by, event.by))


def _to(job: Job, state: JobState) -> Job:
    if state not in TRANSITIONS[job.state]:
        raise IllegalTransition(f"{job.id}: {job.state.value} -> {state.value}")
    return replace(job, state=state)
