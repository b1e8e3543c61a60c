"""A video asked for in one of Google's protocols -> a job, new or joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request

from proxy.jobs.desk import Wish
from proxy.jobs.job import Job
from proxy.jobs.join import Repeat
from proxy.routes.context import caller_of, is_marked_retry, services_of
from proxy.routes.media_urls import base_url
from proxy.routes.uploaded_files import with_uploads
from proxy.routes.video_source import planned, source_job
from translators.catalog import Kind
from translators.errors import BadRequest
from translators.native.names import file_in, read_file_id
from translators.resolve import require_kind
from translators.video.read_create import JOB_SCHEME
from translators.video.spec import VideoMedia, VideoSpec

SOURCE = "google"
"""What a job of these protocols says of where it came from."""
JOINED = (
    "This request equals one whose {what} nobody has asked for yet, and was taken as its repeat: nothing was sent or "
    "paid twice. For another video, send an Idempotency-Key of its own, or another seed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a video, read; `source` is the earlier job whose video is its input."""

    model: str
    spec: VideoSpec
    source: str | None = None
    source_field: str | None = None
    waits: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """The job, and what its caller must be told."""

    job: Job
    warnings: Sequence[str]


async def placed(request: Request, asked: Asked, *, what: str) -> Placed:
    """The job of this request; `what` its caller will ask for. Raises ApiError for all that is known before it runs.

    google-genai posts again by itself after a dropped connection, without a mark (3.4.0 over aiohttp, 1 to 10 s later;
    `interactions.create` up to five times). So a job whose id nobody has asked for is taken to be unknown to its
    caller, and an equal request joins it.
    """
    services, caller = services_of(request), caller_of(request)
    resolution = services.resolve(asked.model)
    require_kind(resolution, Kind.VIDEO)
    source = None
    asked = replace(asked, spec=await with_uploads(request, caller.id, asked.spec))
    if asked.source is not None:
        source = await source_job(services, caller.id, asked.source, asked.source_field)
        asked = replace(asked, spec=replace(asked.spec, video=VideoMedia(uri=f"{JOB_SCHEME}{source.id}")))
    plan = planned(services, asked.spec, resolution, source)
    wish = Wish(
        caller=caller.id,
        asked_model=asked.model,
        spec=asked.spec,
        targets=plan.targets,
        repeat=Repeat(
            # Another protocol's caller could not tell that an answer in its own was lost.
            fingerprint=asked.spec.fingerprint(f"{SOURCE}:{what}:{asked.model}"),
            idempotency_key=request.headers.get("idempotency-key", "").strip() or None,
            marked=is_marked_retry(request.headers),
        ),
        priority=caller.priority,
        source=SOURCE,
        waits=asked.waits,
        until_asked_for=not asked.waits,
        remixed_from=source.id if source is not None else None,
        extra_parameters=asked.parameters,
    )
    began = services.clock.now()
    job = await services.desk.place(wish, plan.ready)
    joined = job.created_at < began and wish.repeat.is_plain
    told = (*(job.pinned or job.targets[0]).warnings, *job.warnings, *([JOINED.format(what=what)] if joined else []))
    return Placed(job, told)


def earlier_job(request: Request, spec: VideoSpec) -> str | None:
    """The id of the job whose video the request names by an address of this proxy. Raises BadRequest."""
    uri = spec.video.uri if spec.video is not None else None
    if uri is None or not uri.startswith(f"{base_url(services_of(request), request)}/"):
        return None
    known = read_file_id(file_in(uri) or "")
    if known is None:
        return None
    job_id, index = known
    if index:
        raise BadRequest(
            f"{spec.field('video')}: only the first video of a job can be built on here. Send the bytes of the other.",
            param=spec.field("video"),
        )
    return job_id
