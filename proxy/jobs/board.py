"""Who waits for which job, in this process."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self


class Board:
    """Wakes those who wait for a job. Subscribe before reading the row: then no change is missed."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Subscription, ...]] = {}

    def notify(self, job_id: str) -> None:
        """The job's row has changed."""
        for subscription in self._waiting.get(job_id, ()):
            subscription.set()

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

    def subscribe(self, job_id: str) -> "Subscription":
        """What is set at every change, as long as its block lasts; clear it before reading the row again."""
        return Subscription(self, job_id)

    def add(self, subscription: "Subscription") -> None:
        """Begin to wake it."""
        self._waiting[subscription.job_id] = (*self._waiting.get(subscription.job_id, ()), subscription)

    def remove(self, subscription: "Subscription") -> None:
        """Wake it no more."""
        others = tuple(other for other in self._waiting[subscription.job_id] if other is not subscription)
        if others:
            self._waiting[subscription.job_id] = others
        else:
            del self._waiting[subscription.job_id]


class Subscription:
    """One who waits for one job: a flag and a future, since an asyncio.Event costs eight times as much memory."""

    __slots__ = ("_board", "_changed", "_waiter", "job_id")

    def __init__(self, board: Board, job_id: str) -> None:
        self.job_id = job_id
        self._board = board
        self._changed = False
        self._waiter: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        self._board.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._board.remove(self)

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
