"""/api/v1/videos: the same jobs in OpenRouter's form, its errors included."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.jobs.job import Job, JobState
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.respond import JsonAroundMedia, data_uri
from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import shape_failures
from proxy.routes.media_urls import base_url, media_url
from proxy.routes.video_content import video_content
from proxy.routes.video_place import placed
from proxy.routes.video_status import own_job
from proxy.routes.video_view import poll_header, view_of
from proxy.services import Services
from proxy.webhooks import Told
from translators.video.openrouter import to_openrouter, to_openrouter_error, to_webhook_event
from translators.video.openrouter_models import openrouter_model

PATH = "/api/v1/videos"
SOURCE = "openrouter"


async def create(request: Request) -> Response:
    """Place a job: 202, and where to look."""
    shape_failures(request, to_openrouter_error)
    return await _shown(request, await placed(request, source=SOURCE), status=202)


async def retrieve(request: Request) -> Response:
    """Where a job stands."""
    shape_failures(request, to_openrouter_error)
    return await _shown(request, await own_job(request), status=200)


async def content(request: Request) -> Response:
    """The file."""
    shape_failures(request, to_openrouter_error)
    return await video_content(request)


async def models(request: Request) -> Response:
    """What the configured credentials can make videos with."""
    shape_failures(request, to_openrouter_error)
    caller_of(request)
    services = services_of(request)
    started = int(services.started.timestamp())
    entries = [openrouter_model(name, model, created=started) for name, model in services.visible_models().items()]
    return JSONResponse({"data": [entry for entry in entries if entry is not None]})


async def told(services: Services, job: Job, base: str) -> Told:
    """What the callback of an ended job says."""
    view = await view_of(services, job)
    event = to_webhook_event(view, urls=_addresses(services, job, base), created_at=services.clock.now())
    return Told(view=view, event=event)


async def _shown(request: Request, job: Job, *, status: int) -> Response:
    services, caller = services_of(request), caller_of(request)
    base = base_url(services, request)
    view = await view_of(services, job)
    urls = await _urls(services, job, base, usual=caller.delivery)
    body = to_openrouter(view, polling_url=f"{base}{PATH}/{job.id}", urls=urls)
    if job.state is JobState.COMPLETED:
        await services.desk.claimed(job)
    return JsonAroundMedia(body, status_code=status, headers=poll_header(services, job))


async def _urls(services: Services, job: Job, base: str, *, usual: str | None) -> Sequence[Any]:
    """Addresses, or the videos themselves where `delivery` is data: the request's, else the key's (`usual`).

    AI SDK 6 and 7 download without a key and refuse private addresses; data URIs they take (measured, 2026-11).
    """
    if (job.parameters.get("delivery") or usual) == "data":
        try:
            return [data_uri(await services.media.open(entry.name)) for entry in job.media]
        except (MediaMissing, MediaDamaged):
            pass
    return _addresses(services, job, base)


def _addresses(services: Services, job: Job, base: str) -> list[str]:
    """Links that need no key, while they work; then the ones that need it."""
    lifetime = timedelta(seconds=services.config.media.url_lifetime)
    fresh = job.finished_at is not None and services.clock.now() < job.finished_at + lifetime
    return [
        media_url(base, entry.name) if fresh else f"{base}{PATH}/{job.id}/content?index={index}"
        for index, entry in enumerate(job.media)
    ]
