"""Where polls are spent."""

import math
import random
from itertools import pairwise

import pytest

from proxy.jobs.durations import Durations, fit, interpolate
from proxy.jobs.pace import FASTEST, SLOWEST, Limits, pace

GENEROUS = Limits(polls=1000.0, stuck_polls=1000.0)


def around(median: float, spread: float) -> Durations:
    """What sixty jobs of one kind teach."""
    dice = random.Random(7)
    return fit([dice.lognormvariate(math.log(median), spread) for _ in range(60)])


def spent(durations: Durations, due: tuple[float, ...], start: float, end: float) -> float:
    """Polls a second between two moments."""
    return (interpolate(durations.edges, due, end) - interpolate(durations.edges, due, start)) / (end - start)


def costs(durations: Durations, due: tuple[float, ...]) -> tuple[float, float, float]:
    """(share of endings seen within 0.9 s, mean polls, polls in fifteen minutes), reckoned apart from the search."""
    in_time = polls = 0.0
    points = zip(durations.edges, durations.cdf, due, strict=True)
    for (start, over, before), (end, over_then, after) in pairwise(points):
        in_time += (over_then - over) * min(1.0, 0.9 * (after - before) / (end - start))
        polls += (1.0 - (over + over_then) / 2) * (after - before)
    return in_time, polls, interpolate(durations.edges, due, 900.0)


def test_polls_are_dense_around_the_likely_end_and_sparse_elsewhere() -> None:
    """With jobs of about two minutes: nearly every second there, a few times a minute before and after."""
    durations = around(120.0, 0.1)
    due = pace(durations, Limits())

    assert spent(durations, due, 115.0, 130.0) > 0.8
    assert spent(durations, due, 10.0, 80.0) < 0.12
    assert spent(durations, due, 300.0, 900.0) < 0.05


@pytest.mark.parametrize("spread", [0.05, 0.3, 0.8])
def test_the_rate_stays_between_slowest_and_fastest(spread: float) -> None:
    """Nowhere faster than the floor between polls allows, nowhere slower than the cap."""
    durations = around(60.0, spread)
    due = pace(durations, GENEROUS)
    rates = [(b - a) / (end - start) for (start, a), (end, b) in pairwise(zip(durations.edges, due, strict=True))]

    assert min(rates) >= SLOWEST * 0.999
    assert max(rates) <= FASTEST * 1.001


@pytest.mark.parametrize(("median", "spread"), [(20.0, 0.1), (60.0, 0.5), (180.0, 0.3)])
def test_the_aim_is_reached_and_not_overpaid_where_the_limits_allow(median: float, spread: float) -> None:
    """Just the asked share of endings is seen in time, since more would cost more polls."""
    durations = around(median, spread)
    in_time, _, _ = costs(durations, pace(durations, GENEROUS))

    assert 0.7 <= in_time < 0.74


@pytest.mark.parametrize(("median", "spread"), [(100.0, 0.8), (180.0, 0.3), (250.0, 1.0)])
def test_the_limits_on_polls_hold_also_where_the_aim_is_out_of_reach(median: float, spread: float) -> None:
    """Endings that lie far apart are seen later; they do not cost more polls."""
    durations = around(median, spread)
    in_time, polls, stuck = costs(durations, pace(durations, Limits()))

    assert in_time < Limits().in_time
    assert polls <= Limits().polls + 1e-6
    assert stuck <= Limits().stuck_polls + 1e-6


def test_a_higher_price_for_stuck_jobs_moves_polls_from_the_tail_to_the_middle() -> None:
    """Where polling the late half would break the limit for stuck jobs, the bulk is polled instead."""
    durations = around(60.0, 0.4)
    free, bound = pace(durations, GENEROUS), pace(durations, Limits())

    assert costs(durations, bound)[0] == pytest.approx(costs(durations, free)[0], abs=0.05)
    assert costs(durations, bound)[2] < costs(durations, free)[2] - 10.0
