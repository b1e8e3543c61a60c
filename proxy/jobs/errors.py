"""ApiError <-> what a job row keeps of it, and the errors that only jobs have."""

from proxy.jobs.job import TIMED_OUT, Job, JobError
from translators import errors
from translators.errors import ApiError, NotFound, UpstreamFailed, UpstreamTimeout
from translators.google_errors import ErrorContext, judge
from translators.google_fault import read_fault

_CLASSES: dict[str, type[ApiError]] = {
    cls.__name__: cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, ApiError)
}


def stored(error: ApiError) -> JobError:
    """What the row keeps of an error."""
    return JobError(
        type=next(cls.__name__ for cls in type(error).__mro__ if cls.__name__ in _CLASSES),
        message=error.message,
        code=error.code,
        param=error.param,
        retry_after=error.retry_after,
        extra=dict(error.extra),
    )


def raised(job: Job) -> ApiError:
    """The error that the caller of an ended job gets: never worth an automatic retry once Google may know of it."""
    if job.error is None:
        return NotFound(f"Job {job.id} was {job.state.value}.", code=f"job_{job.state.value}", extra=known(job))
    return _CLASSES.get(job.error.type, UpstreamFailed)(
        job.error.message,
        param=job.error.param,
        code=job.error.code,
        retry_after=job.error.retry_after,
        should_retry=None if job.accepted is False and job.error.type in _RETRYABLE else False,
        extra={**job.error.extra, **known(job)},
    )


_RETRYABLE = frozenset({"RateLimited", "Unavailable"})
"""What a client may try again by itself when nothing was accepted."""


def known(job: Job) -> dict[str, str]:
    """What a caller needs to find a job again, here and at Google."""
    facts = {"job_id": job.id, "operation": job.operation, "storage_prefix": job.storage_prefix}
    return {name: value for name, value in facts.items() if value is not None}


def refusal(status: int, body: bytes, *, about: ErrorContext) -> ApiError:
    """The error of a poll or a download that is no 200: NotFound only where an API of Google's says that it is gone.

    A 404 that is a web page comes from a front end on the way; it says nothing about a paid video.
    """
    error = judge(status, body, about=about).error
    if isinstance(error, NotFound) and not read_fault(status, body).readable:
        return UpstreamFailed(f"A web page answered in Google's place, with status {status}.", code="no_api_answer")
    return error


def timed_out(job: Job, why: str, trouble: ApiError | None = None) -> UpstreamTimeout:
    """Google was still busy when the job's clock ran out; `trouble` is why the last poll failed, if it did."""
    last = f" The last poll failed: {trouble.message}" if trouble is not None else ""
    return UpstreamTimeout(
        f"Google did not finish the video {why}.{last} It may still do so: the operation is {job.operation}. "
        "Nothing was sent twice; the same request, or its Idempotency-Key, goes on with it within the hour. "
        "A new Idempotency-Key makes a new video.",
        code=TIMED_OUT,
        should_retry=False,
    )


def uncertain(job: Job, detail: str) -> UpstreamFailed:
    """Nobody can know whether Google took the job: what is known, and where to look."""
    target = job.pinned
    where = f" by credential {target.credential_id}, model {target.upstream_id}" if target is not None else ""
    when = f" at {job.submitted_at.isoformat()}" if job.submitted_at is not None else ""
    look = (
        f"Its videos would appear under {job.storage_prefix}."
        if job.storage_prefix is not None
        else "Google offers no list of such operations; the project's usage page shows whether it was billed."
    )
    return UpstreamFailed(
        f"{detail} Google may have accepted the video job, and may bill it. It was sent once{where}{when} and will "
        f"not be sent again. {look} To make a new video all the same, send the request with a new Idempotency-Key.",
        code="submission_uncertain",
        should_retry=False,
    )


def vanished(job: Job, trouble: ApiError) -> NotFound:
    """Google does not know the operation (any more)."""
    return NotFound(
        f"Google does not know the operation {job.operation} any more: its video cannot be fetched. {trouble.message}",
        code="operation_expired",
        should_retry=False,
    )


def gone(job: Job, uri: str, trouble: ApiError | None) -> NotFound:
    """Google made the video and no longer has it."""
    reason = f" {trouble.message}" if trouble is not None else ""
    return NotFound(
        f"Google made the video of job {job.id} but no longer has it ({uri}): it keeps files for a limited time only."
        f"{reason}",
        code="video_expired",
        should_retry=False,
    )


def no_longer_kept(job: Job) -> NotFound:
    """The video was made and delivered or waited for, and its kept copy is gone."""
    return NotFound(
        f"The video of job {job.id} is no longer kept here (media.retention, media.max-bytes). Send the request with "
        "another Idempotency-Key, or none, to have a new one made.",
        code="video_expired",
        should_retry=False,
        extra=known(job),
    )
