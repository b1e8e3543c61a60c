"""A video request, ready to be placed: where it may go, and how its inputs get there.

The video of an earlier job goes along as the stored copy. Only Veo on the Gemini API takes no bytes: there it must be
the file that Google still keeps, by the key that made it (Gemini API docs, video extension, 2026-11).
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from proxy.jobs.errors import known
from proxy.jobs.google import pinned
from proxy.jobs.job import Job, JobState, JobTarget
from proxy.jobs.targets import job_targets
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.routes.media_inputs import fetch_inputs
from proxy.services import Services
from translators.catalog import Kind, Mode
from translators.errors import BadRequest, Conflict, NotFound
from translators.resolve import Backend, Resolution
from translators.video.spec import VideoMedia, VideoSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a request may go, and what makes it whole once it is certain to be a new job."""

    targets: tuple[JobTarget, ...]
    ready: Callable[[], Awaitable[VideoSpec]]


async def source_job(services: Services, caller: str, job_id: str, param: str | None) -> Job:
    """The caller's own finished job. Raises NotFound, and Conflict for one that has no video."""
    job = await services.desk.get(job_id, caller)
    if job is None:
        raise NotFound(f"There is no video {job_id}.", param=param, code="video_not_found")
    if job.state is not JobState.COMPLETED:
        state = f"has ended as {job.state.value}" if job.ended else "is not finished"
        raise Conflict(
            f"Video {job_id} {state}; only a completed one can be built on.", param=param, code="video_not_completed"
        )
    return job


def planned(services: Services, spec: VideoSpec, resolution: Resolution, source: Job | None) -> Plan:
    """Decide where the request may go. Raises BadRequest for what no target can do."""
    _check_mode(services, spec, resolution)
    targets = job_targets(spec, resolution)
    if source is None:
        return Plan(targets=targets, ready=lambda: fetch_inputs(services, spec))
    by_copy = tuple(target for target in targets if target.backend is not Backend.GEMINI)
    if by_copy:
        return Plan(targets=by_copy, ready=lambda: _with_copy(services, spec, source))
    by_address, video = _at_google(services, spec, targets, source)
    return Plan(targets=by_address, ready=lambda: _with_video(services, spec, video))


def _check_mode(services: Services, spec: VideoSpec, resolution: Resolution) -> None:
    """A model that cannot work on a video is refused with the names of those that can."""
    if spec.mode not in (Mode.EDIT, Mode.EXTENSION):
        return
    if any(spec.mode in target.video.modes for target in resolution.targets):
        return
    able = [
        name
        for name, model in services.visible_models().items()
        if model.kind is Kind.VIDEO
        and any(service.video and spec.mode in service.video.modes for service in model.served.values())
    ]
    way_out = f"Send `model` with one that can: {', '.join(able)}." if able else "No configured credential offers one."
    done = "edit" if spec.mode is Mode.EDIT else "extend"
    raise BadRequest(
        f"{resolution.model.id} cannot {done} a video. {way_out}", param="model", code="model_not_supported"
    )


async def _with_copy(services: Services, spec: VideoSpec, source: Job) -> VideoSpec:
    """The request with the stored video in it. Raises NotFound when it is no longer kept."""
    entry = source.media[0]
    try:
        file = await services.media.open(entry.name)
        data = await asyncio.to_thread(file.path.read_bytes)
    except (MediaMissing, MediaDamaged, FileNotFoundError):
        raise NotFound(
            f"The video of {source.id} is no longer kept.", param=spec.field("video"), code="video_expired"
        ) from None
    copy = VideoMedia(mime_type=entry.mime_type, data=base64.b64encode(data).decode())
    return await _with_video(services, spec, copy)


async def _with_video(services: Services, spec: VideoSpec, video: VideoMedia) -> VideoSpec:
    """The video is put in last: Google's own address of it is not one to fetch."""
    return replace(await fetch_inputs(services, spec), video=video)


def _at_google(
    services: Services, spec: VideoSpec, targets: tuple[JobTarget, ...], source: Job
) -> tuple[tuple[JobTarget, ...], VideoMedia]:
    """The target that can read the file which Google still keeps, and that file."""
    uri = source.media[0].uri
    expired = source.remote_until is not None and source.remote_until <= services.clock.now()
    own = tuple(target for target in targets if target.credential_id == pinned(source).credential_id)
    if uri is None or uri.startswith("gs://") or expired or not own:
        why = "Google no longer keeps that file" if expired else "this video was not made by such a key"
        raise BadRequest(
            f"{targets[0].model} on the Gemini API extends only a file that it made itself, within two days, and {why}."
            " Use gemini-omni-1.2-flash or Veo on Vertex AI, which take a copy.",
            param=spec.field("video"),
            code="source_expired",
            extra=known(source),
        )
    return own, VideoMedia(uri=uri, mime_type=source.media[0].mime_type)
