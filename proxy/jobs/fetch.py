"""Bringing a finished video home: again and again until it is whole, never by making it anew."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from proxy.clock import Clock
from proxy.credentials.token_errors import TokenRefreshError
from proxy.jobs.errors import gone, refusal, stored
from proxy.jobs.google import Google, pinned
from proxy.jobs.job import Ended, Event, Job, JobMedia, JobState, Kept, Result
from proxy.jobs.keep import delivered_otherwise, job_cost, job_media, not_delivered, sidecar
from proxy.media.store import MediaStore
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError, NotFound, UpstreamFailed
from translators.google_errors import Target, operation_error
from translators.video.files import FileState, describe_call, read_file

log = logging.getLogger("mediashim.jobs")

DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds between downloads that failed; the last one repeats for as long as Google keeps the file."""
GONE_AFTER = 3
"""So many answers in a row that the file is not there mean that it is gone."""


class NotReady(UpstreamFailed):
    """Google is still preparing the file for download."""

    default_code = "file_not_ready"


class Fetcher:
    """Downloads results, with the pinned credential only."""

    def __init__(
        self, google: Google, media: MediaStore, clock: Clock, *, timeout: float, retention: timedelta | None
    ) -> None:
        self._google = google
        self._media = media
        self._clock = clock
        self._timeout = timeout
        self._retention = retention

    async def fetch(self, job: Job) -> Event:
        """Bring home every video of a job in `fetching`; ends only with media, or when Google has none of it any more.

        One of several that is gone does not take the others, which are paid for, with it.
        """
        brought = [await self._bring(job, result) for result in job.results]
        kept = [video for video in brought if isinstance(video, JobMedia)]
        lost = [ending for ending in brought if isinstance(ending, Ended)]
        if not kept:
            return lost[0]
        now = self._clock.now()
        return Kept(
            media=tuple(kept),
            media_until=now + self._retention if self._retention is not None else None,
            cost=job_cost(job, kept, self._google.catalog.find(pinned(job).model)),
            warnings=(*delivered_otherwise(job, kept), *not_delivered(lost, len(brought))),
        )

    async def _bring(self, job: Job, result: Result) -> JobMedia | Ended:
        """One video, whole. Failures are waited out; only an answer that it is gone, or its expiry, ends this."""
        tries = missing = 0
        while True:
            try:
                return await self._once(job, result)
            except ApiError as error:
                log.info("download for %s failed: %s", job.id, error.message)
                missing = missing + 1 if isinstance(error, NotFound) else 0
                if missing >= GONE_AFTER or self._too_late(job):
                    return Ended(JobState.EXPIRED, stored(gone(job, result.uri or "inline", error)))
                if error.code == "file_failed":
                    return Ended(JobState.FAILED, stored(error))
            await self._clock.sleep(DELAYS[min(tries, len(DELAYS) - 1)])
            tries += 1

    def _too_late(self, job: Job) -> bool:
        return job.remote_until is not None and self._clock.now() >= job.remote_until

    async def _once(self, job: Job, result: Result) -> JobMedia:
        """One try. Raises ApiError."""
        if result.stored is not None:
            return await self._stored_already(job, result)
        uri = await self._download_address(job, result.uri or "")
        credential = self._google.credential(job)
        try:
            async with (
                self._google.upstream.open_download(credential, uri, model=pinned(job).upstream_id) as download,
                self._media.writing(suffix=".mp4", metadata=sidecar(job, result), paid=True) as writer,
            ):
                if download.status != 200:
                    about = self._google.about(job, Target.FILE)
                    raise refusal(download.status, await download.read(), about=about)
                async for chunk in download:
                    await writer.write(chunk)
        except (NotSent, Lost, TokenRefreshError) as error:
            raise UpstreamFailed(f"The download broke off: {error}", code="download_failed") from None
        if writer.stored.size == 0:
            await self._media.delete(writer.name)
            raise UpstreamFailed("Google sent an empty file.", code="download_failed")
        return await job_media(self._media, writer.name, result)

    async def _stored_already(self, job: Job, result: Result) -> JobMedia:
        """What came with the poll. Raises NotFound when somebody has removed it since."""
        name = result.stored or ""
        try:
            await self._media.annotate(name, sidecar(job, result))
            return await job_media(self._media, name, result)
        except (MediaMissing, MediaDamaged):
            raise NotFound(
                f"The video came with Google's answer and was stored as {name}; it is no longer there, or no longer "
                f"whole. The operation was {job.operation}.",
                code="media_missing",
            ) from None

    async def _download_address(self, job: Job, uri: str) -> str:
        """Where the bytes are. A file that the Files API is still preparing raises NotReady."""
        call = describe_call(uri)
        if call is None:
            return uri
        credential = self._google.credential(job)
        try:
            reply = await self._google.upstream.call(
                credential, call, timeout=self._timeout, model=pinned(job).upstream_id
            )
        except (NotSent, Lost, TokenRefreshError) as error:
            raise UpstreamFailed(f"Asking for the file failed: {error}", code="download_failed") from None
        if reply.status != 200:
            raise refusal(reply.status, reply.body, about=self._google.about(job, Target.FILE))
        described = read_file(_object(reply.body), uri)
        match described.state:
            case FileState.ACTIVE:
                return described.download or uri
            case FileState.PROCESSING:
                raise NotReady("Google is still preparing the file.")
            case FileState.FAILED:
                reason = operation_error(described.error).message if described.error is not None else ""
                raise UpstreamFailed(
                    f"Google made the video but could not prepare its file. {reason}",
                    code="file_failed",
                    should_retry=False,
                )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UpstreamFailed("The description of the file is not JSON.", code="malformed_answer") from None
    return answer if isinstance(answer, Mapping) else {}
