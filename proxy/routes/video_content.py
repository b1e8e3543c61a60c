"""GET /v1/videos/{id}/content: the file itself, a still, or a sheet of stills."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from proxy.jobs.errors import known, raised
from proxy.jobs.job import Job, JobState
from proxy.media.stored import MediaDamaged, MediaMissing, StoredFile
from proxy.media.thumbnail import SPRITESHEET_TYPE, THUMBNAIL_TYPE, spritesheet, thumbnail
from proxy.respond import StoredFileResponse
from proxy.respond.conditions import names_tag
from proxy.routes.context import services_of
from proxy.routes.failures import failed
from proxy.routes.video_status import own_job
from proxy.routes.video_view import poll_header, view_of
from translators.errors import BadRequest, Conflict, NotFound
from translators.whole_number import whole_number

VIDEO = "video"
PRIVATE = "private, max-age=3600"


@dataclass(frozen=True, slots=True)
class _Picture:
    """How a picture of a video is made, and its type."""

    make: Callable[[Path], Awaitable[bytes]]
    media_type: str


PICTURES: Mapping[str, _Picture] = {
    "thumbnail": _Picture(thumbnail, THUMBNAIL_TYPE),
    "spritesheet": _Picture(spritesheet, SPRITESHEET_TYPE),
}
"""`variant` -> what is made of the file."""


async def video_content(request: Request) -> Response:
    """The video (`index` tells which, of several), with ranges; or a picture of it.

    Any `Accept` is answered: openai-python sends application/binary.
    """
    job = await own_job(request)
    services = services_of(request)
    variant = request.query_params.get("variant", VIDEO)
    if variant != VIDEO and variant not in PICTURES:
        raise BadRequest(f"variant must be {', '.join((VIDEO, *PICTURES))}; got {variant!r}.", param="variant")
    if not job.ended:
        return await _not_ready(request, job)
    if job.state is not JobState.COMPLETED:
        raise raised(job)
    file = await _file(request, job)
    await services.desk.claimed(job)
    if variant == VIDEO:
        return StoredFileResponse(file, headers={"cache-control": PRIVATE})
    return await _picture(request, file, variant)


async def _not_ready(request: Request, job: Job) -> Response:
    """At once, so that nobody hangs: a conflict that says when to look again."""
    services = services_of(request)
    view = await view_of(services, job)
    error = Conflict(
        f"Video {job.id} is {view.status.value} (about {view.progress} %); its content is not there yet.",
        code="video_not_ready",
        extra=known(job),
    )
    answer = failed(error, request.scope)
    answer.headers.update(poll_header(services, job))
    return answer


async def _file(request: Request, job: Job) -> StoredFile:
    said = request.query_params.get("index", "0")
    index = whole_number(said)
    if index is None or index >= len(job.media):
        raise BadRequest(
            f"index must be a number from 0 to {len(job.media) - 1}: this job made {len(job.media)} of "
            f"{job.parameters.get('samples') or 1}. Got {said[:40]!r}.",
            param="index",
        )
    try:
        return await services_of(request).media.open(job.media[index].name)
    except (MediaMissing, MediaDamaged):
        until = f" It was kept until {job.media_until.isoformat()}." if job.media_until is not None else ""
        raise NotFound(
            f"The video of {job.id} is no longer here.{until}", code="video_expired", extra=known(job)
        ) from None


async def _picture(request: Request, file: StoredFile, variant: str) -> Response:
    etag = f'"{file.media.sha256}-{variant}"'
    headers = {"etag": etag, "cache-control": PRIVATE}
    if names_tag(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    picture = PICTURES[variant]
    return Response(await picture.make(file.path), media_type=picture.media_type, headers=headers)
