"""When to ask Google next about a running job, and how far the job may have come.

A schedule is a clock whose hand turns fast where the end is likely and slowly elsewhere (`pace`); a poll is due at each
full turn. What is likely is learned from the latest jobs of the same bucket (`durations`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from proxy.jobs.durations import Durations, fit, interpolate
from proxy.jobs.pace import SLOWEST, Limits, pace

SHORTEST_DELAY = 0.8
"""Seconds between two polls, at least."""
LONGEST_DELAY = 30.0
"""Seconds between two polls, at most."""
JITTER = 0.06
"""A turn lasts 1 - JITTER / 2 to 1 + JITTER / 2: jobs that were submitted together are not polled together."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to poll the jobs of one bucket. Made by `learn`."""

    durations: Durations
    turns: tuple[float, ...] = field(repr=False)
    """Turns of the hand since the submit, at each edge of `durations`."""

    def next_delay(self, elapsed: float, jitter: float) -> float:
        """Seconds from now to the next poll, SHORTEST_DELAY to LONGEST_DELAY.

        `elapsed`: seconds since the submit. `jitter`: a random number, 0 <= jitter < 1.
        """
        elapsed = max(0.0, elapsed)
        due = self._turns_at(elapsed) + 1.0 + JITTER * (jitter - 0.5)
        return min(max(self._time_of(due) - elapsed, SHORTEST_DELAY), LONGEST_DELAY)

    def expected_progress(self, elapsed: float) -> int:
        """An ESTIMATE of the progress in percent: the share of such jobs that are over by now. Never falls, 0 to 99."""
        return min(99, int(100.0 * self.durations.share(elapsed)))

    def quantile(self, share: float) -> float:
        """By how many seconds this share of jobs is over. Raises ValueError unless 0 <= share <= 1."""
        return self.durations.quantile(share)

    def _turns_at(self, elapsed: float) -> float:
        beyond = max(0.0, elapsed - self.durations.edges[-1])
        return interpolate(self.durations.edges, self.turns, elapsed) + beyond * SLOWEST

    def _time_of(self, turns: float) -> float:
        beyond = max(0.0, turns - self.turns[-1])
        return interpolate(self.turns, self.durations.edges, turns) + beyond / SLOWEST


def learn(durations: Sequence[float], limits: Limits | None = None) -> Schedule:
    """The schedule for a bucket whose latest jobs took so many seconds at Google, newest first; may be empty.

    Takes some milliseconds: keep it until the bucket's next job ends. A bucket without a past can borrow the durations
    of a similar one.
    """
    learned = fit(durations)
    return Schedule(learned, pace(learned, limits or Limits()))
