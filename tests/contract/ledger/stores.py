"""The stores that are held to the ledger's contract, and how a test brings a job to a place in one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from proxy.jobs.job import Claimed, Job, advance
from proxy.jobs.ledger import Choose, Ledger, Load
from proxy.jobs.sqlite import SqliteLedger
from tests.jobs import NOW, PATHS, a_claim, a_job


def _open_sqlite(folder: str) -> Ledger:
    return SqliteLedger.open(Path(folder) / "data" / "jobs.sqlite3")


OPENERS: Mapping[str, Callable[[str], Ledger]] = {"sqlite": _open_sqlite}
"""Kind of store -> how to open it at an address; every opening is a connection of its own."""


class Store:
    """One store, opened as often as a test likes."""

    def __init__(self, kind: str, address: str) -> None:
        self.kind = kind
        self.address = address
        self._ledgers: list[Ledger] = []

    async def open(self) -> Ledger:
        """Another ledger over the same jobs."""
        ledger = await asyncio.to_thread(OPENERS[self.kind], self.address)
        self._ledgers.append(ledger)
        return ledger

    async def close(self) -> None:
        """Close them all."""
        for ledger in self._ledgers:
            await ledger.close()


def pick(job_id: str, claim: Claimed | None = None) -> Choose:
    """Choose this job and no other."""

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        return next(((job, claim or a_claim()) for job in jobs if job.id == job_id), None)

    return choose


async def bring(ledger: Ledger, place: str, job_id: str = "video_1", *, owner: str = "me", **fields: Any) -> Job:
    """A job of this store that has gone along one of PATHS, a second a step, every step written."""
    job = await ledger.create(a_job(job_id, **fields), spec='{"prompt": "a red kite"}')
    for step, event in enumerate(PATHS[place]):
        now = NOW + timedelta(seconds=step)
        if isinstance(event, Claimed):
            claimed = await ledger.claim(pick(job_id, replace(event, owner=owner)), now)
            assert claimed is not None
            job = claimed
        else:
            job = advance(job, event, now)
            await ledger.save(job)
    return job
