"""How fast to poll at each moment, given how long such jobs take: often where the end is likely, seldom elsewhere.

Let f be the density of endings and s the share of jobs still running, t seconds after the submit. Polling r times a
second costs s * r polls a second, sees the share min(1, IN_TIME * r) of the endings in time, and is 1 / 2r late on
average. If an ending seen in time is worth `price` polls, and a second of lateness costs LATE_SECOND of that, then the
best rate is

    as fast as allowed                                         where price * h >= 1
    sqrt(LATE_SECOND / 2 * price * h / (1 - price * h))        elsewhere

with the hazard h = f / s: the chance that a job which still runs ends within the next second. Jobs that never end would
be polled for nothing, so h = f / (s + `stuck`): a larger `stuck` moves polls from the tail, where few jobs still are,
to where most end. The price is the lowest that sees Limits.in_time of the endings in time, or the highest within the
limits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import mul

from proxy.jobs.durations import Durations

IN_TIME = 0.9
"""Seconds: an ending seen within them is seen in time. The tenth that is missing to a second is for the network."""
LATE_SECOND = 0.15
"""What a second of lateness costs, in endings seen in time. More keeps the unlucky ones closer to the lucky ones, and
makes the median worse where polls are scarce (measured with benchmarks/polling.py)."""

FASTEST = 1 / 0.9
"""Polls a second, at most: then an ending is seen in time for certain, as IN_TIME * FASTEST is 1."""
SLOWEST = 1 / 28.0
"""Polls a second, at least."""
FIRST_QUIET, QUIET_GROWTH = 4.0, 0.4
"""Where nothing is expected, a poll is due after 4 s and two fifths of what has gone by: a refusal by Google's filters
takes seconds, and an ending that nobody expected is seen within half the time it took."""

STUCK_SECONDS = 900.0
"""When the usual clock of a job runs out."""
STUCK = (0.01, 0.1, 1.0)
"""The values of `stuck` to choose from."""

_HALF = LATE_SECOND / 2
_HURRY = FASTEST * FASTEST / (_HALF + FASTEST * FASTEST)
"""From which price * h on the best rate is faster than is allowed."""
_LOWEST_PRICE, _HIGHEST_PRICE, _HALVINGS = 0.1, 2000.0, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What to reach, and what it may cost."""

    in_time: float = 0.7
    """The share of endings to see in time: well above one half, so that the median survives a guess that is off."""
    polls: float = 38.0
    """Polls that a job may cost on average."""
    stuck_polls: float = 96.0
    """Polls that a job may cost which is not over after STUCK_SECONDS: with the worst jitter, fewer than 100."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Stretches of time in which the rate is constant; each tuple has one number for each of them.

    Plans are tried by the dozen, and each goes through all of them: tuples side by side take a third of the time that
    an object for each stretch does.
    """

    seconds: tuple[float, ...]
    stuck_seconds: tuple[float, ...]
    """As long as it lies before STUCK_SECONDS."""
    ending: tuple[float, ...]
    """The share of jobs that end within it."""
    running: tuple[float, ...]
    """The share that still runs, on average over it."""
    quiet: tuple[float, ...]
    """The rate where nothing is expected."""
    calm: tuple[float, ...]
    """What price * h must exceed for a higher one."""

    def hazards(self, stuck: float) -> list[float]:
        """The chance of an ending within a second, where so many jobs never end."""
        return [
            ending / (seconds * (running + stuck))
            for ending, seconds, running in zip(self.ending, self.seconds, self.running, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rate for each cell, and what comes of it."""

    rates: list[float]
    in_time: float
    polls: float
    stuck_polls: float

    def keeps(self, limits: Limits) -> bool:
        return self.polls <= limits.polls and self.stuck_polls <= limits.stuck_polls

    def value(self, cells: _Cells) -> float:
        """What it is worth, lateness deducted."""
        late = sum(ending / (2 * rate) for ending, rate in zip(cells.ending, self.rates, strict=True))
        return self.in_time - LATE_SECOND * late


def pace(durations: Durations, limits: Limits) -> tuple[float, ...]:
    """Polls that are due by each edge of `durations`, fractions included: rising, 0 at the first."""
    cells = _cells(durations)
    plan = _best(cells, limits)
    due = (rate * seconds for rate, seconds in zip(plan.rates, cells.seconds, strict=True))
    return tuple(accumulate(due, initial=0.0))


def _best(cells: _Cells, limits: Limits) -> _Plan:
    """The first that reaches the aim, since it costs the fewest polls. Where the limits forbid it to all, the best."""
    plans = []
    for stuck in STUCK:
        plan = _cheapest(cells, stuck, limits)
        if plan.in_time >= limits.in_time:
            return plan
        plans.append(plan)
    return max(plans, key=lambda plan: plan.value(cells))


def _cells(durations: Durations) -> _Cells:
    stretches = list(pairwise(durations.edges))
    shares = list(pairwise(durations.cdf))
    quiet = tuple(max(SLOWEST, 1.0 / (FIRST_QUIET + QUIET_GROWTH * start)) for start, _ in stretches)
    return _Cells(
        seconds=tuple(end - start for start, end in stretches),
        stuck_seconds=tuple(min(end, STUCK_SECONDS) - min(start, STUCK_SECONDS) for start, end in stretches),
        ending=tuple(after - before for before, after in shares),
        running=tuple(1.0 - (before + after) / 2 for before, after in shares),
        quiet=quiet,
        calm=tuple(rate * rate / (_HALF + rate * rate) for rate in quiet),
    )


def _cheapest(cells: _Cells, stuck: float, limits: Limits) -> _Plan:
    """The plan at the lowest price that reaches the aim, or else at the highest that keeps the limits."""
    hazards = cells.hazards(stuck)
    low, high = math.log(_LOWEST_PRICE), math.log(_HIGHEST_PRICE)
    short, enough = _plan(cells, hazards, _LOWEST_PRICE), None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        plan = _plan(cells, hazards, math.exp(middle))
        if not plan.keeps(limits):
            high = middle
        elif plan.in_time < limits.in_time:
            low, short = middle, plan
        else:
            high, enough = middle, plan
    return enough or short


def _plan(cells: _Cells, hazards: Sequence[float], price: float) -> _Plan:
    rates = [
        FASTEST
        if (worth := price * hazard) >= _HURRY
        else quiet
        if worth <= calm
        else math.sqrt(_HALF * worth / (1.0 - worth))
        for hazard, quiet, calm in zip(hazards, cells.quiet, cells.calm, strict=True)
    ]
    return _Plan(
        rates,
        in_time=IN_TIME * sum(map(mul, cells.ending, rates)),
        polls=sum(map(mul, map(mul, cells.running, cells.seconds), rates)),
        stuck_polls=sum(map(mul, cells.stuck_seconds, rates)),
    )
