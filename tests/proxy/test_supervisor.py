"""How long a worker that keeps dying is left alone, and what the owner of several is told."""

import pytest

from proxy.supervisor import DELAYS, delay, shared_state


@pytest.mark.parametrize(("deaths", "seconds"), [(0, 0.0), (1, 0.5), (len(DELAYS) - 1, 30.0), (1000, 30.0)])
def test_each_early_death_makes_the_next_life_wait_longer(deaths: int, seconds: float) -> None:
    """The first accident costs nothing; what cannot live does not keep the machine busy."""
    assert delay(deaths) == seconds


def test_what_workers_do_not_share_is_told() -> None:
    """Only where it matters."""
    assert shared_state(session_affinity=False) == ()
    [told] = shared_state(session_affinity=True)
    assert "session-affinity" in told
