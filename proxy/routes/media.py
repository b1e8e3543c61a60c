"""GET /media/<name>: a stored file for whoever has its unguessable name, for as long as links work.

Players, link previews and chat front-ends send no key (Open WebUI, NextChat, AI SDK's download; 2026-11).
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.respond import StoredFileResponse
from proxy.routes.context import services_of
from translators.errors import NotFound


async def media(request: Request) -> Response:
    """The file, with ranges. Raises NotFound for no name of ours, a file that is gone, and a link that has expired."""
    services = services_of(request)
    try:
        file = await services.media.open(request.path_params["name"])
    except (MediaMissing, MediaDamaged):
        raise NotFound("There is no such file, or it is no longer kept.", code="media_not_found") from None
    left = file.media.created_at + timedelta(seconds=services.config.media.url_lifetime) - services.clock.now()
    if left <= timedelta():
        raise NotFound(
            "This link has expired. The owner of the job gets the file by GET /v1/videos/{id}/content.",
            code="media_link_expired",
        )
    return StoredFileResponse(
        file,
        headers={
            "cache-control": f"private, max-age={int(left.total_seconds())}",
            "cross-origin-resource-policy": "cross-origin",
        },
    )
