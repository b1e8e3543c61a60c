"""Which job a repeated request joins, instead of paying again. Pure.

openai-python re-sends a POST up to three times on a drop, openai-node after 600 s, both marked
`x-stainless-retry-count` and neither with an Idempotency-Key (measured with 2.54, 3.52 and 7.55).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from proxy.jobs.job import TIMED_OUT, Job, JobState
from translators.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What a request says about being a repeat."""

    fingerprint: str
    idempotency_key: str | None = None
    marked: bool = False
    """The client says so itself (`x-stainless-retry-count` of 1 or more)."""

    @property
    def is_plain(self) -> bool:
        """Nothing tells a repeat from a new wish but what became of the first request."""
        return self.idempotency_key is None and not self.marked


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRules:
    """How long a repeat without a key is recognised; a window of zero switches the guess off."""

    unclaimed_window: timedelta = timedelta(minutes=10)
    """Since a caller left without its result."""
    marked_window: timedelta = timedelta(hours=1)
    """Since the job was made, for a repeat that says so."""


def check_key(job: Job, repeat: Repeat) -> Job:
    """The job under the request's own idempotency key. Raises Conflict if it was another request."""
    if job.fingerprint != repeat.fingerprint:
        raise Conflict(
            f"The Idempotency-Key was used for another request (job {job.id}). Use a new key for a new request.",
            param="Idempotency-Key",
            code="idempotency_key_reused",
            extra={"job_id": job.id},
        )
    return job


def joined(repeat: Repeat, candidates: Sequence[Job], rules: JoinRules, now: datetime) -> Job | None:
    """The job that this request repeats, or None if it is a new wish.

    `candidates` are the caller's jobs with the same fingerprint, newest first. Two equal requests that run side by side
    are two wishes: only a mark, or a caller that went away without its result, makes one a repeat.
    """
    worth = [job for job in candidates if _worth_joining(job)]
    if left := [job for job in worth if _left_without_result(job, rules, now)]:
        return left[-1]
    if repeat.marked:
        return next((job for job in worth if now - job.created_at <= rules.marked_window), None)
    return None


def _left_without_result(job: Job, rules: JoinRules, now: datetime) -> bool:
    """Its caller went away, or was told that time ran out and that the same request goes on with the operation.

    One that was told that nobody knows whether Google took the job will try again, by itself (LiteLLM does) or by hand:
    it is told the same again for a while, and never pays for a second video without saying so by a new key.
    """
    if job.state is JobState.FAILED and job.finished_at is not None:
        return now - job.finished_at <= rules.marked_window
    since = job.unclaimed_since or (job.finished_at if job.state is JobState.UNCERTAIN else None)
    return since is not None and now - since <= rules.unclaimed_window


def _worth_joining(job: Job) -> bool:
    """A job that ended for nothing (never accepted, or refused by a filter) is no result to hand out again."""
    match job.state:
        case JobState.FAILED:
            return job.error is not None and job.error.code == TIMED_OUT
        case JobState.CANCELLED | JobState.EXPIRED:
            return False
        case _:
            return True
