"""The one paid POST: sent once, and what its answer means for the job.

What happened is decided by the `judge_...` functions, which touch nothing; `Submitter` does the sending.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from proxy.clock import Clock
from proxy.credentials.credential import Credential
from proxy.credentials.token_errors import TokenRefreshError
from proxy.google_files.sender import UploadFailed
from proxy.google_files.uploads import Uploads
from proxy.jobs.errors import stored, uncertain
from proxy.jobs.google import Google, pinned
from proxy.jobs.job import Accepted, Ended, Event, Job, JobState, PutOff, Refused, Unknown
from proxy.jobs.ledger import Ledger
from proxy.jobs.tally import JobTally
from proxy.metrics.tally import Tallies
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError, NotFound, RateLimited
from translators.google_errors import Blame, ErrorContext, Target, Verdict, judge
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

BARE_429_DELAY = 1.0
"""Seconds after a 429 that names no delay (Vertex AI's); the credential's own rest grows with each."""

UPLOAD_HOLD = timedelta(seconds=15)
"""A job whose inputs are being uploaded is left alone so long at a time: if the uploading process dies, it goes on."""


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
        return Refused(now, by=pinned(job).credential_id)
    if isinstance(verdict.error, RateLimited):
        delay = timedelta(seconds=BARE_429_DELAY if verdict.retry_after is None else verdict.retry_after)
        return Refused(now + delay) if delay <= job.timeout else judged.event
    return judged.event


def judge_not_sent(job: Job, verdict: Verdict, *, attempt: int, others_left: bool, now: datetime) -> Event:
    """Nothing was asked of Google: another credential at once, or, where that may pass, all again a little later.

    `attempt` counts the rounds over the credentials, from 1; there are five pauses between six rounds.
    """
    if others_left:
        return Refused(now, by=pinned(job).credential_id)
    if verdict.blame is Blame.UPSTREAM and attempt <= len(NOT_SENT_DELAYS):
        return Refused(now + timedelta(seconds=NOT_SENT_DELAYS[attempt - 1]))
    return Ended(JobState.FAILED, stored(verdict.error))


def _name(job: Job, body: bytes) -> str | None:
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = read_streamed_interaction(body)
    return BACKENDS[pinned(job).backend].read_name(answer) if isinstance(answer, Mapping) else None


class Submitter:
    """Sends a claimed job to Google, once."""

    def __init__(
        self,
        google: Google,
        ledger: Ledger,
        clock: Clock,
        *,
        uploads: Uploads,
        timeout: float,
        tally: JobTally | None = None,
    ) -> None:
        self._google = google
        self._tally = tally or JobTally(Tallies())
        self._uploads = uploads
        self._ledger = ledger
        self._clock = clock
        self._timeout = timeout
        self._unsent: dict[str, int] = {}
        """Job id -> rounds over the credentials in which nothing was sent; a restart begins to count anew."""
        self._to_upload: dict[str, tuple[Credential, GoogleCall]] = {}
        """Job id -> the call that does not fit, and by whom; a restart finds out again."""
        self._told: dict[str, bytes] = {}
        """Job id -> Google's answer, until it is looked at; a restart asks for it again."""
        self._upload_failed: dict[tuple[str, str], Verdict] = {}
        """Job and credential -> why the inputs could not be uploaded; told at the job's next turn."""

    async def submit(self, job: Job) -> Event:
        """Send the POST of a job in `submitting` and say what came of it; what fails before sending is no attempt."""
        try:
            credential = self._google.credential(job)
            self._check_upload(job, credential)
            asked = await self._paid_call(job)
            call = await self._uploads.fitted(credential, asked)
            if call is None:
                self._to_upload[job.id] = (credential, asked)
                return PutOff(not_before=self._clock.now() + UPLOAD_HOLD, inputs_at=credential.id)
            about = self._google.about(job, Target.MODEL, paid_submit=True)
            reply = await self._google.upstream.call(credential, call, timeout=self._timeout, fresh_connection=True)
        except NotSent as failure:
            return self._not_sent(job, failure.verdict())
        except UploadFailed as failure:
            self._google.pool.report(pinned(job).credential_id, pinned(job).upstream_id, failure.verdict)
            return self._not_sent(job, failure.verdict)
        except TokenRefreshError as failure:
            self._google.pool.report(pinned(job).credential_id, pinned(job).upstream_id, failure.verdict)
            return self._not_sent(job, failure.verdict)
        except Lost:
            lost = Unknown(stored(uncertain(job, LOST_ANSWER)))
            self._tally.answered(job, lost)
            return lost
        except ApiError as error:
            # No credential, no address, no request any more: raised before anything was sent.
            return self._not_sent(job, Verdict(error=error, blame=Blame.CREDENTIAL, accepted="no"))
        self._unsent.pop(job.id, None)
        judged = judge_reply(job, reply.status, reply.body, about)
        self._tally.answered(job, judged.event)
        if judged.verdict is not None and call is not asked:
            self._uploads.forget(credential, call)
        if isinstance(judged.event, Accepted):
            self._told[job.id] = reply.body
        chosen = pinned(job)
        self._google.pool.report(chosen.credential_id, chosen.upstream_id, judged.verdict)
        return another_try(job, judged, others_left=self._others_left(job), now=self._clock.now())

    def told(self, job: Job) -> bytes | None:
        """The answer to the submit, once: a relay may have the video at once, and not know of the operation later."""
        return self._told.pop(job.id, None)

    def must_upload(self, job: Job) -> bool:
        """The job waits for its inputs to be brought to a credential's store, by `upload`."""
        return job.id in self._to_upload

    async def upload(self, job: Job) -> None:
        """Bring the inputs there. What fails is no attempt: the job's next turn by that credential tells it."""
        credential, call = self._to_upload.pop(job.id)
        try:
            await self._uploads.fitting(credential, call)
        except UploadFailed as failure:
            self._upload_failed[job.id, credential.id] = failure.verdict

    def _check_upload(self, job: Job, credential: Credential) -> None:
        verdict = self._upload_failed.pop((job.id, credential.id), None)
        if verdict is not None:
            raise UploadFailed(verdict)

    def _not_sent(self, job: Job, verdict: Verdict) -> Event:
        self._tally.not_sent(job)
        others_left = self._others_left(job)
        attempt = self._unsent.get(job.id, 0) + 1
        event = judge_not_sent(job, verdict, attempt=attempt, others_left=others_left, now=self._clock.now())
        if isinstance(event, Ended):
            self._unsent.pop(job.id, None)
        elif not others_left:
            self._unsent[job.id] = attempt
        return event

    async def _paid_call(self, job: Job) -> GoogleCall:
        chosen = pinned(job)
        text = await self._ledger.spec(job.id)
        if text is None:
            raise NotFound(f"The request of job {job.id} is no longer stored.", code="request_gone")
        spec = await asyncio.to_thread(VideoSpec.from_json, text)
        adapted = adapt(spec, self._google.target(job))
        return BACKENDS[chosen.backend].to_submit(
            adapted.spec, chosen.upstream_id, chosen.surface, storage_uri=job.storage_prefix
        )

    def _others_left(self, job: Job) -> bool:
        """Another credential, that has not refused the job as well, could carry it right now."""
        refused = {*job.refused_by, pinned(job).credential_id}
        return any(
            target.credential_id not in refused
            and self._google.pool.resting_seconds(target.credential_id, target.upstream_id) <= 0
            for target in job.targets
        )
