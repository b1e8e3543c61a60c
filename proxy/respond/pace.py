"""Something small on the wire whenever nothing else was for a while, so that no gateway thinks the connection dead."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from proxy.respond.beats import beats_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A beat after `seconds` of silence, and after each further `seconds`; 0 for none. Gateways cut at 60 to 125 s."""

    seconds: float
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic


class Turns:
    """One writer at a time, and the time of the last one: what a beat and an answer share.

    `async with turns` holds the wire; the silence is counted from its end. `async with turns.beating(beat)`
    calls `beat`, in a turn of its own, whenever the wire was silent for too long, until the block ends. A beat that
    fails ends the beating and nothing else: the wire is broken then, and whoever writes next finds out.
    """

    __slots__ = ("_beat", "_beating", "_last", "_lock", "_pace")

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = asyncio.Lock()
        self._last = pace.monotonic()
        self._beat: Callable[[], Awaitable[None]] | None = None
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._last = self._pace.monotonic()
        self._lock.release()

    def beating(self, beat: Callable[[], Awaitable[None]]) -> "_Beating":
        """Keep the wire from being silent."""
        return _Beating(self, beat)

    def due(self) -> float | None:
        """When the next beat is due. While something long is being written, silence has not begun."""
        if self._beat is None:
            return None
        return (self._pace.monotonic() if self._lock.locked() else self._last) + self._pace.seconds

    def beat(self) -> None:
        """Begin one, in a task of its own: a client that reads slowly may hold it up, and nobody else."""
        self._beating = asyncio.create_task(self._beat_once())

    async def _beat_once(self) -> None:
        try:
            async with self:
                if self._beat is not None:
                    await self._beat()
        except Exception:  # noqa: BLE001 - whatever broke the wire, whoever writes next finds it out
            self._beat = None
        beats_of(self._pace.sleep, self._pace.monotonic).look_again(self)

    def begin(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Beat from now on."""
        self._beat = beat
        beats_of(self._pace.sleep, self._pace.monotonic).add(self)

    async def end(self) -> None:
        """Beat no more; nothing of it runs any longer when this returns."""
        self._beat = None
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
        await beats_of(self._pace.sleep, self._pace.monotonic).remove()

    @property
    def is_quiet(self) -> bool:
        """Silence is allowed for ever."""
        return self._pace.seconds <= 0


class _Beating:
    __slots__ = ("_beat", "_turns")

    def __init__(self, turns: Turns, beat: Callable[[], Awaitable[None]]) -> None:
        self._turns = turns
        self._beat = beat

    async def __aenter__(self) -> None:
        if not self._turns.is_quiet:
            self._turns.begin(self._beat)

    async def __aexit__(self, *_: object) -> None:
        if not self._turns.is_quiet:
            await self._turns.end()
