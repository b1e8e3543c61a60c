"""POST /v1/videos, /v1/videos/edits, /v1/videos/extensions, /v1/videos/{id}/remix: a job is placed and shown."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.context import services_of
from proxy.routes.video_place import placed
from proxy.routes.video_view import poll_header, view_of
from translators.video.read_create import Action
from translators.video.video_object import to_video_object

SOURCE = "videos"
"""What a job of this API says of where it came from."""


async def create_video(request: Request) -> Response:
    """Make a video."""
    return await _shown(request, Action.CREATE)


async def edit_video(request: Request) -> Response:
    """Change a video: an uploaded one, or that of an earlier job."""
    return await _shown(request, Action.EDIT)


async def extend_video(request: Request) -> Response:
    """Continue a video."""
    return await _shown(request, Action.EXTEND)


async def remix_video(request: Request) -> Response:
    """Change the video that the address names."""
    return await _shown(request, Action.REMIX, request.path_params["video_id"])


async def _shown(request: Request, action: Action, remixes: str | None = None) -> Response:
    services = services_of(request)
    job = await placed(request, source=SOURCE, action=action, remixes=remixes)
    return JSONResponse(to_video_object(await view_of(services, job)), headers=poll_header(services, job))
