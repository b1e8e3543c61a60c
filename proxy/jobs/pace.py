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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from proxy.jobs.durations import Durations

IN_TIME = 0.9
"""Seconds: an ending seen within them is seen in time. The tenth that is missing to a second is for the network."""
LATE_SECOND = 0.15
"""What a second of lateness costs, in endings seen in time. More keeps the unlucky ones closer to the lucky ones, and
makes the median worse where polls are scarce (measured with benchmarks/polling.py)."""

FASTEST = 1 / 0.9
"""Polls a second, at most."""
SLOWEST = 1 / 28.0
"""Polls a second, at least."""
FIRST_QUIET, QUIET_GROWTH = 4.0, 0.4
"""Where nothing is expected, a poll is due after 4 s and two fifths of what has gone by: a refusal by Google's filters
takes seconds, and an ending that nobody expected is seen within half the time it took."""

STUCK_SECONDS = 900.0
"""When the usual clock of a job runs out."""
STUCK = (0.01, 0.1, 1.0)
"""The values of `stuck` to choose from."""

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
class _Cell:
    """A stretch of time in which the rate is constant."""

    seconds: float
    stuck_seconds: float
    """As long as it lies before STUCK_SECONDS."""
    ending: float
    """The share of jobs that end within it."""
    running: float
    """The share that still runs, on average over it."""
    quiet: float
    """The rate where nothing is expected."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rate for each cell, and what comes of it."""

    rates: tuple[float, ...]
    in_time: float
    late: float
    polls: float
    stuck_polls: float

    @property
    def value(self) -> float:
        return self.in_time - LATE_SECOND * self.late

    def keeps(self, limits: Limits) -> bool:
        return self.polls <= limits.polls and self.stuck_polls <= limits.stuck_polls


def pace(durations: Durations, limits: Limits) -> tuple[float, ...]:
    """Polls that are due by each edge of `durations`, fractions included: rising, 0 at the first."""
    cells = tuple(_cells(durations))
    plans = [_cheapest(cells, stuck, limits) for stuck in STUCK]
    # The first that reaches the aim costs the fewest polls on average. If the limits forbid it to all: the best one.
    plan = next((p for p in plans if p.in_time >= limits.in_time), None) or max(plans, key=lambda p: p.value)
    due = (rate * cell.seconds for rate, cell in zip(plan.rates, cells, strict=True))
    return tuple(accumulate(due, initial=0.0))


def _cells(durations: Durations) -> Iterator[_Cell]:
    for (start, over), (end, over_then) in pairwise(zip(durations.edges, durations.cdf, strict=True)):
        yield _Cell(
            seconds=end - start,
            stuck_seconds=min(end, STUCK_SECONDS) - min(start, STUCK_SECONDS),
            ending=over_then - over,
            running=1.0 - (over + over_then) / 2,
            quiet=max(SLOWEST, 1.0 / (FIRST_QUIET + QUIET_GROWTH * start)),
        )


def _cheapest(cells: Sequence[_Cell], stuck: float, limits: Limits) -> _Plan:
    """The plan at the lowest price that reaches the aim, or else at the highest that keeps the limits."""
    low, high = math.log(_LOWEST_PRICE), math.log(_HIGHEST_PRICE)
    short, enough = _plan(cells, stuck, _LOWEST_PRICE), None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        plan = _plan(cells, stuck, math.exp(middle))
        if not plan.keeps(limits):
            high = middle
        elif plan.in_time < limits.in_time:
            low, short = middle, plan
        else:
            high, enough = middle, plan
    return enough or short


def _plan(cells: Sequence[_Cell], stuck: float, price: float) -> _Plan:
    rates: list[float] = []
    in_time = late = polls = stuck_polls = 0.0
    for cell in cells:
        worth = price * cell.ending / (cell.seconds * (cell.running + stuck))
        rate = FASTEST
        if worth < 1.0:
            rate = min(FASTEST, max(cell.quiet, math.sqrt(LATE_SECOND / 2 * worth / (1.0 - worth))))
        rates.append(rate)
        in_time += cell.ending * min(1.0, IN_TIME * rate)
        late += cell.ending / (2 * rate)
        polls += cell.running * rate * cell.seconds
        stuck_polls += rate * cell.stuck_seconds
    return _Plan(tuple(rates), in_time, late, polls, stuck_polls)
