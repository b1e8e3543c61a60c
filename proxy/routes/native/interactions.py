"""The Interactions API: what makes a video is a job of the proxy, anything else goes on to Google as it is."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.interactions import Owned
from proxy.jobs.job import Job
from proxy.routes.context import caller_of, services_of
from proxy.routes.native.passed_interactions import change_interaction, create_passed, look_at
from proxy.routes.native.shape import json_of
from proxy.routes.native.video_interactions import (
    cancel_video_interaction,
    create_video_interaction,
    get_video_interaction,
)
from proxy.routes.video_status import delete_video
from translators.catalog import Kind
from translators.errors import NotFound
from translators.native.passed_interaction import read_passed


async def create_interaction(request: Request) -> Response:
    """Create one. Raises ApiError."""
    caller_of(request)
    body = await json_of(request)
    asked = read_passed(body)
    services = services_of(request)
    resolution = services.resolve_interaction(asked.name, agent=asked.by_agent)
    if resolution.model.kind is Kind.VIDEO:
        return await create_video_interaction(request, body)
    return await create_passed(request, body, asked, resolution)


async def get_interaction(request: Request) -> Response:
    """Where it stands. Raises NotFound for one that is not the caller's."""
    one = await _own(request)
    return await (get_video_interaction(request, one) if isinstance(one, Job) else look_at(request, one))


async def cancel_interaction(request: Request) -> Response:
    """Stop it where that is possible. Raises NotFound and Conflict."""
    one = await _own(request)
    if isinstance(one, Job):
        return await cancel_video_interaction(request, one)
    return await change_interaction(request, one, "cancel")


async def delete_interaction(request: Request) -> Response:
    """Forget it, and its video if it made one. Raises NotFound and Conflict."""
    one = await _own(request)
    if isinstance(one, Job):
        await delete_video(request)
        return JSONResponse({})
    return await change_interaction(request, one, "delete")


async def _own(request: Request) -> Job | Owned:
    caller, services = caller_of(request), services_of(request)
    name: str = request.path_params["video_id"]
    one = await services.desk.get(name, caller.id) or await services.interactions.find(name, caller.id)
    if one is None:
        raise NotFound(f"There is no interaction {name}.", code="interaction_not_found")
    return one
