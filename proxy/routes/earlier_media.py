"""What a request names of what was made or uploaded here earlier: found for its own caller only, without a fetch.

A job's video by its id or its name in Google's Files API (`files/...`), a stored file by its name, and either by an
address of this proxy; an upload as `uploaded_files.py` says.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from proxy.jobs.job import Job, JobMedia, JobState
from proxy.media.base64_stream import encode
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.routes.uploaded_files import with_uploads
from proxy.services import Services
from translators.content import Media
from translators.errors import Conflict, NotFound
from translators.video.earlier import at_home
from translators.video.read_create import BY_ADDRESS
from translators.video.spec import EarlierVideo, VideoMedia, VideoSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The finished video that a request is built on."""

    job: Job
    media: JobMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A request whose earlier media are all its caller's own; pictures are read later, when it is a new job."""

    spec: VideoSpec
    source: Source | None


async def found(services: Services, caller: str, spec: VideoSpec, bases: Collection[str]) -> Found:
    """Look up what the request names of earlier work; `bases` are this proxy's own addresses.

    Raises NotFound (for an upload BadRequest) for what is not there or not this caller's, and Conflict for a video that
    is not finished.
    """
    spec = await with_uploads(services, caller, spec, bases)
    home = {
        medium.uri: ours
        for _, medium in spec.media()
        if medium.uri is not None and not medium.is_google_file and (ours := at_home(medium.uri, bases)) is not None
    }
    spec = spec.with_media(home)
    known: dict[str, VideoMedia] = {}
    for name, medium in spec.media():
        if medium.uri is not None and medium.stored_name is not None:
            known[medium.uri] = await _own_file(services, caller, medium, name)
    spec = spec.with_media(known)
    return Found(spec=spec, source=await _source(services, caller, spec))


async def own_copies(
    services: Services, caller: str, links: Mapping[str, str], bases: Collection[str]
) -> dict[str, Media]:
    """What was made here among these links (link -> field), by link. Raises as `found` does."""
    copies: dict[str, Media] = {}
    for link, param in links.items():
        copy = await _own_copy(services, caller, link, bases, param)
        if copy is not None:
            copies[link] = copy
    return copies


async def _own_copy(services: Services, caller: str, address: str, bases: Collection[str], param: str) -> Media | None:
    """What an address or name of this proxy's leads to; None for any other."""
    home = at_home(address, bases)
    if home is None:
        return None
    medium = await _own_file(services, caller, home, param) if home.stored_name is not None else home
    earlier = medium.earlier
    name = medium.stored_name or ""
    if earlier is not None:
        name = (await _video_of(services, caller, earlier, param)).media.name
    return await read_stored(services, name, param)


async def read_stored(services: Services, name: str, param: str) -> Media:
    """The bytes of a file that its caller may have. Raises NotFound when it is gone."""
    try:
        file = await services.media.open(name)
        data = await asyncio.to_thread(file.path.read_bytes)
    except (MediaMissing, MediaDamaged, FileNotFoundError):
        raise _no_file(param) from None
    return Media(mime_type=file.media.mime_type, data=encode(data).decode())


async def _own_file(services: Services, caller: str, medium: VideoMedia, param: str) -> VideoMedia:
    """The medium, if its file is the caller's; the file of a job is that job's video. Raises NotFound."""
    name = medium.stored_name or ""
    try:
        metadata = await services.media.metadata(name)
    except (MediaMissing, MediaDamaged):
        raise _no_file(param) from None
    if metadata.get("caller") == caller:
        return medium
    job = await services.desk.get(str(metadata.get("job")), caller)
    index = next((index for index, entry in enumerate(job.media) if entry.name == name), None) if job else None
    if job is None or index is None:
        raise _no_file(param)
    return EarlierVideo(job_id=job.id, index=index).as_media()


def _no_file(param: str) -> NotFound:
    return NotFound(
        f"{param}: there is no such file here, or it is no longer kept.", param=param, code="media_not_found"
    )


async def _source(services: Services, caller: str, spec: VideoSpec) -> Source | None:
    if spec.source is None:
        return None
    # A job that the address names is no field of the body.
    param = None if spec.field("video") == BY_ADDRESS else spec.field("video")
    return await _video_of(services, caller, spec.source, param)


async def _video_of(services: Services, caller: str, named: EarlierVideo, param: str | None) -> Source:
    job = await _finished(services, caller, named.job_id, param)
    if named.index >= len(job.media):
        raise NotFound(
            f"Video {job.id} consists of {len(job.media)}; there is no index {named.index}.",
            param=param,
            code="video_not_found",
        )
    return Source(job=job, media=job.media[named.index])


async def _finished(services: Services, caller: str, job_id: str, param: str | None) -> Job:
    """The caller's own finished job. Raises NotFound, and Conflict for one that has no video."""
    job = await services.desk.get(job_id, caller)
    if job is None:
        raise NotFound(f"There is no video {job_id}.", param=param, code="video_not_found")
    if job.state is not JobState.COMPLETED:
        state = f"has ended as {job.state.value}" if job.ended else "is not finished"
        raise Conflict(
            f"Video {job_id} {state}; only a completed one can be built on.", param=param, code="video_not_completed"
        )
    return job
