"""Files that callers have uploaded: what Google says of them now, the list, deleting, and bytes where it gives any."""

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from proxy.answer import Answer
from proxy.google_files.register import UploadedFile
from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import door_failures
from proxy.routes.media_urls import base_url
from proxy.routes.native.upload_target import about
from translators.errors import ApiError, BadRequest, NotFound
from translators.google_errors import judge
from translators.native.file_resource import expires_at, shown_file
from translators.video.files import FileState, read_file
from translators.wire.call import GoogleCall

TIMEOUT = 30.0
PAGE, MOST_A_PAGE = 10, 100
"""Gemini API reference, files.list, 2026-11."""
PASSED_ON = ("content-type", "content-length", "content-range", "accept-ranges", "etag", "last-modified")
GONE = (403, 404)
"""What Google says of a file that it keeps no longer (Gemini API docs, Files, 2026-11)."""


async def list_files(request: Request) -> Response:
    """The caller's uploads, the newest first, a page at a time. Raises BadRequest."""
    services, caller = services_of(request), caller_of(request)
    size = _page_size(request)
    files = await services.files.of(caller.id)
    token = request.query_params.get("pageToken", "")
    if token:
        mark = _read_token(token)
        files = [file for file in files if (file.created_at, file.id) < mark]
    page = [shown(request, await _settled(request, file)) for file in files[:size]]
    body: dict[str, Any] = {"files": page} if page else {}
    if len(files) > size:
        body["nextPageToken"] = _token(files[size - 1])
    return JSONResponse(body)


async def own_upload(request: Request, file_id: str) -> UploadedFile | None:
    """The caller's own upload of this id."""
    return await services_of(request).files.get(caller_of(request).id, file_id)


async def show_upload(request: Request, file: UploadedFile) -> Response:
    """What Google says of it now. Raises NotFound once Google has it no longer."""
    return JSONResponse(shown(request, await _as_it_is(request, file)))


async def delete_upload(request: Request, file: UploadedFile) -> Response:
    """Delete it at Google, and forget it. One that is gone already is as good as deleted."""
    services = services_of(request)
    credential = services.pool.get(file.credential)
    with door_failures():
        call = GoogleCall(resource=file.resource, method="DELETE")
        reply = await services.upstream.call(credential, call, timeout=TIMEOUT)
    if reply.status not in (200, 204, *GONE):
        raise judge(reply.status, reply.body, about=about(credential)).error
    await services.files.remove(file)
    return JSONResponse({})


async def download_upload(request: Request, file: UploadedFile) -> Response:
    """Its bytes as they come, with ranges. Google hands out generated files alone, and says so of others."""
    services = services_of(request)
    credential = services.pool.get(file.credential)
    url = f"{file.uri.partition('?')[0]}:download?alt=media"
    with door_failures():
        async with AsyncExitStack() as opening:
            answer = await opening.enter_async_context(
                services.upstream.open_download(credential, url, byte_range=request.headers.get("range"))
            )
            if answer.status not in (200, 206, 416):
                raise judge(answer.status, await answer.read(), about=about(credential)).error
            held = opening.pop_all()
    headers = {name: value for name in PASSED_ON if (value := answer.headers.get(name)) is not None}
    return StreamingResponse(_pieces(answer, held), status_code=answer.status, headers=headers)


def shown(request: Request, file: UploadedFile) -> dict[str, Any]:
    """The file as its caller sees it."""
    return shown_file(file.google, file_id=file.id, address=address_of(request, file))


def address_of(request: Request, file: UploadedFile) -> str:
    """The file's resource at this proxy."""
    return f"{base_url(services_of(request), request)}/v1beta/files/{file.id}"


async def _pieces(answer: Answer, held: AsyncExitStack) -> AsyncIterator[bytes]:
    async with held:
        async for piece in answer:
            yield piece


async def _settled(request: Request, file: UploadedFile) -> UploadedFile:
    """The row as it is, unless Google was still at work when it was written."""
    if read_file(file.google, "").state is not FileState.PROCESSING:
        return file
    try:
        return await _as_it_is(request, file)
    except ApiError:
        return file


async def _as_it_is(request: Request, file: UploadedFile) -> UploadedFile:
    """The file as Google describes it now; the row follows. Raises NotFound, and the ApiError of another refusal."""
    services = services_of(request)
    credential = services.pool.get(file.credential)
    with door_failures():
        call = GoogleCall(resource=file.resource, method="GET")
        reply = await services.upstream.call(credential, call, timeout=TIMEOUT)
    if reply.status in GONE and judge(reply.status, reply.body, about=about(credential)).error.code == "file_not_found":
        await services.files.remove(file)
        raise NotFound(f"The file {file.id} does not exist, or is no longer kept.", code="file_not_found")
    if reply.status != 200:
        raise judge(reply.status, reply.body, about=about(credential)).error
    google = orjson.loads(reply.body)
    # Its name and place are what the upload said: nothing that comes later may lead elsewhere.
    google = {**google, "name": file.resource, "uri": file.uri}
    latest = file.model_copy(update={"google": google, "expires_at": expires_at(google) or file.expires_at})
    await services.files.put(latest)
    return latest


def _page_size(request: Request) -> int:
    said = request.query_params.get("pageSize", "")
    if not said:
        return PAGE
    if not said.isdecimal() or not said.isascii() or int(said) > MOST_A_PAGE:
        raise BadRequest(f"pageSize is {said!r}; a whole number up to {MOST_A_PAGE} is expected.", param="pageSize")
    return int(said) or PAGE


def _token(file: UploadedFile) -> str:
    return base64.urlsafe_b64encode(f"{file.created_at.isoformat()} {file.id}".encode()).decode()


def _read_token(token: str) -> tuple[datetime, str]:
    try:
        moment, _, file_id = base64.urlsafe_b64decode(token).decode().partition(" ")
        mark = datetime.fromisoformat(moment), file_id
    except (binascii.Error, ValueError):
        raise BadRequest("pageToken is none that this list gave out.", param="pageToken") from None
    if mark[0].tzinfo is None:
        raise BadRequest("pageToken is none that this list gave out.", param="pageToken")
    return mark
