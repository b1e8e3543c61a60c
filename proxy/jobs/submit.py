"""The one paid POST: sent once, and what its answer means for the job.

What happened is decided by the `judge_...` functions, which touch nothing; `Submitter` does the sending.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from proxy.clock import Clock
from proxy.jobs.errors import stored, uncertain
from proxy.jobs.google import Google, pinned
from proxy.jobs.job import Accepted, Ended, Event, Job, JobState, Refused, Unknown
from proxy.jobs.ledger import Ledger
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError, NotFound, RateLimited
from translators.google_errors import ErrorContext, Target, Verdict, judge
from translators.video.adapt import adapt
from translators.video.backends import BACKENDS
from translators.video.interaction import read_streamed_interaction
from translators.video.spec import VideoSpec
from translators.wire.call import GoogleCall

LOST_ANSWER = "The connection to Google broke while the video job was being submitted."
STRANGE_ANSWER = "Google's answer to the submission of the video job makes no sense."
DIED = "The proxy stopped while the video job was being submitted."

NOT_SENT_DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between tries of a submit that certainly never left."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a submit came to: the job's next event, and what the pool should know of the credential."""

    event: Event
    verdict: Verdict | None = None


def judge_reply(job: Job, status: int, body: bytes, about: ErrorContext) -> Judged:
    """Say what Google's HTTP answer to the submit means. Only a 4xx is certain not to have started anything."""
    if 200 <= status < 300:
        name = _name(job, body)
        return Judged(Accepted(name) if name else Unknown(stored(uncertain(job, STRANGE_ANSWER))))
    verdict = judge(status, body, about=about)
    if verdict.accepted == "no":
        return Judged(Ended(JobState.FAILED, stored(verdict.error)), verdict)
    detail = f"Google answered {status} to the submission of the video job: {verdict.error.message}"
    return Judged(Unknown(stored(uncertain(job, detail))), verdict)


def another_try(job: Job, judged: Judged, *, others_left: bool, now: datetime) -> Event:
    """The event of a judged submit, softened to `Refused` where trying again is certain not to pay twice and may help.

    Another credential is tried at once; the same one after the delay that Google asks for, if the job can wait so long.
    """
    verdict = judged.verdict
    if verdict is None or not isinstance(judged.event, Ended) or not verdict.may_try_another(paid=True):
        return judged.event
    if others_left:
        return Refused(now)
    if isinstance(verdict.error, RateLimited):
        delay = timedelta(seconds=verdict.retry_after if verdict.retry_after is not None else 1.0)
        return Refused(now + delay) if delay <= job.timeout else judged.event
    return judged.event


def judge_not_sent(failure: NotSent, *, attempt: int, others_left: bool, now: datetime) -> Event:
    """Nothing reached Google: another credential at once, or the same one a little later, five times at most."""
    if others_left:
        return Refused(now)
    if attempt <= len(NOT_SENT_DELAYS):
        return Refused(now + timedelta(seconds=NOT_SENT_DELAYS[attempt - 1]))
    return Ended(JobState.FAILED, stored(failure.verdict().error))


def _name(job: Job, body: bytes) -> str | None:
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = read_streamed_interaction(body)
    return BACKENDS[pinned(job).backend].read_name(answer) if isinstance(answer, Mapping) else None


class Submitter:
    """Sends a claimed job to Google, once."""

    def __init__(self, google: Google, ledger: Ledger, clock: Clock, *, timeout: float) -> None:
        self._google = google
        self._ledger = ledger
        self._clock = clock
        self._timeout = timeout
        self._unsent: dict[str, int] = {}

    async def submit(self, job: Job) -> Event:
        """Send the POST of a job in `submitting` and say what came of it; what fails before sending is no attempt."""
        try:
            credential = self._google.credential(job)
            call = await self._paid_call(job)
            about = self._google.about(job, Target.MODEL, paid_submit=True)
            reply = await self._google.upstream.call(credential, call, timeout=self._timeout, fresh_connection=True)
        except NotSent as failure:
            attempt = self._unsent[job.id] = self._unsent.get(job.id, 0) + 1
            return judge_not_sent(failure, attempt=attempt, others_left=self._others_left(job), now=self._clock.now())
        except Lost:
            return Unknown(stored(uncertain(job, LOST_ANSWER)))
        except ApiError as error:
            # No token, no address, no request any more: raised before anything was sent.
            return Refused(self._clock.now()) if self._others_left(job) else Ended(JobState.FAILED, stored(error))
        self._unsent.pop(job.id, None)
        judged = judge_reply(job, reply.status, reply.body, about)
        chosen = pinned(job)
        self._google.pool.report(chosen.credential_id, chosen.upstream_id, judged.verdict)
        return another_try(job, judged, others_left=self._others_left(job), now=self._clock.now())

    async def _paid_call(self, job: Job) -> GoogleCall:
        chosen = pinned(job)
        text = await self._ledger.spec(job.id)
        if text is None:
            raise NotFound(f"The request of job {job.id} is no longer stored.", code="request_gone")
        adapted = adapt(VideoSpec.from_json(text), self._google.target(job))
        return BACKENDS[chosen.backend].to_submit(
            adapted.spec, chosen.upstream_id, chosen.surface, storage_uri=job.storage_prefix
        )

    def _others_left(self, job: Job) -> bool:
        """Another credential could carry the job right now."""
        chosen = pinned(job)
        return any(
            target.credential_id != chosen.credential_id
            and self._google.pool.resting_seconds(target.credential_id, target.upstream_id) <= 0
            for target in job.targets
        )
