"""Waiting for minutes at the price of one task, which listens for the client's going itself until it is called."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from proxy.respond.beats import Beats, beats_of
from proxy.respond.disconnect import Listener


class Standby:
    """A bell for one caller's task (`jobs.board.Bell`), for `while_connected`: no second task, no timer, no future.

    Times of thousands are kept together by `beats`. For one task at a time.
    """

    __slots__ = ("_beats", "_due", "_listener", "_monotonic", "_rung", "_sleep", "_to_be_looked_at")

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._listener: Listener | None = None
        self._rung = False
        self._beats: Beats | None = None
        self._due: float | None = None
        self._to_be_looked_at = False

    # -- for while_connected

    def begin(self, listener: Listener) -> None:
        """The work begins."""
        self._listener = listener

    async def end(self) -> None:
        """The work has ended."""
        self._listener = self._due = None
        beats, self._beats = self._beats, None
        if beats is not None:
            await beats.remove()

    # -- for the work, and whoever rings

    def set(self) -> None:
        """What is waited for has happened."""
        self._rung = True
        self._call()

    def is_set(self) -> bool:
        """Whether it has since the last `clear`."""
        return self._rung

    def clear(self) -> None:
        """It is about to be looked at."""
        self._rung = False

    async def wait(self, longest: float | None = None) -> bool:
        """Return when it has happened, or after `longest` seconds; whether it has."""
        if self._rung:
            return True
        if self._listener is None:
            raise RuntimeError("only the work of while_connected can stand by")
        if longest is not None:
            self._look_after(longest)
        await self._listener.stand_by()
        return self._rung

    # -- for beats

    def due(self) -> float | None:
        """When the time is up."""
        return self._due

    def beat(self) -> None:
        """The time is up."""
        self._to_be_looked_at = False
        self._call()

    def _look_after(self, longest: float) -> None:
        self._due = self._monotonic() + longest
        if self._beats is None:
            self._beats = beats_of(self._sleep, self._monotonic)
            self._beats.add(self)
        elif not self._to_be_looked_at:
            self._beats.look_again(self)
        self._to_be_looked_at = True

    def _call(self) -> None:
        if self._listener is not None:
            self._listener.call()
