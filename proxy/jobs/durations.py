"""How long jobs of one bucket (model, resolution, duration) take at Google, learned from the latest of them.

Every job seen becomes a bell over the logarithm of its seconds, as wide as its neighbours are far away, and lighter
the older it is, since Google's load shifts. A broad prior stands in for what has not been seen and gives way as jobs
come in.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

PRIOR_MEDIAN = 65.0
"""Seconds. Veo takes 11 s to about 6 min at peak (Gemini API docs, 2026-11); by ratio, the middle is a minute."""
PRIOR_SPREAD = 0.75
"""Of the logarithm: 11 s and 6 min then lie 2.3 spreads from the median."""
PRIOR_JOBS = 2.0
"""How many jobs the prior counts for."""

MEMORY = 64
"""Older jobs are not looked at."""
HALF_LIFE = 24
"""So many jobs later, a job counts half."""

NEW_BUCKET_WIDTH = 0.35
"""How wide the bell of a bucket's only job is: by what ratio jobs of one kind differ before more is known."""
NARROWEST = 0.02
"""No bell is narrower: about the resolution of the grid. None is wider than the prior."""

_STEP = 0.03
_SHORTEST, _LONGEST = 1.0, 1200.0
_GRID = (0.0, *(_SHORTEST * math.exp(_STEP * i) for i in range(1 + math.ceil(math.log(_LONGEST / _SHORTEST) / _STEP))))
_LOGS = tuple(math.log(edge) for edge in _GRID[1:])
_FAR = 4.0
"""Bell widths beyond which all of a bell is on one side."""


@dataclass(frozen=True, slots=True)
class Durations:
    """A distribution of seconds: `cdf[i]` is the share that is over by `edges[i]`; between two edges it is a line."""

    edges: tuple[float, ...] = field(repr=False)
    cdf: tuple[float, ...] = field(repr=False)

    def share(self, seconds: float) -> float:
        """The share of jobs that are over by now: 0 at the start, rising, at most 1."""
        if seconds <= 0.0:
            return 0.0
        return interpolate(self.edges, self.cdf, seconds)

    def quantile(self, share: float) -> float:
        """By how many seconds this share of jobs is over. Raises ValueError unless 0 <= share <= 1."""
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"a share lies between 0 and 1, not {share}")
        return interpolate(self.cdf, self.edges, share)


def fit(seconds: Sequence[float]) -> Durations:
    """The distribution that these jobs suggest; `seconds` is newest first and may be empty.

    What is no duration (zero, negative or not finite: a clock that was set back) is left out.
    """
    logs = [math.log(min(max(s, _SHORTEST), _LONGEST)) for s in seconds[:MEMORY] if 0.0 < s < math.inf]
    prior = PRIOR_JOBS / (PRIOR_JOBS + len(logs))
    weights = [0.5 ** (age / HALF_LIFE) for age in range(len(logs))]
    scale = (1.0 - prior) / sum(weights) if weights else 0.0
    bells = [(math.log(PRIOR_MEDIAN), PRIOR_SPREAD, prior)]
    bells += [(log, width, w * scale) for log, width, w in zip(logs, _widths(logs), weights, strict=True)]
    return Durations(_GRID, (0.0, *_sum_of_bells(bells)))


def interpolate(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    """`y` at `x` on the line through rising points; beyond the last point its `y`."""
    right = bisect_right(xs, x)
    if right == 0:
        return ys[0]
    if right == len(xs):
        return ys[-1]
    x0, x1, y0, y1 = xs[right - 1], xs[right], ys[right - 1], ys[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def _widths(logs: Sequence[float]) -> list[float]:
    """How wide each job's bell is: as far as its k-th neighbour, k growing with the root of the number of jobs.

    A job alone in a long tail gets a wide bell and one in a crowd a narrow one, so two separate crowds stay two.
    """
    count = len(logs)
    neighbour = min(math.isqrt(count), count - 1)
    widths = []
    for log in logs:
        distance = sorted(abs(log - other) for other in logs)[neighbour] if neighbour > 0 else 0.0
        blended = math.sqrt((NEW_BUCKET_WIDTH**2 + count * distance**2) / (1 + count))
        widths.append(min(max(NARROWEST, blended), PRIOR_SPREAD))
    return widths


def _sum_of_bells(bells: Sequence[tuple[float, float, float]]) -> list[float]:
    """The cumulative weight of the bells (centre, width, weight) at each edge of the grid but the first."""
    gained = [0.0] * (len(_LOGS) + 1)
    for centre, width, weight in bells:
        start = bisect_right(_LOGS, centre - _FAR * width)
        stop = bisect_right(_LOGS, centre + _FAR * width)
        before = 0.0
        for i in range(start, stop):
            below = 0.5 * weight * (1.0 + math.erf((_LOGS[i] - centre) / (width * math.sqrt(2.0))))
            gained[i] += below - before
            before = below
        gained[stop] += weight - before
    total, cdf = 0.0, []
    for gain in gained[:-1]:
        total += gain
        cdf.append(min(1.0, total))
    return cdf
