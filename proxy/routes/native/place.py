"""A video asked for in one of Google's protocols -> a job, new or joined."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from proxy.jobs.desk import Wish
from proxy.jobs.job import Job
from proxy.jobs.join import Repeat
from proxy.routes.context import caller_of, is_marked_retry, services_of
from proxy.routes.earlier_media import found
from proxy.routes.media_urls import own_bases
from proxy.routes.video_source import planned
from translators.catalog import Kind
from translators.resolve import require_kind
from translators.video.spec import VideoSpec

SOURCE = "google"
"""What a job of these protocols says of where it came from."""
JOINED = (
    "This request equals one whose {what} nobody has asked for yet, and was taken as its repeat: nothing was sent or "
    "paid twice. For another video, send an Idempotency-Key of its own, or another seed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a video, read."""

    model: str
    spec: VideoSpec
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
    earlier = await found(services, caller.id, asked.spec, own_bases(services, request))
    spec, source = earlier.spec, earlier.source
    plan = planned(services, spec, resolution, source)
    wish = Wish(
        caller=caller.id,
        asked_model=asked.model,
        spec=spec,
        targets=plan.targets,
        repeat=Repeat(
            # Another protocol's caller could not tell that an answer in its own was lost.
            fingerprint=await asyncio.to_thread(spec.fingerprint, f"{SOURCE}:{what}:{asked.model}"),
            idempotency_key=request.headers.get("idempotency-key", "").strip() or None,
            marked=is_marked_retry(request.headers),
        ),
        priority=caller.priority,
        source=SOURCE,
        waits=asked.waits,
        until_asked_for=not asked.waits,
        remixed_from=source.job.id if source is not None else None,
        extra_parameters=asked.parameters,
    )
    began = services.clock.now()
    job = await services.desk.place(wish, plan.ready)
    joined = job.created_at < began and wish.repeat.is_plain
    told = (*(job.pinned or job.targets[0]).warnings, *job.warnings, *([JOINED.format(what=what)] if joined else []))
    return Placed(job, told)
