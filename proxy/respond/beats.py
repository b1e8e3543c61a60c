"""Beats for everyone who waits: one task that sleeps until the next is due, instead of one for each of thousands."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from typing import Final, Protocol
from weakref import WeakKeyDictionary

GRAIN: Final = 0.05
"""Seconds between two looks at the least: beats are seconds apart, and those of thousands may go together. It is also
more than a timer's grain: uvloop 0.23 wakes half a millisecond early, and who sleeps for what is left then spins."""


class Silent(Protocol):
    """A wire that may have been silent for too long."""

    def due(self) -> float | None:
        """When its next beat is due if nothing is written until then; None once it wants no more."""
        ...

    def beat(self) -> None:
        """It is due: begin."""
        ...


Sleep = Callable[[float], Awaitable[object]]
Monotonic = Callable[[], float]


class Beats:
    """The wires of one event loop that share a clock, by the time at which each is to be looked at."""

    def __init__(self, sleep: Sleep, monotonic: Monotonic) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._looks: list[tuple[float, int, Silent]] = []
        self._numbers = itertools.count()
        self._wires = 0
        self._sleeper: asyncio.Task[None] | None = None
        self._asleep_until = 0.0

    def add(self, wire: Silent) -> None:
        """Look after a wire until `remove`."""
        self._wires += 1
        self.look_again(wire)

    def look_again(self, wire: Silent) -> None:
        """Look at it when it will be due; to be called when a beat of it is over."""
        due = wire.due()
        if due is None:
            return
        heapq.heappush(self._looks, (due, next(self._numbers), wire))
        if self._sleeper is None or self._sleeper.done() or due < self._asleep_until:
            self._wake()

    async def remove(self) -> None:
        """One wire, which says so itself by `due`, is to be looked after no more; with the last one the task ends."""
        self._wires -= 1
        if self._wires:
            return
        self._looks.clear()
        if self._sleeper is not None:
            sleeper, self._sleeper = self._sleeper, None
            sleeper.cancel()
            await asyncio.gather(sleeper, return_exceptions=True)

    @property
    def is_idle(self) -> bool:
        """Nobody is looked after."""
        return self._wires == 0

    def _wake(self) -> None:
        if self._sleeper is not None:
            self._sleeper.cancel()
        self._asleep_until = self._looks[0][0]
        self._sleeper = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._looks:
            self._asleep_until = self._looks[0][0]
            left = self._asleep_until - self._monotonic()
            if left > 0:
                await self._sleep(max(left, GRAIN))
                continue
            _, _, wire = heapq.heappop(self._looks)
            due = wire.due()
            if due is None:
                continue
            if due > self._monotonic():
                heapq.heappush(self._looks, (due, next(self._numbers), wire))
            else:
                wire.beat()


_OF_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[Sleep, Monotonic], Beats]] = WeakKeyDictionary()


def beats_of(sleep: Sleep, monotonic: Monotonic) -> Beats:
    """The beats of the running loop by this clock."""
    clocks = _OF_LOOPS.setdefault(asyncio.get_running_loop(), {})
    for clock in [clock for clock, beats in clocks.items() if beats.is_idle and clock != (sleep, monotonic)]:
        del clocks[clock]
    return clocks.setdefault((sleep, monotonic), Beats(sleep, monotonic))
