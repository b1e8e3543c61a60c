"""Looking for the videos of a job whose submit was cut off, where that is possible: under its own prefix in a bucket.

Google offers no idempotency key, no list of operations and no search; on Vertex, each job's own `storageUri` prefix is
the one handle on a job whose answer was lost (Vertex docs and google-genai 3.4.0, 2026-11).
"""

import itertools
import logging

from proxy.clock import Clock
from proxy.credentials.token_errors import TokenRefreshError
from proxy.jobs.errors import stored, uncertain
from proxy.jobs.google import Google, pinned
from proxy.jobs.job import Ended, Event, Found, Job, JobError, JobState, Result
from proxy.jobs.submit import DIED
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError

log = logging.getLogger("mediashim.jobs")

LOOK_TIMEOUT = 30.0
"""Seconds for one look."""
LOOK_EVERY = 15.0
"""Seconds between two looks into the bucket."""
FEWEST_LOOKS = 2


class Looker:
    """Decides what becomes of an uncertain job; never by sending it again."""

    def __init__(self, google: Google, clock: Clock) -> None:
        self._google = google
        self._clock = clock

    async def look(self, job: Job) -> Event:
        """Look under the job's prefix until its clock runs out; without one the job ends, and says what is known."""
        end = Ended(JobState.UNCERTAIN, job.error or self._died(job))
        if job.storage_prefix is None or job.submitted_at is None:
            return end
        asked = int(job.parameters.get("samples") or 1)
        until = job.submitted_at + job.timeout
        seen: tuple[str, ...] = ()
        # At least two looks: a job that is taken up late, after a restart, may have its videos there for long.
        for looks in itertools.count(1):
            found = await self._videos(job)
            # Samples appear one by one: take them when all are there, or when no more have come since the last look.
            if found and (len(found) >= asked or found == seen):
                return Found(
                    results=tuple(Result(mime_type="video/mp4", uri=uri) for uri in found), warnings=_told(found, asked)
                )
            if looks >= FEWEST_LOOKS and self._clock.now() >= until:
                break
            seen = found
            await self._clock.sleep(LOOK_EVERY)
        return end

    def _died(self, job: Job) -> JobError:
        return stored(uncertain(job, DIED))

    async def _videos(self, job: Job) -> tuple[str, ...]:
        prefix = f"{(job.storage_prefix or '').rstrip('/')}/"
        try:
            names = await self._google.upstream.list_objects(self._google.credential(job), prefix, timeout=LOOK_TIMEOUT)
        except (NotSent, Lost, TokenRefreshError, ApiError) as error:
            log.info("looking for the videos of %s by %s failed: %s", job.id, pinned(job).credential_id, error)
            return ()
        return tuple(name for name in names if name.endswith(".mp4"))


def _told(found: tuple[str, ...], asked: int) -> tuple[str, ...]:
    told = "The answer to the submission was lost; the videos were found in the job's own folder of the bucket."
    missing = f"{len(found)} of {asked} videos were there." if len(found) < asked else None
    return (told,) if missing is None else (told, missing)
