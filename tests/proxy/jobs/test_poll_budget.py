"""No minute holds more polls than it may."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.jobs.poll_budget import PollBudget


def test_a_burst_goes_at_once_and_the_rest_is_spaced() -> None:
    """Three at once, then one every six seconds: 3 + 10 in a minute."""
    budget = PollBudget(per_minute=13, burst=3)

    assert [budget.reserve(100.0) for _ in range(6)] == pytest.approx([0.0, 0.0, 0.0, 6.0, 12.0, 18.0])


def test_a_rest_fills_the_bucket_again_but_never_over_the_brim() -> None:
    """However long nothing was asked, no more than the burst goes at once."""
    budget = PollBudget(per_minute=13, burst=3)
    for _ in range(6):
        budget.reserve(0.0)

    assert [budget.reserve(10_000.0) for _ in range(4)] == pytest.approx([0.0, 0.0, 0.0, 6.0])


@given(
    st.integers(min_value=2, max_value=200),
    st.data(),
    st.lists(st.floats(min_value=0.0, max_value=30.0), min_size=1, max_size=120),
)
def test_no_minute_holds_more_than_its_allowance(per_minute: int, data: st.DataObject, gaps: list[float]) -> None:
    """Whenever polls are asked for, those made in any sixty seconds stay within the allowance, in the order asked."""
    budget = PollBudget(per_minute=per_minute, burst=data.draw(st.integers(min_value=1, max_value=per_minute - 1)))
    now, made = 0.0, []
    for gap in gaps:
        now += gap
        made.append(now + budget.reserve(now))

    # Half-open minutes, a hair short: the poll that is due exactly sixty seconds later belongs to the next one.
    assert all(sum(start <= poll < start + 59.999 for poll in made) <= per_minute for start in made)
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(made))


@pytest.mark.parametrize(("per_minute", "burst"), [(10, 0), (10, 10), (10, 11), (0, 0)])
def test_a_budget_that_makes_no_sense_is_refused(per_minute: int, burst: int) -> None:
    """A burst of nothing never polls; a burst of everything leaves nothing to drip."""
    with pytest.raises(ValueError, match="does not fit"):
        PollBudget(per_minute=per_minute, burst=burst)


@pytest.mark.parametrize("shares", [(1.0,), (0.5, 0.5), (0.1, 0.9), (0.25, 0.25, 0.25, 0.25)])
def test_shares_of_a_budget_stay_within_it(shares: tuple[float, ...]) -> None:
    """Processes that ask as often as they may make no more polls together than one would, but for a first one each."""
    made = []
    for share in shares:
        budget = PollBudget(per_minute=120, burst=10)
        made += [budget.reserve(0.0, share) for _ in range(200)]

    assert sum(when < 60.0 for when in made) <= 120 + len(shares)
    assert sum(when < 60.0 for when in made) >= 120 - 10
