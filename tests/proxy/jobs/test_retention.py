"""Sweeping: once for a data folder, however many processes share it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from proxy.clock import SystemClock
from proxy.jobs.retention import Retention
from proxy.media.stored import Swept
from proxy.name_locks import NameLocks


class Ledger:
    """Nobody needs anything."""

    async def media_in_need(self, since: object) -> list[str]:
        return []


class Store:
    """Counts its sweeps."""

    def __init__(self) -> None:
        self.sweeps = 0
        self.swept = asyncio.Event()

    async def sweep(self, now: object, keep: object) -> Swept:
        self.sweeps += 1
        self.swept.set()
        return Swept(names=(), leftovers=(), freed=0, over_quota=0)


async def swept_by(store: Store, locks: NameLocks | None) -> asyncio.Task[None]:
    retention = Retention(Ledger(), store, SystemClock(), retention=timedelta(days=1), locks=locks)
    running = asyncio.create_task(retention.run())
    for _ in range(5):
        await asyncio.sleep(0)
    return running


async def test_one_process_sweeps(tmp_path: Path) -> None:
    """Who finds the name taken leaves it; alone, or first, it sweeps at once."""
    store, locks = Store(), NameLocks(tmp_path / "locks")
    tasks = [await swept_by(store, locks) for _ in range(3)]
    assert store.sweeps == 1
    tasks.append(await swept_by(store, None))
    assert store.sweeps == 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    locks.close()
