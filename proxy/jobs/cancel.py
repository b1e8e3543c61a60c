"""Stopping a job at Google, where Google can: an interaction can be cancelled, a Veo operation cannot.

google-genai 3.4.0 offers a cancel for interactions only; Vertex AI's operations of publisher models have none (Vertex
docs, 2026-11).
"""

from collections.abc import Mapping
from typing import Any

import orjson

from proxy.credentials.token_errors import TokenRefreshError
from proxy.jobs.errors import known, stored
from proxy.jobs.google import Google, pinned
from proxy.jobs.job import Ended, Job, JobState
from proxy.upstream_failures import Lost, NotSent
from translators.errors import Conflict, UpstreamFailed
from translators.google_errors import Target, judge
from translators.video.backends import BACKENDS

CANCELLED = "job_cancelled"
"""The error code of a job that its caller stopped while Google worked on it."""


class Canceller:
    """Asks Google to stop."""

    def __init__(self, google: Google, *, timeout: float) -> None:
        self._google = google
        self._timeout = timeout

    async def cancel(self, job: Job) -> Ended:
        """The end of a running job, once Google has said that it is one.

        Raises Conflict where Google cannot stop it (any more), and ApiError when the asking failed.
        """
        if job.state is not JobState.RUNNING or job.operation is None:
            raise _too_late(job, f"it is {job.state.value}, and may be paid for already")
        to_cancel = BACKENDS[pinned(job).backend].to_cancel
        if to_cancel is None:
            raise _too_late(job, f"{pinned(job).upstream_id} is at work on it, and Google cannot cancel Veo's work")
        try:
            reply = await self._google.upstream.call(
                self._google.credential(job),
                to_cancel(job.operation),
                timeout=self._timeout,
                model=pinned(job).upstream_id,
            )
        except (NotSent, Lost, TokenRefreshError) as error:
            raise UpstreamFailed(f"Asking Google to cancel failed: {error}", code="cancel_failed") from None
        if reply.status != 200:
            raise judge(reply.status, reply.body, about=self._google.about(job, Target.INTERACTION)).error
        if _status(reply.body) != "cancelled":
            raise _too_late(job, "Google has finished it")
        return Ended(
            JobState.CANCELLED,
            stored(Conflict("The caller cancelled the job while Google worked on it.", code=CANCELLED)),
        )


def _too_late(job: Job, why: str) -> Conflict:
    return Conflict(
        f"Job {job.id} cannot be stopped: {why}. It goes on and its video is kept; delete it when it has ended.",
        code="video_in_progress",
        extra=known(job),
    )


def _status(body: bytes) -> Any:
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return answer.get("status") if isinstance(answer, Mapping) else None
