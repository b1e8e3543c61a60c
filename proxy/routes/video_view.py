"""A job as its caller sees it, and when to look again."""

from datetime import datetime

from proxy.jobs.job import Job, JobState
from proxy.jobs.keep import HEIGHTS
from proxy.services import Services
from translators.catalog import VideoLimits
from translators.video.job_view import JobStatus, JobView

SOONEST, LATEST = 250, 10_000
"""Milliseconds between two looks of a client; looking costs Google nothing, but nobody wants to do it for nothing."""


def status_of(job: Job) -> JobStatus:
    """Where the job stands, in its callers' words."""
    match job.state:
        case JobState.QUEUED:
            return JobStatus.QUEUED
        case JobState.COMPLETED:
            return JobStatus.COMPLETED
        case JobState.FAILED:
            return JobStatus.FAILED
        case JobState.CANCELLED:
            return JobStatus.CANCELLED
        case JobState.EXPIRED:
            return JobStatus.EXPIRED
        case JobState.UNCERTAIN if job.ended:
            return JobStatus.FAILED
        case JobState.SUBMITTING | JobState.RUNNING | JobState.FETCHING | JobState.UNCERTAIN:
            return JobStatus.IN_PROGRESS


async def view_of(services: Services, job: Job) -> JobView:
    """Everything a caller may know of a job."""
    target = job.pinned or job.targets[0]
    width, height = _pixels(services, job)
    return JobView(
        id=job.id,
        status=status_of(job),
        model=target.upstream_id,
        prompt=job.prompt,
        created_at=job.created_at,
        progress=_progress(services, job, services.clock.now()),
        completed_at=job.finished_at if job.state is JobState.COMPLETED else None,
        expires_at=job.media_until,
        seconds=_seconds(services, job),
        width=width,
        height=height,
        remixed_from=job.remixed_from,
        error_code=job.error.code if job.error is not None else None,
        error_message=job.error.message if job.error is not None else None,
        queue_position=await services.desk.position(job) if job.state is JobState.QUEUED else None,
        operation=job.operation,
        videos=len(job.media),
        cost=job.cost,
        warnings=(*target.warnings, *job.warnings),
    )


def poll_after_ms(services: Services, job: Job) -> int:
    """When the client should look again: openai-python's poll helper obeys it, and asks each second without it."""
    if job.ended:
        return SOONEST
    seconds = services.history.next_delay(job, services.clock.now())
    return min(max(int(seconds * 1000), SOONEST), LATEST)


def poll_header(services: Services, job: Job) -> dict[str, str]:
    """`openai-poll-after-ms`."""
    return {"openai-poll-after-ms": str(poll_after_ms(services, job))}


def _progress(services: Services, job: Job, now: datetime) -> int:
    return services.history.progress(job, job.finished_at or now)


def _seconds(services: Services, job: Job) -> int | None:
    """As delivered, else as asked, else as Google's documents say of the model."""
    if job.media and job.media[0].duration is not None:
        return round(job.media[0].duration)
    asked: int | None = job.parameters.get("duration")
    limits = _limits(services, job)
    return asked or (limits.default_duration if limits is not None else None)


def _pixels(services: Services, job: Job) -> tuple[int | None, int | None]:
    """As delivered, else as asked; a resolution that was left out is the model's own, a shape is not guessed."""
    if job.media:
        return job.media[0].width, job.media[0].height
    limits = _limits(services, job)
    usual = limits.default_resolution if limits is not None else None
    short = HEIGHTS.get(str(job.parameters.get("resolution") or usual))
    wide, _, high = str(job.parameters.get("aspect_ratio") or "").partition(":")
    if short is None or not wide.isdigit() or not high.isdigit():
        return None, None
    across, down = int(wide), int(high)
    return (short * across // down, short) if across >= down else (short, short * down // across)


def _limits(services: Services, job: Job) -> VideoLimits | None:
    target = job.pinned or job.targets[0]
    model = services.catalog.find(target.model)
    service = model.served.get(target.surface) if model is not None else None
    return service.video if service is not None else None
