"""Example jobs and the events that carry them from state to state, for every test that needs a job."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from proxy.jobs.job import (
    TIMED_OUT,
    Accepted,
    Claimed,
    Ended,
    Event,
    Found,
    Job,
    JobError,
    JobMedia,
    JobState,
    JobTarget,
    Kept,
    Result,
    Unknown,
    advance,
)
from proxy.jobs.ledger import Choose, Load
from translators.resolve import Backend
from translators.wire.call import Surface

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=30)
TARGET = JobTarget(
    credential_id="key-1",
    backend=Backend.GEMINI,
    surface=Surface.GEMINI,
    model="veo-3.1-generate-001",
    upstream_id="veo-3.1-generate-001",
    price=3.2,
    warnings=("veo-3.1-generate-preview was retired; veo-3.1-generate-001 was used instead.",),
)
RESULT = Result(mime_type="video/mp4", uri="https://example.invalid/files/1:download")
MEDIA = JobMedia(name="abc.mp4", size=12, sha256="0" * 64, mime_type="video/mp4", duration=8.0, has_audio=True)
ERROR = JobError(type="upstream_error", message="it went wrong", code="upstream_failed")
LATE = JobError(type="upstream_error", message="it took too long", code=TIMED_OUT)


def a_job(job_id: str = "video_1", **fields: Any) -> Job:
    """A waiting job; every field may be given."""
    given: dict[str, Any] = {
        "id": job_id,
        "caller": "alice",
        "created_at": NOW,
        "not_before": NOW,
        "fingerprint": "f" * 64,
        "asked_model": "veo-3.1-generate-preview",
        "prompt": "a red kite over the sea",
        "parameters": {"duration": 8, "resolution": "720p"},
        "targets": (TARGET,),
        "timeout": timedelta(minutes=15),
    }
    return Job(**{**given, **fields})


def a_claim(owner: str = "me", *, target: JobTarget = TARGET, lease_until: datetime = LEASE) -> Claimed:
    """The event of a process taking a job."""
    return Claimed(owner=owner, lease_until=lease_until, target=target, storage_prefix="gs://bucket/jobs/1/")


ACCEPTED = Accepted("models/veo-3.1-generate-001/operations/op1")
FOUND = Found(results=(RESULT,), remote_until=NOW + timedelta(days=2), usage={"video_tokens": 7})
KEPT = Kept(media=(MEDIA,), media_until=NOW + timedelta(days=30), cost=3.2)

PATHS: Mapping[str, Sequence[Event]] = {
    "queued": (),
    "submitting": (a_claim(),),
    "running": (a_claim(), ACCEPTED),
    "fetching": (a_claim(), ACCEPTED, FOUND),
    "completed": (a_claim(), ACCEPTED, FOUND, KEPT),
    "expired": (a_claim(), ACCEPTED, Ended(JobState.EXPIRED, ERROR)),
    "failed": (a_claim(), ACCEPTED, Ended(JobState.FAILED, ERROR)),
    "timed out": (a_claim(), ACCEPTED, Ended(JobState.FAILED, LATE)),
    "refused for good": (a_claim(), Ended(JobState.FAILED, ERROR)),
    "cancelled": (Ended(JobState.CANCELLED, None),),
    "uncertain": (a_claim(), Unknown(ERROR)),
    "given up": (a_claim(), Unknown(ERROR), Ended(JobState.UNCERTAIN, ERROR)),
    "found again": (a_claim(), Unknown(ERROR), FOUND),
}
"""How a job comes to stand somewhere; `given up`: uncertain for good; `found again`: fetching without an operation."""

AT_WORK = ("submitting", "running", "fetching", "uncertain", "found again")
ENDED = ("completed", "expired", "failed", "timed out", "refused for good", "cancelled", "given up")


def a_job_at(place: str, job_id: str = "video_1", *, owner: str = "me", **fields: Any) -> Job:
    """A job that has gone along one of PATHS, a second a step, in the hands of `owner`."""
    job = a_job(job_id, **fields)
    for step, event in enumerate(PATHS[place]):
        taken = replace(event, owner=owner) if isinstance(event, Claimed) else event
        job = advance(job, taken, NOW + timedelta(seconds=step))
    return job


@dataclass(frozen=True, slots=True)
class KnownLoad(Load):
    """A load that a test has made up, by (credential, upstream model)."""

    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    times: Mapping[tuple[str, str], Sequence[datetime]] = field(default_factory=dict)
    """When jobs were submitted within the last minute, oldest first."""

    def active(self, at: tuple[str, str]) -> int:
        """How many jobs are there."""
        return self.jobs.get(at, 0)

    def submitted(self, at: tuple[str, str]) -> int:
        """How many came."""
        return len(self.times.get(at, ()))

    def submitted_at(self, at: tuple[str, str], number: int) -> datetime | None:
        """When the `number`-th latest came."""
        return self.times[at][-number] if self.submitted(at) >= number else None


def first(owner: str = "me", **claim: Any) -> Choose:
    """Choose whoever is first."""

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        return jobs[0], a_claim(owner, **claim)

    return choose


def nobody(jobs: Sequence[Job], load: Load, now: datetime) -> None:
    """Choose none."""


def at_most(limit: int, owner: str, *, per_minute: int | None = None) -> Choose:
    """Choose whoever is first while fewer than `limit` are active, and fewer than `per_minute` were submitted."""

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        lane = (TARGET.credential_id, TARGET.upstream_id)
        busy = load.active(lane) >= limit
        spent = per_minute is not None and load.submitted(lane) >= per_minute
        return None if busy or spent else (jobs[0], a_claim(owner))

    return choose


Alive = Callable[[str], bool]


def living(*owners: str) -> Alive:
    """Only these processes live."""
    return lambda owner: owner in owners
