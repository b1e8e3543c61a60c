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
    """One writer at a time, and the time of the last one: what a beat and an answer share.

    `async with turns` holds the wire; the silence is counted from its end.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = asyncio.Lock()
        self._last = pace.monotonic()

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._last = self._pace.monotonic()
        self._lock.release()

    @asynccontextmanager
    async def beating(self, beat: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Call `beat`, in a turn of its own, whenever the wire was silent for too long, until the block ends.

        A beat that fails ends the beating and nothing else: the wire is broken then, and whoever writes next finds out.
        """
        if self._pace.seconds <= 0:
            yield
            return
        beats = asyncio.create_task(self._beat(beat))
        try:
            yield
        finally:
            beats.cancel()
            await asyncio.gather(beats, return_exceptions=True)

    async def _beat(self, beat: Callable[[], Awaitable[None]]) -> None:
        while True:
            due = self._last + self._pace.seconds - self._pace.monotonic()
            if due > 0:
                await self._pace.sleep(due)
                continue
            if self._lock.locked():  # something long is being written: silence begins when it ends
                async with self._lock:
                    continue
            async with self:
                await beat()
