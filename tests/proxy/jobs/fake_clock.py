"""Time that passes only by sleeping: nobody waits, and those who sleep wake in the order of their hours."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta


class FakeClock:
    """A `Clock` whose sleeps take no time at all."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)
        self.slept: list[float] = []
        """Every sleep, in seconds."""
        self._sleepers: list[tuple[datetime, int]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        """The time."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Let time pass although nobody sleeps."""
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Move the time on, once nobody else would wake before."""
        self.slept.append(seconds)
        me = (self.time + timedelta(seconds=seconds), next(self._numbers))
        heapq.heappush(self._sleepers, me)
        try:
            await asyncio.sleep(0)
            while self._sleepers[0] != me:  # noqa: ASYNC110 - the others are awaited by letting them run
                await asyncio.sleep(0)
        finally:
            self._sleepers.remove(me)
            heapq.heapify(self._sleepers)
        self.time = max(self.time, me[0])
