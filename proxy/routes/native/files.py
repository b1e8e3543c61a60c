"""The Files API: the videos of jobs, from the copies kept here; what callers uploaded is in `uploaded.py`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.jobs.job import Job
from proxy.media.stored import MediaDamaged, MediaMissing, StoredFile
from proxy.respond import StoredFileResponse
from proxy.routes.context import caller_of, services_of
from proxy.routes.native.results import download_address, file_address
from proxy.routes.native.uploaded import delete_upload, download_upload, own_upload, show_upload
from translators.errors import BadRequest, NotFound
from translators.native.names import file_id, file_in, read_file_id

PRIVATE = "private, max-age=3600"


async def get_file(request: Request) -> Response:
    """The file's description, or with `:download` the file, with ranges. Raises NotFound.

    Symptom: google-genai's `files.download` asks for `files/http://HOST/v1beta/files/ID:download`. Source: its
    `t_file_name` (2.19 and 3.4.0) takes the id out of https addresses only. Pinned by
    tests/proxy/native/test_videos.py::test_old_google_genai.
    """
    path: str = request.path_params["file"]
    upload = await own_upload(request, file_in(f"files/{path}") or "")
    if upload is not None:
        return await (download_upload if path.endswith(":download") else show_upload)(request, upload)
    job, index = await _own(request, path)
    file = await _stored(request, job, index)
    await services_of(request).desk.claimed(job)
    if path.endswith(":download"):
        return StoredFileResponse(file, headers={"cache-control": PRIVATE})
    return JSONResponse(_described(request, job, index, file))


async def delete_file(request: Request) -> Response:
    """Delete an upload. Raises NotFound, and BadRequest for a video, which goes with its job."""
    path: str = request.path_params["file"]
    upload = await own_upload(request, file_in(f"files/{path}") or "")
    if upload is not None:
        return await delete_upload(request, upload)
    job, _ = await _own(request, path)
    raise BadRequest(
        f"files/{path} is a video of {job.id}. DELETE /v1/videos/{job.id} removes the job with its videos."
    )


async def _own(request: Request, path: str) -> tuple[Job, int]:
    caller = caller_of(request)
    known = read_file_id(file_in(f"files/{path}") or "")
    job = await services_of(request).desk.get(known[0], caller.id) if known is not None else None
    if known is None or job is None or known[1] >= len(job.media):
        raise _missing(path)
    return job, known[1]


async def _stored(request: Request, job: Job, index: int) -> StoredFile:
    try:
        return await services_of(request).media.open(job.media[index].name)
    except (MediaMissing, MediaDamaged):
        raise _missing(file_id(job.id, index)) from None


def _missing(name: str) -> NotFound:
    return NotFound(f"The file {name} does not exist, or is no longer kept.", code="file_not_found")


def _described(request: Request, job: Job, index: int, file: StoredFile) -> dict[str, Any]:
    media = job.media[index]
    created = file.media.created_at.isoformat().replace("+00:00", "Z")
    told: dict[str, Any] = {
        "name": f"files/{file_id(job.id, index)}",
        "mimeType": media.mime_type,
        "sizeBytes": str(file.media.size),
        "createTime": created,
        "updateTime": created,
        "uri": file_address(request, job, index),
        "downloadUri": download_address(request, job, index),
        "state": "ACTIVE",
        "source": "GENERATED",
    }
    if job.media_until is not None:
        told["expirationTime"] = job.media_until.isoformat().replace("+00:00", "Z")
    if media.duration is not None:
        told["videoMetadata"] = {"videoDuration": f"{media.duration:g}s"}
    return told
