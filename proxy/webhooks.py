"""Telling a caller's own server that a video job has ended: at least once, signed, again and again until it is heard.

OpenRouter's scheme (its docs, video generation, 2026-11): any 2xx is "heard"; a repeat has the same idempotency key.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from proxy.callback_address import CallbackAddresses
from proxy.clock import Clock
from proxy.jobs.desk import Desk, Stopping
from proxy.jobs.job import Job
from proxy.name_locks import NameLocks
from proxy.webhook_outbox import Outbox, Owed
from translators.errors import BadRequest, NotFound
from translators.video.job_view import JobView
from translators.video.openrouter import webhook_headers

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger("mediashim.webhooks")

DELAYS = (0.0, 5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
"""Seconds before each try."""
TIMEOUT = 15.0
"""Seconds for one try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a callback says of an ended job."""

    view: JobView
    event: Mapping[str, Any]


Describe = Callable[[Job, str], Awaitable[Told]]
"""(ended job, the server's address as its caller knows it) -> what to say."""


class Webhooks:
    """Sends the callbacks that are owed; one for the whole server, closed with it."""

    def __init__(
        self,
        *,
        desk: Desk,
        outbox: Outbox,
        addresses: CallbackAddresses,
        clock: Clock,
        describe: Describe,
        secret_of: Callable[[str], str],
        tls: ssl.SSLContext | None = None,
        locks: NameLocks | None = None,
    ) -> None:
        """With `locks`, each callback is one process's of all that share the outbox."""
        self._desk = desk
        self._outbox = outbox
        self._addresses = addresses
        self._clock = clock
        self._describe = describe
        self._secret_of = secret_of
        self._tls = tls
        self._locks = locks
        self._client: httpx2.AsyncClient | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Take up what was still owed when the program last ended, and what a process that has died left owing."""
        for found in await asyncio.to_thread(self._outbox.all):
            if not self._take(found.job_id):
                continue
            # Looked at again: another process may have delivered it and let go of it since.
            owed = await asyncio.to_thread(self._outbox.get, found.job_id)
            if owed is not None:
                self._begin(owed)
            else:
                self._release(found.job_id)

    async def close(self) -> None:
        """Stop sending; what is still owed is sent after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def check(self, url: str) -> None:
        """Raise BadRequest for an address that may not be called, before anything is paid."""
        await self._addresses.destination(url)

    async def promise(self, owed: Owed) -> None:
        """Call the address when the job has ended; written down before this returns.

        A disk that is full costs only the memory over a restart: the job is paid for, and its caller must hear of it.
        """
        is_ours = self._take(owed.job_id)
        try:
            await asyncio.to_thread(self._outbox.put, owed)
        except OSError:
            log.exception("the callback of job %s could not be written down", owed.job_id)
        if is_ours:
            self._begin(owed)

    def signed(self, caller: str) -> bool:
        """Whether this caller's callbacks carry a signature."""
        return bool(self._secret_of(caller))

    def _begin(self, owed: Owed) -> None:
        task = asyncio.create_task(self._keep(owed))
        self._tasks[owed.job_id] = task
        task.add_done_callback(lambda _: self._done(owed.job_id))

    def _done(self, job_id: str) -> None:
        self._tasks.pop(job_id, None)
        self._release(job_id)

    def _take(self, job_id: str) -> bool:
        """Whether the callback is this process's to make, and nobody here makes it already."""
        return job_id not in self._tasks and (self._locks is None or self._locks.take(_name(job_id)))

    def _release(self, job_id: str) -> None:
        if self._locks is not None:
            self._locks.release(_name(job_id))

    async def _keep(self, owed: Owed) -> None:
        """Wait for the job's end and deliver; a fault leaves the file, and the next start tries again."""
        try:
            job = await self._ended(owed)
            if job is not None:
                await self._deliver(owed, job)
            await asyncio.to_thread(self._outbox.remove, owed.job_id)
        except Stopping:
            return
        except Exception:
            log.exception("the callback of job %s failed; it is tried again after the next start", owed.job_id)

    async def _ended(self, owed: Owed) -> Job | None:
        """The job when it has ended; None if it was deleted."""
        latest = await self._desk.get(owed.job_id, owed.caller)
        if latest is None:
            return None
        try:
            async for row in self._desk.follow(latest):
                latest = row
        except NotFound:
            return None
        return latest

    async def _deliver(self, owed: Owed, job: Job) -> None:
        told = await self._describe(job, owed.base_url)
        body = orjson.dumps(told.event)
        for delay in DELAYS:
            await self._clock.sleep(delay)
            if await self._post(owed, told.view, body):
                return
        log.warning("the callback of job %s was not heard in %d tries; given up", owed.job_id, len(DELAYS))

    def _connected(self) -> "httpx2.AsyncClient":
        """The client, made when first needed: reading the system's certificates takes a while."""
        import httpx2

        if self._client is None:
            trusted = self._tls or ssl.create_default_context()
            self._client = httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT, verify=trusted)
        return self._client

    async def _post(self, owed: Owed, view: JobView, body: bytes) -> bool:
        """One try. The address is looked up and checked anew: names change, and may be made to."""
        import httpx2

        timestamp = int(self._clock.now().timestamp())
        headers = webhook_headers(view, secret=self._secret_of(owed.caller), timestamp=timestamp, body=body)
        try:
            place = await self._addresses.destination(owed.url)
            async with self._connected().stream(
                "POST",
                place.url,
                content=body,
                headers={**headers, "host": place.host, "user-agent": "mediashim"},
                extensions={"sni_hostname": place.name},
            ) as answer:
                status = answer.status_code
        except (httpx2.HTTPError, OSError) as error:
            log.info("callback of job %s: %s", owed.job_id, type(error).__name__)
            return False
        except BadRequest as error:
            log.info("callback of job %s: %s", owed.job_id, error.message)
            return False
        log.info("callback of job %s: %d", owed.job_id, status)
        return 200 <= status < 300


def _name(job_id: str) -> str:
    """What a process holds while a job's callback is its business."""
    return f"callback {job_id}"
