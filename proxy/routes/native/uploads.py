"""POST /upload/v1beta/files: uploads to Google's File API, which pass through in pieces and are never held whole.

Resumable as google-genai speaks it (start, upload, finalize, query, cancel), and in one request (multipart, raw). What
the caller gets is an address of this proxy with a token in it, never Google's, and names that only it can use.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.answer import Answer
from proxy.credentials.credential import Credential
from proxy.google_files.register import LIFETIME, UploadedFile
from proxy.google_files.sessions import UploadSession
from proxy.routes.context import body_of, caller_of, services_of
from proxy.routes.failures import door_failures
from proxy.routes.media_urls import base_url
from proxy.routes.native.upload_pieces import check_size, counted, followed, opening_of
from proxy.routes.native.upload_target import about, begun, chosen
from proxy.routes.native.uploaded import shown
from proxy.services import Services
from translators.errors import BadRequest, Conflict, NotFound, UpstreamFailed
from translators.google_errors import judge
from translators.native.errors import status_body
from translators.native.file_resource import expires_at, read_description, wanted_id, without_name
from translators.native.multipart_upload import boundary_of

COMMANDS = frozenset({"upload", "finalize", "query", "cancel"})
PASSED_ON = ("x-goog-upload-command", "x-goog-upload-offset", "content-length", "content-type")
"""Headers of a piece that Google needs."""
DESCRIBING = ("x-goog-upload-header-content-length", "x-goog-upload-header-content-type", "x-goog-upload-file-name")
PREFIX = "x-goog-upload-"
NOT_SHOWN = frozenset({"x-goog-upload-url", "x-goog-upload-control-url"})
"""Google's own addresses of a session."""

Pieces = bytes | AsyncIterator[bytes]


async def upload_file(request: Request) -> Response:
    """Begin an upload, make a whole one, or go on with one that has begun. Raises ApiError."""
    token = request.query_params.get("upload_id")
    if token is not None:
        return await _go_on(request, token)
    caller_of(request)
    name = request.headers.get("x-goog-upload-protocol") or request.query_params.get("uploadType") or ""
    protocol = PROTOCOLS.get(name)
    if protocol is None:
        raise BadRequest(
            f"There is no upload protocol {name!r}. "
            f"Send X-Goog-Upload-Protocol (or uploadType): {', '.join(PROTOCOLS)}.",
            param="X-Goog-Upload-Protocol",
        )
    return await protocol(request)


async def _start(request: Request) -> Response:
    """The beginning of a resumable upload: the address for its pieces, in a header."""
    services, caller = services_of(request), caller_of(request)
    if request.headers.get("x-goog-upload-command", "").strip() != "start":
        raise BadRequest("A resumable upload begins with X-Goog-Upload-Command: start.", param="X-Goog-Upload-Command")
    check_size(services, request.headers.get("x-goog-upload-header-content-length"))
    described = _description(await body_of(request))
    file_id = await _free_id(services, caller.id, described)
    headers = {name: value for name in DESCRIBING if (value := request.headers.get(name)) is not None}
    credential, answer_headers = await begun(services, headers, orjson.dumps(without_name(described)))
    session = await services.upload_sessions.begin(
        caller=caller.id, credential=credential.id, file_id=file_id, address=answer_headers["x-goog-upload-url"]
    )
    address = f"{base_url(services, request)}{request.url.path}?upload_id={session.token}&upload_protocol=resumable"
    return JSONResponse({}, headers={**_shown_headers(answer_headers), "x-goog-upload-url": address})


async def _go_on(request: Request, token: str) -> Response:
    """A piece of an upload, or its end, or a question about it. The token is the permission, as at Google."""
    services = services_of(request)
    session = await services.upload_sessions.find(token)
    if session is None:
        raise NotFound("There is no such upload, or it has ended. Begin anew.", code="upload_not_found")
    commands = frozenset(word.strip() for word in request.headers.get("x-goog-upload-command", "").split(","))
    if not commands or commands - COMMANDS:
        raise BadRequest(
            f"X-Goog-Upload-Command must be one or more of {', '.join(sorted(COMMANDS))}.",
            param="X-Goog-Upload-Command",
        )
    headers = {name: value for name in PASSED_ON if (value := request.headers.get(name)) is not None}
    offset = headers.get("x-goog-upload-offset", "0")
    received = int(offset) if offset.isascii() and offset.isdigit() else 0
    check_size(services, headers.get("content-length"), received)
    credential = services.pool.get(session.credential)
    pieces: Pieces = counted(request, received) if "upload" in commands else b""
    return await _sent(services, credential, session, headers, pieces, request, url=session.address)


