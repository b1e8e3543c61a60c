"""Who goes before whom in the queue: read once for all who ask, since each by itself would count all the others.

Only one that has come since then is counted by itself: most new jobs are asked for once, when they are made.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from proxy.clock import Clock
from proxy.jobs.job import Job, JobState
from proxy.jobs.ledger import Ledger

FRESH_FOR_EACH = timedelta(microseconds=100)
"""How long a reading holds, for each job in it: reading one costs a hundredth of that. A queue of ten thousand is read
once a second at most, and one of ten whenever somebody asks."""


class Standing:
    """Places in the queue, as the ledger had them last."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._places: Mapping[str, int] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def position(self, job: Job) -> int:
        """How many jobs go before this one; 0 once it waits no more."""
        if job.state is not JobState.QUEUED:
            return 0
        async with self._reading:
            if not self._is_fresh():
                await self._read()
        place = self._places.get(job.id)
        return await self._ledger.position(job) if place is None else place

    def _is_fresh(self) -> bool:
        if self._read_at is None:
            return False
        return self._clock.now() - self._read_at < FRESH_FOR_EACH * len(self._places)

    async def _read(self) -> None:
        self._read_at = self._clock.now()
        self._places = {job_id: place for place, job_id in enumerate(await self._ledger.turns())}
