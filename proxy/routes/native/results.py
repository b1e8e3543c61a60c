"""The videos of a completed job, in the words of each protocol: an address of ours, a bucket's, or the bytes."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from proxy.jobs.errors import no_longer_kept
from proxy.jobs.job import Job, JobMedia
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.respond import EmbeddedFile, base64_of
from proxy.routes.context import services_of
from proxy.routes.media_urls import base_url
from translators.native.names import file_id


def file_address(request: Request, job: Job, index: int) -> str:
    """The file's resource at this proxy; it asks for a key, as Google's does."""
    return f"{base_url(services_of(request), request)}/v1beta/files/{file_id(job.id, index)}"


def download_address(request: Request, job: Job, index: int) -> str:
    """Where its bytes are."""
    return f"{file_address(request, job, index)}:download?alt=media"


def in_bucket(job: Job, media: JobMedia) -> str | None:
    """The object in the bucket that the caller named; None where it named none."""
    asked = job.parameters.get("storage_uri") is not None
    return media.uri if asked and media.uri is not None and media.uri.startswith("gs://") else None


async def contents(request: Request, job: Job) -> list[EmbeddedFile]:
    """The bytes of each video. Raises NotFound when they are no longer kept."""
    try:
        return [base64_of(await services_of(request).media.open(media.name)) for media in job.media]
    except (MediaMissing, MediaDamaged):
        raise no_longer_kept(job) from None


async def buckets_or(
    request: Request, job: Job, *, uri: str, data: str, mime_type: str, by_address: Callable[[int], str] | None
) -> list[dict[str, Any]]:
    """Each video under the protocol's names for its place, its bytes and its type.

    `by_address` gives a video's address; None asks for the bytes. Raises NotFound when they are no longer kept.
    """
    places = [in_bucket(job, media) for media in job.media]
    if all(places):
        return [{uri: place, mime_type: media.mime_type} for place, media in zip(places, job.media, strict=True)]
    if by_address is not None:
        return [{uri: by_address(index), mime_type: media.mime_type} for index, media in enumerate(job.media)]
    files = await contents(request, job)
    return [{data: file, mime_type: media.mime_type} for file, media in zip(files, job.media, strict=True)]
