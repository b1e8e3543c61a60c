"""The circuit breaker, by the clock."""

import pytest

from proxy.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock, threshold=3, rest=10.0)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed("h")


def test_it_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    """A success in between starts the count anew, and hosts do not share it."""
    fail(breaker, 2)
    breaker.succeeded("h")
    fail(breaker, 2)
    assert breaker.allows("h")
    fail(breaker, 1)
    assert not breaker.allows("h")
    assert breaker.allows("other")


def test_one_probe_goes_through_each_period(breaker: Breaker, clock: Clock) -> None:
    """Half open means one caller, not a crowd; a probe that never reports just costs its turn."""
    fail(breaker, 3)
    clock.now = 10.0
    assert [breaker.allows("h") for _ in range(3)] == [True, False, False]
    clock.now = 20.0
    assert breaker.allows("h")


def test_a_probe_closes_it_or_opens_it_again(breaker: Breaker, clock: Clock) -> None:
    """One success closes; one failure rests another period."""
    fail(breaker, 3)
    clock.now = 10.0
    assert breaker.allows("h")
    fail(breaker, 1)
    clock.now = 19.9
    assert not breaker.allows("h")
    clock.now = 20.0
    assert breaker.allows("h")
    breaker.succeeded("h")
    assert [breaker.allows("h") for _ in range(3)] == [True, True, True]


def test_open_hosts_are_those_that_are_spared(breaker: Breaker) -> None:
    """Not one that has failed less often, nor one that has answered since."""
    fail(breaker, 3)
    breaker.failed("once")
    assert breaker.open_hosts() == ["h"]
    breaker.succeeded("h")
    assert breaker.open_hosts() == []
