"""proxy/respond/beats.py and pace.py: one task beats for all, each at its own hour; nobody holds up another."""

import asyncio
from typing import Any

from proxy.respond.beats import GRAIN
from proxy.respond.pace import Pace, Turns
from tests.proxy.respond.conftest import settle


class Wire:
    """Counts its beats; may be slow, or broken."""

    def __init__(self, *, slow: asyncio.Event | None = None, broken: bool = False) -> None:
        self.beats = 0
        self._slow = slow
        self._broken = broken

    async def beat(self) -> None:
        self.beats += 1
        if self._slow is not None:
            await self._slow.wait()
        if self._broken:
            raise OSError("gone")


async def test_thousands_share_one_task(clock: Any) -> None:
    """While they wait there is one task for all of them, and none when the last has gone."""
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
    before = len(asyncio.all_tasks())
    wires = [Wire() for _ in range(1000)]
    beatings = [Turns(pace).beating(wire.beat) for wire in wires]
    for beating in beatings:
        await beating.__aenter__()
    await settle()
    assert len(asyncio.all_tasks()) == before + 1
    for _ in range(3):
        await clock.advance(10)
    assert {wire.beats for wire in wires} == {3}
    for beating in beatings:
        await beating.__aexit__(None, None, None)
    assert len(asyncio.all_tasks()) == before


async def test_a_wire_that_spoke_is_left_alone(clock: Any) -> None:
    """Silence is counted from the end of the last turn, for each by itself."""
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
    talker, quiet = Wire(), Wire()
    turns = Turns(pace)
    async with turns.beating(talker.beat), Turns(pace).beating(quiet.beat):
        await clock.advance(6)
        async with turns:
            await clock.advance(3)
        await clock.advance(9)
        assert (talker.beats, quiet.beats) == (0, 1)
        await clock.advance(1)
        assert (talker.beats, quiet.beats) == (1, 1)


async def test_a_slow_or_broken_client_holds_up_nobody(clock: Any) -> None:
    """Its beat waits, or ends; the others' go on, and its own answer still can be written."""
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
    opened = asyncio.Event()
    slow, broken, other = Wire(slow=opened), Wire(broken=True), Wire()
    turns = Turns(pace)
    async with (
        turns.beating(slow.beat),
        Turns(pace).beating(broken.beat),
        Turns(pace).beating(other.beat),
    ):
        for _ in range(3):
            await clock.advance(10)
        assert (slow.beats, broken.beats, other.beats) == (1, 1, 3)
        opened.set()
        await settle()
        async with turns:
            pass
        await clock.advance(10)
        assert slow.beats == 2


async def test_a_quicker_pace_wakes_the_sleeper(clock: Any) -> None:
    """Who comes later and is due earlier is not kept waiting for the others' hour."""
    slow, quick = Wire(), Wire()
    common = {"sleep": clock.sleep, "monotonic": clock.monotonic}
    async with (
        Turns(Pace(seconds=60, **common)).beating(slow.beat),
        Turns(Pace(seconds=5, **common)).beating(quick.beat),
    ):
        await clock.advance(5)
        assert (slow.beats, quick.beats) == (0, 1)


async def test_a_beat_under_way_ends_with_its_block(clock: Any) -> None:
    """A client that never reads on does not keep the answer's task."""
    pace = Pace(seconds=10, sleep=clock.sleep, monotonic=clock.monotonic)
    stuck = Wire(slow=asyncio.Event())
    before = len(asyncio.all_tasks())
    async with Turns(pace).beating(stuck.beat):
        await clock.advance(10)
    assert (stuck.beats, len(asyncio.all_tasks())) == (1, before)


async def test_a_timer_that_wakes_early_is_not_waited_for_in_a_spin(clock: Any) -> None:
    """uvloop's wakes within the millisecond before: what is left then is slept away in one piece, not in hundreds."""
    asked: list[float] = []

    async def early(seconds: float) -> None:
        asked.append(seconds)
        await clock.sleep(max(seconds - 0.001, 0.0))

    wire = Wire()
    async with Turns(Pace(seconds=10, sleep=early, monotonic=clock.monotonic)).beating(wire.beat):
        await clock.advance(9.999)
        assert wire.beats == 0
        await clock.advance(GRAIN)
        assert wire.beats == 1
    assert len(asked) == 3
