"""Interactions that make a video are jobs: create, get, cancel and delete. An interaction's id is its job's."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.jobs.errors import raised
from proxy.jobs.job import Job, JobState
from proxy.respond import Event, EventStream, JsonAroundMedia, JsonWithHeartbeat, Pace
from proxy.routes.chat_video import Telling, completed
from proxy.routes.context import services_of
from proxy.routes.failures import as_api_error
from proxy.routes.native.place import Asked, placed
from proxy.routes.native.results import buckets_or, file_address
from proxy.routes.native.shape import query_of, warned
from proxy.routes.video_view import view_of
from translators.native.errors import status_body
from translators.native.interaction import to_interaction
from translators.native.interaction_events import (
    CREATED,
    ERROR,
    STATUS_UPDATE,
    after,
    at_work_event,
    created_event,
    ending_events,
    read_last_event_id,
)
from translators.native.members import a_spoken_switch
from translators.native.read_omni import AskedInteraction, read_omni
from translators.video.spec import EarlierVideo

BY_DATA, BY_URL = "data", "url"
LOOKS = ("stream", "last_event_id", "include_input")
"""The query of a look at an interaction (google-genai 3.4.0)."""
INPUT_NOT_KEPT = "include_input had no effect: what a video was asked for is not told again."


async def create_video_interaction(request: Request, body: Mapping[str, Any]) -> Response:
    """Place the job. With `stream` its events are the answer, with `background` its id is, else the video is.

    Raises ApiError.
    """
    asked = read_omni(body)
    told = await placed(request, _asked(asked), what="interaction")
    headers = warned(told.warnings)
    if asked.stream:
        return _streamed(request, told.job, headers)
    if asked.background:
        return JsonAroundMedia(await _interaction(request, told.job), headers=headers)
    return _waited_for(request, told.job, headers)


async def get_video_interaction(request: Request, job: Job) -> Response:
    """Where it stands; with `stream=true` its events, after `last_event_id` where one is named. Raises BadRequest."""
    said = query_of(request, LOOKS)
    streamed = a_spoken_switch(said.get("stream"), "stream")
    last = read_last_event_id(said.get("last_event_id"))
    told = _told(job, *([INPUT_NOT_KEPT] if a_spoken_switch(said.get("include_input"), "include_input") else []))
    await services_of(request).desk.claimed(job)
    if streamed:
        items = _events(request, services_of(request).desk.follow(job), last)
        return _event_stream(request, items, told)
    return JsonAroundMedia(await _interaction(request, job), headers=told)


async def cancel_video_interaction(request: Request, job: Job) -> Response:
    """Stop it where that is possible. Raises Conflict."""
    cancelled = await services_of(request).desk.cancel(job)
    return JsonAroundMedia(await _interaction(request, cancelled), headers=_told(cancelled))


def _asked(asked: AskedInteraction) -> Asked:
    spec = asked.spec
    if asked.previous is not None:
        named = {**spec.named, "video": "previous_interaction_id"}
        spec = replace(spec, video=EarlierVideo(job_id=asked.previous).as_media(), named=named)
    return Asked(
        model=asked.model,
        spec=spec,
        waits=asked.stream or not asked.background,
        parameters={"delivery": BY_URL if asked.by_uri else BY_DATA},
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


def _streamed(request: Request, job: Job, headers: Mapping[str, str]) -> Response:
    services = services_of(request)

    async def events() -> AsyncGenerator[Event, None]:
        async with Telling(services.desk, job.id):
            async with aclosing(_events(request, services.desk.follow(job), 0)) as items:
                async for item in items:
                    yield item
            await services.desk.delivered(job.id)

    return _event_stream(request, events(), headers, on_disconnect=lambda: services.desk.left(job.id))


async def _events(request: Request, rows: AsyncIterator[Job], last: int) -> AsyncGenerator[Event, None]:
    """The interaction's events after the one of that number, as they come."""
    latest: Job | None = None
    for_once = {CREATED: created_event, STATUS_UPDATE: at_work_event}
    async for row in rows:
        latest = row
        told = await _told_briefly(request, row)
        due = [name for name in for_once if name == CREATED or row.submitted_at is not None]
        for event in [for_once.pop(name)(told) for name in due]:
            if after(event, last):
                yield Event(data=event, name=event["event_type"])
    if latest is not None:
        for event in ending_events(await _interaction(request, latest)):
            if after(event, last):
                yield Event(data=event, name=event["event_type"])


def _event_stream(
    request: Request,
    items: AsyncGenerator[Event, None],
    headers: Mapping[str, str],
    on_disconnect: Callable[[], Awaitable[None]] | None = None,
) -> Response:
    def failed(error: Exception) -> Event:
        known = as_api_error(error)
        return Event(data={"event_type": ERROR, "error": {"code": known.code, "message": known.message}}, name=ERROR)

    return EventStream(
        items,
        pace=Pace(seconds=services_of(request).config.streaming.keepalive_seconds),
        headers=headers,
        on_disconnect=on_disconnect,
        failure=failed,
    )


async def _told_briefly(request: Request, job: Job) -> dict[str, Any]:
    return to_interaction(await view_of(services_of(request), job), updated=job.submitted_at or job.created_at)


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


def _told(job: Job, *more: str) -> dict[str, str]:
    return warned((*(job.pinned or job.targets[0]).warnings, *job.warnings, *more))
