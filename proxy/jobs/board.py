"""Who waits for which job, in this process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Board:
    """Wakes those who wait for a job. Subscribe before reading the row: then no change is missed."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, job_id: str) -> None:
        """The job's row has changed."""
        for event in self._waiting.get(job_id, ()):
            event.set()

    def notify_all(self) -> None:
        """Some row has changed, and nobody knows which."""
        for job_id in self._waiting:
            self.notify(job_id)

    def watched(self) -> list[str]:
        """The jobs somebody waits for."""
        return list(self._waiting)

    @contextmanager
    def subscribe(self, job_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at every change; clear it before reading the row again."""
        event = asyncio.Event()
        self._waiting[job_id].add(event)
        try:
            yield event
        finally:
            self._waiting[job_id].discard(event)
            if not self._waiting[job_id]:
                del self._waiting[job_id]
