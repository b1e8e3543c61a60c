"""Keeping the media folder within its bounds, without ever removing what somebody has paid for and not yet had."""

import asyncio
import logging
from datetime import timedelta

from proxy.clock import Clock
from proxy.jobs.ledger import Ledger
from proxy.media.store import MediaStore
from proxy.name_locks import NameLocks

log = logging.getLogger("mediashim.media")

SWEEPING = "sweeping"
"""The name that the sweeping process holds."""
SWEEP_EVERY = 600.0
"""Seconds between two sweeps."""


class Retention:
    """Sweeps the media store, now and then."""

    def __init__(
        self,
        ledger: Ledger,
        media: MediaStore,
        clock: Clock,
        *,
        retention: timedelta,
        locks: NameLocks | None = None,
    ) -> None:
        """With `locks`, one process of a data folder sweeps at a time."""
        self._ledger = ledger
        self._media = media
        self._clock = clock
        self._retention = retention
        self._locks = locks
        self._sweeps = False

    async def sweep(self) -> None:
        """Remove media by age and quota, oldest first; those in need stay until their own retention ends."""
        now = self._clock.now()
        swept = await self._media.sweep(now, keep=await self._ledger.media_in_need(now - self._retention))
        if swept.names or swept.leftovers:
            log.info("removed %d media and %d leftovers, %d bytes", len(swept.names), len(swept.leftovers), swept.freed)
        if swept.over_quota:
            log.warning(
                "the media folder is %d bytes over media.max-bytes: all that is left is new or not yet delivered",
                swept.over_quota,
            )

    async def run(self) -> None:
        """Sweep for ever; a sweep that fails is tried again the next time. Who has begun goes on, until it dies."""
        while True:
            if self._locks is None or self._sweeps or self._locks.take(SWEEPING):
                self._sweeps = True
                try:
                    await self.sweep()
                except Exception:
                    log.exception("the media folder could not be swept")
            await asyncio.sleep(SWEEP_EVERY)
