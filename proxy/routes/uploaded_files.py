"""Files that a request names and that were uploaded through this proxy: found in their caller's register, and pinned.

A name is `files/ID`, the proxy's own address of it, or Google's. Another caller's file is as good as none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request

from proxy.google_files.register import UploadedFile
from proxy.routes.context import services_of
from proxy.routes.media_urls import base_url
from translators.content import FileAtGoogle
from translators.errors import BadRequest
from translators.native.names import file_in, read_file_id
from translators.resolve import Resolution
from translators.video.spec import VideoMedia, VideoSpec


@dataclass(frozen=True, slots=True)
class Named:
    """An uploaded file, and the field that names it."""

    file: UploadedFile
    param: str


async def uploads_named(request: Request, caller: str, links: Iterable[tuple[str, str]]) -> dict[str, Named]:
    """The uploaded files among these links (field, link), by link.

    Raises BadRequest for a name of this proxy's that is no file of the caller's, and for another caller's.
    """
    found: dict[str, Named] = {}
    for param, link in links:
        if link not in found and (file := await _named(request, caller, param, link)) is not None:
            found[link] = Named(file, param)
    return found


def pinned_to(resolution: Resolution, named: Mapping[str, Named]) -> Resolution:
    """Only the targets that can read these files: the credential that uploaded them. Raises BadRequest for none."""
    readable = resolution.targets
    for one in named.values():
        readable = tuple(target for target in readable if target.credential_id == one.file.credential)
        if not readable:
            raise BadRequest(
                f"files/{one.file.id} was uploaded by {one.file.credential}, and no other credential can read it. "
                f"{resolution.asked} is not served by that one here, or another file of this request lies elsewhere. "
                "Upload it again, send the bytes, or choose another model.",
                param=one.param,
                code="file_not_reachable",
            )
    return replace(resolution, targets=readable)


def at_google(named: Mapping[str, Named]) -> dict[str, FileAtGoogle]:
    """Where they are, by link."""
    return {link: FileAtGoogle(uri=one.file.uri, mime_type=one.file.mime_type) for link, one in named.items()}


async def with_uploads(request: Request, caller: str, spec: VideoSpec) -> VideoSpec:
    """The request with every uploaded file at its place at Google, which says who can read it. Raises BadRequest."""
    links = [(param, medium.uri) for param, medium in spec.media() if medium.uri is not None]
    named = await uploads_named(request, caller, links)
    places = {
        link: VideoMedia(mime_type=one.file.mime_type, uri=one.file.uri, credential=one.file.credential)
        for link, one in named.items()
    }
    return spec.with_media(places) if places else spec


async def _named(request: Request, caller: str, param: str, link: str) -> UploadedFile | None:
    files = services_of(request).files
    own = link.startswith(("files/", f"{base_url(services_of(request), request)}/"))
    file_id = file_in(link)
    if own and file_id is not None and read_file_id(file_id) is None:
        file = await files.get(caller, file_id)
    elif not own and file_id is not None:
        file = await files.at(f"files/{file_id}")
        if file is None:
            # An address that this proxy knows nothing of is Google's, or the web's.
            return None
    elif link.startswith("files/") and file_id is None:
        file = None
    else:
        return None
    if file is None or file.caller != caller:
        raise BadRequest(
            f"{link} names no file that you have uploaded here, or it is no longer kept.",
            param=param,
            code="file_not_found",
        )
    return file
