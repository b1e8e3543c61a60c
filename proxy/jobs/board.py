"""Who waits for which job, in this process."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Protocol


class Bell(Protocol):
    """How one who waits is woken."""

    def set(self) -> None:
        """Something has changed."""
        ...

    def is_set(self) -> bool:
        """Whether it has since the last `clear`."""
        ...

    def clear(self) -> None:
        """It is about to be looked at."""
        ...

    async def wait(self, longest: float | None = None) -> bool:
        """Return when something has changed, or after `longest` seconds; whether it has. For one task at a time."""
        ...


class Board:
    """Wakes those who wait for a job. Subscribe before reading the row: then no change is missed."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Bell, ...]] = {}

    def notify(self, job_id: str) -> None:
        """The job's row has changed."""
        for bell in self._waiting.get(job_id, ()):
            bell.set()

    def notify_all(self) -> None:
        """Some row has changed, and nobody knows which."""
        for job_id in self._waiting:
            self.notify(job_id)

    def watched(self) -> list[str]:
        """The jobs somebody waits for."""
        return list(self._waiting)

    def watched_of(self, job_ids: Iterable[str]) -> list[str]:
        """Those of these jobs that somebody waits for."""
        return [job_id for job_id in job_ids if job_id in self._waiting]

    def subscribe(self, job_id: str, bell: Bell | None = None) -> "Subscription":
        """A bell (its own, if none is given) that is set at every change as long as the block lasts.

        Clear it before reading the row again.
        """
        return Subscription(self, job_id, bell or FutureBell())

    def add(self, job_id: str, bell: Bell) -> None:
        """Begin to ring it."""
        self._waiting[job_id] = (*self._waiting.get(job_id, ()), bell)

    def remove(self, job_id: str, bell: Bell) -> None:
        """Ring it no more."""
        others = tuple(other for other in self._waiting[job_id] if other is not bell)
        if others:
            self._waiting[job_id] = others
        else:
            del self._waiting[job_id]


class Subscription:
    """The block in which a bell hangs on the board."""

    __slots__ = ("_bell", "_board", "_job_id")

    def __init__(self, board: Board, job_id: str, bell: Bell) -> None:
        self._board = board
        self._job_id = job_id
        self._bell = bell

    def __enter__(self) -> Bell:
        self._board.add(self._job_id, self._bell)
        return self._bell

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._board.remove(self._job_id, self._bell)


class FutureBell:
    """A flag and a future, since an asyncio.Event costs eight times as much memory."""

    __slots__ = ("_changed", "_waiter")

    def __init__(self) -> None:
        self._changed = False
        self._waiter: asyncio.Future[None] | None = None

    def set(self) -> None:
        """The job has changed."""
        self._changed = True
        self._wake()

    def is_set(self) -> bool:
        """Whether it has changed since the last `clear`."""
        return self._changed

    def clear(self) -> None:
        """The row is about to be read."""
        self._changed = False

    async def wait(self, longest: float | None = None) -> bool:
        """Return when the job has changed, or after `longest` seconds; whether it has. For one task at a time."""
        if self._changed:
            return True
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        alarm = None if longest is None else loop.call_later(longest, self._wake)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if alarm is not None:
                alarm.cancel()
        return self._changed

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
