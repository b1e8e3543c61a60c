"""Something small on the wire whenever nothing else was for a while, so that no gateway thinks the connection dead."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A beat after `seconds` of silence, and after each further `seconds`; 0 for none. Gateways cut at 60 to 125 s."""

    seconds: float
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic


class Turns:
    """One writer at a time, and the time of the last one: what a beat and an answer share."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = asyncio.Lock()
        self._last = pace.monotonic()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the wire. The silence is counted from the end of the turn."""
        async with self._lock:
            try:
                yield
            finally:
                self._last = self._pace.monotonic()

    @asynccontextmanager
    async def beating(self, beat: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Call `beat`, in a turn of its own, whenever the wire was silent for too long, until the block ends.

        A beat that fails ends the beating and nothing else: the wire is broken then, and whoever writes next finds out.
        """
        beats = asyncio.create_task(self._beat(beat))
        try:
            yield
        finally:
            beats.cancel()
            await asyncio.gather(beats, return_exceptions=True)

    async def _beat(self, beat: Callable[[], Awaitable[None]]) -> None:
        while self._pace.seconds > 0:
            due = self._last + self._pace.seconds - self._pace.monotonic()
            if due > 0:
                await self._pace.sleep(due)
                continue
            if self._lock.locked():  # something long is being written: silence begins when it ends
                async with self._lock:
                    continue
            async with self.turn():
                await beat()
