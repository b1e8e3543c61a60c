"""Which interaction an equal request is a repeat of."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from proxy.interaction_repeats import WINDOW, InteractionRepeats, repeat_key
from translators.errors import RateLimited, UpstreamFailed


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def repeats(time: Time) -> InteractionRepeats:
    return InteractionRepeats(now=lambda: time.now)


async def test_a_repeat_waits_for_the_id(repeats: InteractionRepeats) -> None:
    """It is the first one's, whenever that comes."""
    assert await repeats.earlier("k") is None
    waiting = asyncio.ensure_future(repeats.earlier("k"))
    await asyncio.sleep(0)
    repeats.known("k", "v1_a")
    assert await waiting == "v1_a"
    assert await repeats.earlier("other") is None


async def test_for_a_while_and_until_its_id_is_used(repeats: InteractionRepeats, time: Time) -> None:
    """Then an equal request is a new wish."""
    for end in ("asked for", "time"):
        assert await repeats.earlier("k") is None
        repeats.known("k", "v1_a")
        repeats.asked_for("v1_other")
        assert await repeats.earlier("k") == "v1_a"
        if end == "asked for":
            repeats.asked_for("v1_a")
        else:
            time.now += WINDOW + timedelta(seconds=1)
    assert await repeats.earlier("k") is None


async def test_what_certainly_did_nothing_can_be_tried_again(repeats: InteractionRepeats) -> None:
    """What may have been accepted cannot, for a while; later failures of what has an id change nothing."""
    assert await repeats.earlier("k") is None
    repeats.failed("k", RateLimited("Later."))
    assert await repeats.earlier("k") is None
    repeats.failed("k", UpstreamFailed("Lost.", should_retry=False))
    repeats.failed("k", RateLimited("Later."))
    with pytest.raises(UpstreamFailed):
        await repeats.earlier("k")
    repeats.failed("unknown", RateLimited("Later."))
    repeats.known("unknown", "v1_a")


def test_the_key() -> None:
    """The caller, its own key and the body, whatever the order of its members."""
    assert repeat_key("a", "", {"x": 1, "y": 2}) == repeat_key("a", "", {"y": 2, "x": 1})
    assert len({repeat_key(*one) for one in (("a", "", {}), ("b", "", {}), ("a", "k", {}), ("a", "", {"x": 1}))}) == 4
