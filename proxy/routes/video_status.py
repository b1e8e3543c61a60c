"""GET and DELETE /v1/videos/{id}, GET /v1/videos: the caller's own jobs; another's is as good as none."""

import contextlib

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.jobs.job import Job
from proxy.media.stored import MediaMissing
from proxy.routes.context import caller_of, services_of
from proxy.routes.video_view import poll_header, view_of
from translators.errors import BadRequest, Conflict, NotFound
from translators.video.video_object import to_deleted, to_video_list, to_video_object
from translators.whole_number import whole_number

USUAL_PAGE, LARGEST_PAGE = 20, 100


async def own_job(request: Request) -> Job:
    """The job that the address names. Raises Rejected (401), and NotFound for one that is not the caller's."""
    caller = caller_of(request)
    job_id: str = request.path_params["video_id"]
    job = await services_of(request).desk.get(job_id, caller.id)
    if job is None:
        raise NotFound(f"There is no video {job_id}.", code="video_not_found")
    return job


async def retrieve_video(request: Request) -> Response:
    """Where one job stands."""
    job = await own_job(request)
    services = services_of(request)
    return JSONResponse(to_video_object(await view_of(services, job)), headers=poll_header(services, job))


async def list_videos(request: Request) -> Response:
    """The caller's jobs of every kind, newest first; the SDKs ask for the next page with `after`."""
    caller, services = caller_of(request), services_of(request)
    limit, ascending = _limit(request), _ascending(request)
    after = request.query_params.get("after") or None
    try:
        page = await services.desk.list(caller.id, after=after, limit=max(limit, 1), ascending=ascending)
    except LookupError:
        raise BadRequest(f"after: there is no video {after}.", param="after") from None
    jobs = page.jobs[:limit]
    return JSONResponse(
        to_video_list(
            [await view_of(services, job) for job in jobs],
            has_more=page.has_more or len(jobs) < len(page.jobs),
        )
    )


async def delete_video(request: Request) -> Response:
    """Forget a job and its files; one that is still going on is stopped first, where that is possible."""
    job = await own_job(request)
    services = services_of(request)
    ended = job if job.ended else await services.desk.cancel(job)
    if not await services.desk.delete(ended):
        if await services.desk.get(job.id, job.caller) is None:
            raise NotFound(f"There is no video {job.id}.", code="video_not_found")
        raise Conflict(f"Video {job.id} is still going on.", code="video_in_progress")
    for entry in ended.media:
        with contextlib.suppress(MediaMissing):
            await services.media.delete(entry.name)
    return JSONResponse(to_deleted(job.id))


def _limit(request: Request) -> int:
    said = request.query_params.get("limit", str(USUAL_PAGE))
    limit = whole_number(said)
    if limit is None or limit > LARGEST_PAGE:
        raise BadRequest(f"limit must be a number from 0 to {LARGEST_PAGE}; got {said[:40]!r}.", param="limit")
    return limit


def _ascending(request: Request) -> bool:
    said = request.query_params.get("order", "desc")
    if said not in ("asc", "desc"):
        raise BadRequest(f"order must be asc or desc; got {said!r}.", param="order")
    return said == "asc"
