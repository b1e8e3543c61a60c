"""The Interactions API, for videos: create, get, cancel and delete. An interaction's id is its job's."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.jobs.errors import raised
from proxy.jobs.job import Job, JobState
from proxy.respond import JsonAroundMedia, JsonWithHeartbeat, Pace
from proxy.routes.chat_video import Telling, completed
from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import as_api_error
from proxy.routes.native.place import Asked, earlier_job, placed
from proxy.routes.native.results import buckets_or, file_address
from proxy.routes.native.shape import json_of, warned
from proxy.routes.video_status import delete_video, own_job
from proxy.routes.video_view import view_of
from translators.catalog import Kind
from translators.errors import BadRequest
from translators.native.errors import status_body
from translators.native.interaction import to_interaction
from translators.native.read_omni import NAMES, AskedInteraction, read_omni

BY_DATA, BY_URL = "data", "url"


async def create_interaction(request: Request) -> Response:
    """Place the job. With `background` its id is the answer, without it the video is. Raises ApiError."""
    caller_of(request)
    body = await json_of(request)
    _check_model(request, body)
    asked = read_omni(body)
    told = await placed(request, _asked(request, asked), what="interaction")
    headers = warned(told.warnings)
    if asked.background:
        return JSONResponse(await _interaction(request, told.job), headers=headers)
    return _waited_for(request, told.job, headers)


async def get_interaction(request: Request) -> Response:
    """Where it stands. Raises NotFound for one that is not the caller's."""
    if request.query_params.get("stream") == "true":
        raise BadRequest("Invalid value at 'stream': a video is not streamed; ask again until it is completed.")
    job = await own_job(request)
    await services_of(request).desk.claimed(job)
    return JsonAroundMedia(await _interaction(request, job), headers=_told(job))


async def cancel_interaction(request: Request) -> Response:
    """Stop it where that is possible. Raises NotFound and Conflict."""
    job = await own_job(request)
    cancelled = await services_of(request).desk.cancel(job)
    return JsonAroundMedia(await _interaction(request, cancelled), headers=_told(cancelled))


async def delete_interaction(request: Request) -> Response:
    """Forget it and its video. Raises NotFound and Conflict."""
    await delete_video(request)
    return JSONResponse({})


def _asked(request: Request, asked: AskedInteraction) -> Asked:
    by_address = earlier_job(request, asked.spec)
    return Asked(
        model=asked.model,
        spec=asked.spec,
        source=asked.previous or by_address,
        source_field="previous_interaction_id" if asked.previous else NAMES["video"],
        waits=not asked.background,
        parameters={"delivery": BY_URL if asked.by_uri else BY_DATA},
    )


def _check_model(request: Request, body: Mapping[str, Any]) -> None:
    """Text and images have no jobs: such an interaction could not be found again behind another credential."""
    model = body.get("model")
    if isinstance(model, str) and services_of(request).resolve(model).model.kind is not Kind.VIDEO:
        raise BadRequest(
            f"{model} makes no videos, and interactions are served here for videos only. "
            f"Call models/{model}:generateContent.",
            param="model",
            code="model_not_supported",
        )


def _waited_for(request: Request, job: Job, headers: Mapping[str, str]) -> Response:
    services = services_of(request)

    async def ended() -> Mapping[str, Any]:
        async with Telling(services.desk, job.id):
            return await _interaction(request, completed(await services.desk.ended(job)))

    return JsonWithHeartbeat(
        ended,
        pace=Pace(seconds=services.config.nonstream_keepalive_interval),
        headers=headers,
        on_disconnect=lambda: services.desk.left(job.id),
        on_sent=lambda: services.desk.delivered(job.id),
        failure=lambda error: status_body(as_api_error(error)),
    )


async def _interaction(request: Request, job: Job) -> dict[str, Any]:
    videos: list[dict[str, Any]] = []
    if job.state is JobState.COMPLETED:
        by_data = job.parameters.get("delivery") == BY_DATA
        videos = await buckets_or(
            request,
            job,
            uri="uri",
            data="data",
            mime_type="mime_type",
            by_address=None if by_data else lambda index: file_address(request, job, index),
        )
    return to_interaction(
        await view_of(services_of(request), job),
        videos=videos,
        usage=job.usage,
        updated=job.finished_at or job.submitted_at or job.created_at,
        error=raised(job) if job.ended and job.state is not JobState.COMPLETED else None,
    )


def _told(job: Job) -> dict[str, str]:
    return warned((*(job.pinned or job.targets[0]).warnings, *job.warnings))
