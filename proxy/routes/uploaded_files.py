"""Files that a request names and that were uploaded through this proxy: found in their caller's register, and pinned.

A name is `files/ID`, the proxy's own address of it, or Google's. Another caller's file is as good as none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from proxy.google_files.register import UploadedFile
from proxy.services import Services
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


async def uploads_named(
    services: Services, caller: str, links: Mapping[str, str], bases: Collection[str]
) -> dict[str, Named]:
    """The uploaded files among these links (link -> field), by link; `bases` are this proxy's own addresses.

    Raises BadRequest for a name of this proxy's that is no file of the caller's, and for another caller's.
    """
    found: dict[str, Named] = {}
    for link, param in links.items():
        file = await _named(services, caller, link, param, bases)
        if file is not None:
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


async def with_uploads(services: Services, caller: str, spec: VideoSpec, bases: Collection[str]) -> VideoSpec:
    """The request with every uploaded file at its place at Google, which says who can read it. Raises BadRequest."""
    links = {medium.uri: param for param, medium in spec.media() if medium.uri is not None}
    named = await uploads_named(services, caller, links, bases)
    places = {
        link: VideoMedia(mime_type=one.file.mime_type, uri=one.file.uri, credential=one.file.credential)
        for link, one in named.items()
    }
    return spec.with_media(places) if places else spec


async def _named(services: Services, caller: str, link: str, param: str, bases: Collection[str]) -> UploadedFile | None:
    """The upload of this name. A job's video may be named in the same way: `earlier_media.py` finds those."""
    own = link.startswith("files/") or any(link.startswith(f"{base}/") for base in bases)
    file_id = file_in(link)
    if file_id is None and not link.startswith("files/"):
        return None
    if own and file_id is not None and read_file_id(file_id) is not None:
        return None
    if own:
        file = await services.files.get(caller, file_id) if file_id is not None else None
    else:
        file = await services.files.at(f"files/{file_id}")
        if file is None:
            # An address that this proxy knows nothing of is Google's, or the web's.
            return None
    if file is None or file.caller != caller:
        raise BadRequest(
            f"{link} names no file that you have uploaded here, or it is no longer kept.",
            param=param,
            code="file_not_found",
        )
    return file
