"""What is learned from past durations."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.jobs.durations import MEMORY, fit

PAST = st.lists(st.floats(min_value=1.0, max_value=500.0), max_size=80)


def lognormal(median: float, spread: float, count: int, seed: int = 1) -> list[float]:
    """Durations as a bucket's past would hold them."""
    dice = random.Random(seed)
    return [dice.lognormvariate(math.log(median), spread) for _ in range(count)]


@given(PAST)
def test_a_learned_distribution_is_one(past: list[float]) -> None:
    """It starts at 0, never falls, stays within 1 and leaves hardly anything beyond its last edge."""
    learned = fit(past)

    assert learned.cdf[0] == 0.0
    assert all(a <= b for a, b in pairwise(learned.cdf))
    assert learned.cdf[-1] <= 1.0
    assert learned.share(0.0) == learned.share(-5.0) == 0.0


@given(PAST, st.floats(min_value=0.01, max_value=0.9))
def test_quantile_undoes_share(past: list[float], share: float) -> None:
    """By the time by which half are over, half are over."""
    learned = fit(past)

    assert learned.share(learned.quantile(share)) == pytest.approx(share, abs=1e-9)


def test_without_a_past_the_prior_speaks() -> None:
    """Half are over after about a minute, and nearly all between 11 s and 6 min."""
    prior = fit([])

    assert prior.quantile(0.5) == pytest.approx(65.0, rel=0.02)
    assert prior.share(11.0) < 0.02
    assert prior.share(360.0) > 0.98


def test_jobs_outweigh_the_prior_little_by_little() -> None:
    """The more jobs that took three minutes, the closer the expected middle is to three minutes."""
    medians = [fit([180.0] * count).quantile(0.5) for count in (0, 1, 3, 10, 60)]

    assert medians == sorted(medians)
    assert medians[1] < 170.0
    assert medians[-1] == pytest.approx(180.0, rel=0.03)


def test_recent_jobs_weigh_more() -> None:
    """After load has risen, the same durations mean a later end if the long ones are the new ones."""
    short, long = lognormal(40.0, 0.1, 30), lognormal(90.0, 0.1, 30)

    assert fit(long + short).quantile(0.5) > fit(short + long).quantile(0.5) + 10.0


def test_what_is_older_than_the_memory_is_forgotten() -> None:
    """Only the latest durations count."""
    recent = lognormal(60.0, 0.2, MEMORY)

    assert fit(recent + [300.0] * 50) == fit(recent)


def test_two_crowds_stay_two() -> None:
    """Nothing much is expected between jobs of 40 s and jobs of 180 s, though both share the bucket."""
    dice = random.Random(3)
    past = lognormal(40.0, 0.1, 32, 4) + lognormal(180.0, 0.1, 32, 5)
    dice.shuffle(past)
    learned = fit(past)

    between = learned.share(125.0) - learned.share(65.0)
    assert between < 0.06
    assert learned.share(50.0) - learned.share(30.0) > 0.35


@pytest.mark.parametrize("nonsense", [0.0, -3.0, math.nan, math.inf, -math.inf])
def test_what_is_no_duration_is_left_out(nonsense: float) -> None:
    """A clock that was set back neither counts nor breaks anything."""
    assert fit([60.0, nonsense, 70.0]) == fit([60.0, 70.0])


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_beyond_the_whole_is_refused(share: float) -> None:
    """There is no time by which 110 % are over."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit([]).quantile(share)