async def _multipart(request: Request) -> Response:
    """A whole file in one request: its description first, then its bytes."""
    services, caller = services_of(request), caller_of(request)
    content_type = request.headers.get("content-type", "")
    boundary = boundary_of(content_type)
    if boundary is None:
        raise BadRequest("A multipart upload needs its boundary in Content-Type.", param="Content-Type")
    check_size(services, request.headers.get("content-length"))
    stream = counted(request)
    opening = await opening_of(stream, boundary)
    described = _description(opening.description)
    file_id = await _free_id(services, caller.id, described)
    first = opening.with_description(orjson.dumps(without_name(described)))
    headers = {"content-type": content_type, "x-goog-upload-protocol": "multipart"}
    stated = request.headers.get("content-length", "")
    if stated.isdigit():
        grown = len(first) - len(opening.with_description(opening.description))
        headers["content-length"] = str(int(stated) + grown)
    credential = chosen(services)
    session = _whole(services, caller.id, credential, file_id)
    return await _sent(services, credential, session, headers, followed(first, stream), request)


async def _raw(request: Request) -> Response:
    """A whole file in one request, nothing but its bytes."""
    services, caller = services_of(request), caller_of(request)
    check_size(services, request.headers.get("content-length"))
    names = (*DESCRIBING, "content-length", "content-type")
    headers = {name: value for name in names if (value := request.headers.get(name)) is not None}
    file_id = await _free_id(services, caller.id, {})
    credential = chosen(services)
    session = _whole(services, caller.id, credential, file_id)
    pieces = counted(request)
    return await _sent(services, credential, session, {**headers, "x-goog-upload-protocol": "raw"}, pieces, request)


PROTOCOLS: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
    "resumable": _start,
    "multipart": _multipart,
    "raw": _raw,
    "media": _raw,
}
"""X-Goog-Upload-Protocol, or the older `uploadType`."""


def _whole(services: Services, caller: str, credential: Credential, file_id: str) -> UploadSession:
    """A session that is over with its one request, and written nowhere."""
    return UploadSession(
        token="", caller=caller, credential=credential.id, file_id=file_id, address="", begun_at=services.clock.now()
    )


async def _sent(
    services: Services,
    credential: Credential,
    session: UploadSession,
    headers: Mapping[str, str],
    pieces: Pieces,
    request: Request,
    *,
    url: str | None = None,
) -> Response:
    """Hand the bytes on; where that makes a file, write down whose it is before anybody is told its name."""
    with door_failures():
        async with services.upstream.upload(credential, url, headers=headers, content=pieces) as answer:
            return await _told(services, credential, session, answer, request)


async def _told(
    services: Services, credential: Credential, session: UploadSession, answer: Answer, request: Request
) -> Response:
    headers = _shown_headers(answer.headers)
    body = await answer.read()
    if answer.status != 200:
        error = judge(answer.status, body, about=about(credential)).error
        # With Google's word on the upload beside it: without one, google-genai sends the piece again, three times.
        return JSONResponse(status_body(error), status_code=error.status, headers={**headers, **error.headers()})
    if headers.get(f"{PREFIX}status") != "final" and session.token:
        if headers.get(f"{PREFIX}status") == "cancelled":
            await services.upload_sessions.end(session)
        return Response(headers=headers)
    file = _registered(services, session, body)
    await services.files.put(file)
    if session.token:
        await services.upload_sessions.end(session)
    return JSONResponse({"file": shown(request, file)}, headers={**headers, f"{PREFIX}status": "final"})


def _registered(services: Services, session: UploadSession, body: bytes) -> UploadedFile:
    try:
        google: Any = orjson.loads(body)["file"]
        named = isinstance(google["name"], str) and isinstance(google["uri"], str)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        named = False
    if not named:
        raise UpstreamFailed("Google's File API took the bytes and named no file.", code="malformed_upstream_answer")
    now = services.clock.now()
    return UploadedFile(
        id=session.file_id,
        caller=session.caller,
        credential=session.credential,
        created_at=now,
        expires_at=expires_at(google) or now + LIFETIME,
        google=google,
    )


def _shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Google's words on the upload, without its addresses."""
    known = {name.lower(): value for name, value in headers.items()}
    return {name: value for name, value in known.items() if name.startswith(PREFIX) and name not in NOT_SHOWN}


def _description(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        return read_description(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Invalid JSON payload received. {error}.") from None


async def _free_id(services: Services, caller: str, described: Mapping[str, Any]) -> str:
    """The id that the caller wants, or a new one. Raises BadRequest, and Conflict for one that it uses already."""
    wanted = wanted_id(described)
    if wanted is None:
        return secrets.token_hex(10)
    if await services.files.get(caller, wanted) is not None:
        raise Conflict(f"Requested entity already exists: files/{wanted}.", param="file.name", code="already_exists")
    return wanted
