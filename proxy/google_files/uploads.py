"""Inputs that are too large for a request, at Google by address: each uploaded once to each credential's store.

What lies there is remembered for less time than Google keeps it, by credential and SHA-256; after a restart it is
uploaded anew. An upload costs nothing and starts nothing.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cachetools import TTLCache

from proxy.clock import Clock
from proxy.config import Config
from proxy.credentials.credential import Credential
from proxy.credentials.token_errors import TokenRefreshError
from proxy.google_files.sender import UploadFailed, send
from proxy.metrics.google_call import CallKind, by_a_library
from proxy.metrics.tally import Tallies
from proxy.upstream import Upstream
from proxy.upstream_failures import Lost, NotSent
from translators.content import Media
from translators.errors import ApiError, UpstreamFailed, UpstreamTimeout
from translators.google_errors import Blame, ErrorContext, Target, Verdict, judge
from translators.large_inputs import check_inline, limit_for, to_upload, with_addresses
from translators.video.files import FileState, read_file
from translators.wire.call import GoogleCall, Surface

log = logging.getLogger("mediashim.files")

MOST_REMEMBERED = 10_000
LOOK_EVERY = 1.0
"""Seconds between two looks at a file that Google still prepares."""
LOOK_TIMEOUT = 30.0

Send = Callable[[Credential, Media], Mapping[str, Any]]
"""Uploads; called in a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """The largest body on each surface, in bytes; how long an upload is used and may take to be ready, in seconds."""

    inline: int = 20 * 2**20
    vertex_inline: int = 20 * 2**20
    lifetime: float = 86_400.0
    ready_within: float = 300.0


def limits_of(config: Config) -> UploadLimits:
    """The limits of a configuration."""
    said = config.uploads
    return UploadLimits(
        inline=said.inline_limit,
        vertex_inline=said.vertex_inline_limit,
        lifetime=said.lifetime,
        ready_within=said.ready_within,
    )


class Uploads:
    """Makes calls small enough; one for the whole program. `close` it before the door is closed."""

    def __init__(
        self,
        upstream: Upstream,
        clock: Clock,
        limits: UploadLimits,
        *,
        upload: Send = send,
        tallies: Tallies | None = None,
    ) -> None:
        self._upstream = upstream
        self._clock = clock
        self._limits = limits
        self._send = upload
        self._tallies = tallies or Tallies()
        self._known: TTLCache[tuple[str, str], str] = TTLCache(
            MOST_REMEMBERED, ttl=limits.lifetime, timer=lambda: clock.now().timestamp()
        )
        self._under_way: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def most_bytes(self, credential: Credential, call: GoogleCall) -> int | None:
        """The largest body that the credential's surface takes for this call; None: nobody looks at it here."""
        limits = self._limits
        return limit_for(call, limits.inline if credential.surface is Surface.GEMINI else limits.vertex_inline)

    async def fitted(self, credential: Credential, call: GoogleCall) -> GoogleCall | None:
        """The call as this credential's surface takes it; None while an input must be uploaded first.

        Raises PayloadTooLarge for what no upload can help.
        """
        needed = self._needed(credential, call)
        addresses: dict[Media, str] = {}
        for media in needed:
            address = self._known.get(await _key(credential, media))
            if address is None:
                return None
            addresses[media] = address
        return with_addresses(call, addresses)

    async def fitting(self, credential: Credential, call: GoogleCall) -> GoogleCall:
        """The same, after uploading what must be. Raises PayloadTooLarge and UploadFailed."""
        needed = self._needed(credential, call)
        addresses = {media: await self._address(credential, media) for media in needed}
        return with_addresses(call, addresses)

    def forget(self, credential: Credential, call: GoogleCall) -> None:
        """A call that names uploaded files was refused: they may be gone, and the next one uploads anew."""
        text = orjson.dumps(call.body).decode() if self._known else ""
        for key, address in list(self._known.items()):
            if key[0] == credential.id and address in text:
                self._known.pop(key, None)

    def _needed(self, credential: Credential, call: GoogleCall) -> tuple[Media, ...]:
        check_inline(call, credential.surface, self._limits.vertex_inline)
        return to_upload(call, self._limits.inline) if credential.surface is Surface.GEMINI else ()

    async def _address(self, credential: Credential, media: Media) -> str:
        key = await _key(credential, media)
        known = self._known.get(key)
        if known is not None:
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._upload(credential, media, key))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        # Whoever goes away leaves the upload to the others who wait for it.
        return await asyncio.shield(task)

    def _ended(self, key: tuple[str, str], task: "asyncio.Task[str]") -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # told to whoever waited

    async def _upload(self, credential: Credential, media: Media, key: tuple[str, str]) -> str:
        file = await self._sent(credential, media)
        uri, name = file.get("uri"), file.get("name")
        if not isinstance(uri, str) or not isinstance(name, str):
            raise UploadFailed(_strange(credential))
        await self._until_ready(credential, name, file)
        self._known[key] = uri
        log.info("an input (%s, %d bytes) was uploaded to %s", media.mime_type, len(media.data) * 3 // 4, credential.id)
        return uri

    async def _sent(self, credential: Credential, media: Media) -> Mapping[str, Any]:
        """The file, uploaded by google-genai."""
        with by_a_library(self._tallies, self._clock.now, credential.id, CallKind.UPLOAD):
            return await asyncio.to_thread(self._send, credential, media)

    async def _until_ready(self, credential: Credential, name: str, file: Mapping[str, Any]) -> None:
        """Return when Google says ACTIVE. Raises UploadFailed for a file that fails, or is not ready in time."""
        began = self._clock.now()
        about = ErrorContext(credential=credential.id, target=Target.FILE)
        while (state := read_file(file, "").state) is not FileState.ACTIVE:
            if state is FileState.FAILED:
                error: ApiError = UpstreamFailed(
                    "Google could not process an uploaded input. Send it in another format.", code="upload_failed"
                )
                raise UploadFailed(Verdict(error=error, blame=Blame.REQUEST, accepted="no"))
            if (self._clock.now() - began).total_seconds() > self._limits.ready_within:
                error = UpstreamTimeout("Google did not process an uploaded input in time.", code="upload_timeout")
                raise UploadFailed(Verdict(error=error, blame=Blame.UPSTREAM, accepted="no"))
            await self._clock.sleep(LOOK_EVERY)
            look = GoogleCall(resource=name, method="GET")
            try:
                reply = await self._upstream.call(credential, look, timeout=LOOK_TIMEOUT)
            except (NotSent, Lost):
                continue
            except TokenRefreshError as failure:
                raise UploadFailed(failure.verdict) from None
            if reply.status != 200:
                raise UploadFailed(judge(reply.status, reply.body, about=about))
            file = orjson.loads(reply.body)


def _strange(credential: Credential) -> Verdict:
    error = UpstreamFailed(f"The File API of {credential.id} named no file for an upload.", code="upload_failed")
    return Verdict(error=error, blame=Blame.CREDENTIAL, accepted="no")


async def _key(credential: Credential, media: Media) -> tuple[str, str]:
    return credential.id, await asyncio.to_thread(_digest, media)


def _digest(media: Media) -> str:
    digest = hashlib.sha256(media.mime_type.encode() + b"\0")
    digest.update(media.data.encode())
    return digest.hexdigest()
