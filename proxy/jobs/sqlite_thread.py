"""One SQLite connection on one thread of its own, so that the event loop never waits for a disk."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from proxy.jobs.sqlite_transaction import transaction

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class SqliteThread:
    """Runs work on its connection, one piece at a time, in the order it was given."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def read(self, work: Work[T]) -> T:
        """What `work` finds."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, self._connection)

    async def write(self, work: Work[T], *, unreceived: Callable[[sqlite3.Connection, T], None] | None = None) -> T:
        """Do `work` in one transaction, even if the awaiting task is cancelled: an operation name must reach the disk.

        `unreceived` follows in a second transaction if the task was cancelled and so never got the result.
        """
        future = self._executor.submit(self._in_transaction, work)
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except asyncio.CancelledError:
            if unreceived is not None:
                self._follow(future, unreceived)
            raise

    async def close(self) -> None:
        """Finish what was given, then close the connection."""
        await asyncio.to_thread(self._drain)

    def _in_transaction(self, work: Work[T]) -> T:
        with transaction(self._connection):
            return work(self._connection)

    def _follow(self, future: Future[T], unreceived: Callable[[sqlite3.Connection, T], None]) -> None:
        def follow() -> None:
            if future.exception() is None:
                self._in_transaction(lambda connection: unreceived(connection, future.result()))

        with suppress(RuntimeError):  # closed meanwhile: the next process adopts the job
            self._executor.submit(follow)

    def _drain(self) -> None:
        self._executor.shutdown(wait=True)
        self._connection.close()
