"""Asking Google until it is done. Polls write nothing; a failed poll is no failed job."""

import logging
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from proxy.clock import Clock
from proxy.credentials.token_errors import TokenRefreshError
from proxy.jobs.errors import refusal, stored, timed_out, vanished
from proxy.jobs.google import Google, pinned
from proxy.jobs.history import History
from proxy.jobs.inline import read_body
from proxy.jobs.job import Ended, Event, Found, Job, JobState, Result
from proxy.media.json_base64 import MediaJsonError
from proxy.media.store import MediaStore
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError, NotFound, UpstreamFailed
from translators.google_errors import Target
from translators.resolve import Backend
from translators.video.backends import BACKENDS
from translators.video.outcome import Failed, Outcome, Pending, Succeeded

log = logging.getLogger("mediashim.jobs")

VANISHED_AFTER = 3
"""So many 404s in a row mean that Google does not know the operation; one may come right after a submit."""
FEWEST_POLLS = 3
"""Asked before the clock may end a job: one that is taken up late, after a restart, may have been done for long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One poll: what it means, and under which name each of its videos is stored already (None: it is elsewhere)."""

    outcome: Outcome
    stored: tuple[str | None, ...] = ()


class Poller:
    """Waits for the job's operation to end."""

    def __init__(
        self,
        google: Google,
        media: MediaStore,
        history: History,
        clock: Clock,
        *,
        max_polls: int,
        timeout: float,
    ) -> None:
        self._google = google
        self._media = media
        self._history = history
        self._clock = clock
        self._max_polls = max_polls
        self._timeout = timeout

    async def until_done(self, job: Job, told: bytes | None = None) -> Event:
        """Ask until Google is done, or the job's clock or its number of polls runs out.

        What Google `told` already, in its answer to the submit, goes before every poll.
        """
        if told is not None and (event := await self._known(job, told)) is not None:
            return event
        polls = missing = 0
        trouble: ApiError | None = None
        while True:
            now = self._clock.now()
            late = job.deadline is not None and now >= job.deadline and polls >= FEWEST_POLLS
            if late or polls >= self._max_polls:
                why = f"after {polls} polls in {job.timeout.total_seconds():g} s"
                return Ended(JobState.FAILED, stored(timed_out(job, why, trouble)))
            await self._clock.sleep(self._history.next_delay(job, now))
            if (turn := self._history.reserve(job, self._clock.now())) > 0:
                await self._clock.sleep(turn)
            polls += 1
            try:
                answer = await self._ask(job)
            except ApiError as error:
                log.info("poll of %s failed: %s", job.id, error.message)
                trouble = error
                missing = missing + 1 if isinstance(error, NotFound) else 0
                if missing >= VANISHED_AFTER:
                    return Ended(JobState.EXPIRED, stored(vanished(job, error)))
                continue
            missing, trouble = 0, None
            if (event := self._ending(job, answer)) is not None:
                return event

    def _ending(self, job: Job, answer: Answer) -> Event | None:
        """How the job ends by this answer; None while Google goes on."""
        match answer.outcome:
            case Pending():
                return None
            case Failed(error=reason):
                return Ended(JobState.FAILED, stored(reason))
            case Succeeded() as outcome:
                self._history.note(job, self._clock.now())
                return self._found(job, outcome, answer.stored)

    async def _known(self, job: Job, told: bytes) -> Event | None:
        """`_ending` of an answer that is here; None also for one that makes no sense: the next may."""

        async def whole() -> AsyncIterator[bytes]:
            yield told

        try:
            return self._ending(job, await self._read(job, whole()))
        except (ApiError, MediaJsonError) as error:
            log.info("what the submit of %s told could not be used: %s", job.id, error)
            return None

    async def _ask(self, job: Job) -> Answer:
        """One poll. Raises ApiError for every kind of failure."""
        call = BACKENDS[pinned(job).backend].to_poll(job.operation or "")
        what = Target.INTERACTION if pinned(job).backend is Backend.OMNI else Target.OPERATION
        try:
            async with self._google.upstream.stream(
                self._google.credential(job), call, timeout=self._timeout, model=pinned(job).upstream_id
            ) as reply:
                if reply.status != 200:
                    raise refusal(reply.status, await reply.read(), about=self._google.about(job, what))
                return await self._read(job, reply)
        except (NotSent, Lost, TokenRefreshError) as error:
            raise UpstreamFailed(f"The poll failed: {error}", code="poll_failed") from None
        except MediaJsonError as error:
            raise UpstreamFailed(f"The poll's answer makes no sense: {error}", code="malformed_answer") from None

    async def _read(self, job: Job, chunks: AsyncIterable[bytes]) -> Answer:
        """What an answer means; inline media go to disk while it streams in. Raises ApiError and MediaJsonError."""
        inline = await read_body(chunks, self._media, metadata={"job": job.id})
        outcome = BACKENDS[pinned(job).backend].read(_object(inline.text))
        videos = outcome.videos if isinstance(outcome, Succeeded) else ()
        return Answer(outcome, await inline.settle(videos, self._media))

    def _found(self, job: Job, outcome: Succeeded, stored_names: tuple[str | None, ...]) -> Found:
        keeps = BACKENDS[pinned(job).backend].keeps
        results = tuple(
            Result(mime_type=video.mime_type, uri=video.uri, stored=name)
            for video, name in zip(outcome.videos, stored_names, strict=True)
        )
        return Found(
            results=results,
            remote_until=self._clock.now() + keeps if keeps is not None else None,
            usage=outcome.usage,
            warnings=_withheld(job, outcome),
        )


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        answer: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise UpstreamFailed("The poll's answer is not JSON.", code="malformed_answer") from None
    if not isinstance(answer, Mapping):
        raise UpstreamFailed("The poll's answer is not a JSON object.", code="malformed_answer")
    return answer


def _withheld(job: Job, outcome: Succeeded) -> tuple[str, ...]:
    """Fewer videos than were asked for are told, with Google's reasons."""
    asked = int(job.parameters.get("samples") or 1)
    if len(outcome.videos) >= asked and not outcome.filtered:
        return ()
    reasons = f" Google said: {' '.join(outcome.reasons)}" if outcome.reasons else ""
    made = f"{len(outcome.videos)} of {asked} videos were made"
    return (f"{made}; the others were withheld and are not billed.{reasons}",)
