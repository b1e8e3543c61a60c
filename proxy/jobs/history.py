"""What finished jobs have taught: when to ask next, and how far a job probably is."""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime

from proxy.jobs.durations import MEMORY
from proxy.jobs.google import pinned
from proxy.jobs.job import Job
from proxy.jobs.poll_budget import PollBudget
from proxy.jobs.schedule import Schedule, learn

BURST = 10
"""Polls of one credential that may come at once before its budget spreads them."""
REMEMBERED = 200
"""Durations kept for each kind of job."""
STEADY = 8
"""A kind is learned anew when it has grown by one in so many: learning takes milliseconds, and the sixty-fifth job of a
kind says little that the sixty-fourth did not."""


class History:
    """Learned durations of this process and, at start, of the ledger; one poll budget for each credential."""

    def __init__(
        self,
        durations: Iterable[tuple[str, float]] = (),
        *,
        polls_per_minute: int = 120,
        poll_min: float = 1.0,
        poll_max: float = 20.0,
        jitter: random.Random | None = None,
        processes: int = 1,
    ) -> None:
        """`processes` share the polls of each credential; evenly, until `share` tells their parts."""
        self._durations: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        for name, seconds in durations:
            self._durations[name].append(seconds)
        self._schedules: dict[str, Schedule] = {}
        self._unlearned: Counter[str] = Counter()
        self._budgets: dict[str, PollBudget] = {}
        self._shares: Mapping[str, float] = {}
        self._usual_share = 1.0 / processes
        self._polls_per_minute = polls_per_minute
        self._poll_min = poll_min
        self._poll_max = poll_max
        self._jitter = jitter or random.Random()

    def next_delay(self, job: Job, now: datetime) -> float:
        """Seconds until the next poll of a job is due."""
        wanted = self.schedule(job).next_delay(elapsed(job, now), self._jitter.random())
        return min(max(wanted, self._poll_min), self._poll_max)

    def reserve(self, job: Job, now: datetime) -> float:
        """Spend one poll of the job's credential: seconds that the poll, due now, has yet to wait for its turn."""
        credential_id = pinned(job).credential_id
        if credential_id not in self._budgets:
            burst = max(1, min(BURST, self._polls_per_minute // 2))
            self._budgets[credential_id] = PollBudget(per_minute=self._polls_per_minute, burst=burst)
        share = self._shares.get(credential_id, self._usual_share)
        return self._budgets[credential_id].reserve(now.timestamp(), share)

    def share(self, shares: Mapping[str, float]) -> None:
        """By credential, the part of the jobs at Google that this process runs: so much of the polls is its own."""
        self._shares = shares

    def progress(self, job: Job, now: datetime) -> int:
        """An estimate in percent, from how long such jobs took; never 100."""
        return self.schedule(job).expected_progress(elapsed(job, now)) if job.submitted_at is not None else 0

    def note(self, job: Job, now: datetime) -> None:
        """A job was seen to be done."""
        name = job.bucket or job.asked_model
        durations = self._durations[name]
        durations.appendleft(elapsed(job, now))
        self._unlearned[name] += 1
        if self._unlearned[name] * STEADY >= min(len(durations), MEMORY):
            self._schedules.pop(name, None)
            del self._unlearned[name]

    def schedule(self, job: Job) -> Schedule:
        """What is known of jobs like this one."""
        name = job.bucket or job.asked_model
        if name not in self._schedules:
            self._schedules[name] = learn(list(self._durations[name]))
        return self._schedules[name]


def elapsed(job: Job, now: datetime) -> float:
    """Seconds since the job was submitted."""
    return (now - job.submitted_at).total_seconds() if job.submitted_at is not None else 0.0
