"""What /metrics tells: what was counted here and in the other workers, and what is so right now."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from proxy import __version__
from proxy.clock import Clock
from proxy.credentials.pool import CredentialPool
from proxy.jobs.ledger import Census
from proxy.jobs.owner import Owner
from proxy.metrics import table
from proxy.metrics.sharing import PUBLISH_EVERY, Sharing
from proxy.metrics.snapshot import Rows, Snapshot, snapshot_of, told, total
from proxy.metrics.tally import Tallies
from proxy.upstream import Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """Every figure, by the metrics of the table, and the processes of the workers behind them, if there are workers."""

    snapshot: Snapshot
    workers: tuple[int, ...] = ()


class Scrape:
    """The figures of one process, or of all workers where they share a folder (`sharing`).

    `monotonic` is the pool's clock, in seconds; all processes of a machine have the same.
    """

    def __init__(
        self,
        tallies: Tallies,
        *,
        pool: CredentialPool,
        upstream: Upstream,
        clock: Clock,
        monotonic: Callable[[], float],
        sharing: Sharing | None = None,
    ) -> None:
        self._tallies = tallies
        self._pool = pool
        self._upstream = upstream
        self._clock = clock
        self._monotonic = monotonic
        self._sharing = sharing

    async def figures(self, census: Census) -> Scraped:
        """All of them, now; `census` is what the ledger says of the jobs of all processes."""
        workers: tuple[int, ...] = ()
        if self._sharing is None:
            counted = self._own()
        else:
            # Written before it is told: should this worker die, the next one asked does not say less.
            own = await self._sharing.publish(self._own)
            others = await self._sharing.others()
            counted = total([own, *(other.snapshot for other in others)])
            workers = (os.getpid(), *sorted(other.pid for other in others if other.pid))
        figures = told(counted)
        gauges = {name: dict(rows) for name, rows in figures.gauges.items()}
        gauges[table.REST] = self._left(gauges[table.REST])
        gauges |= self._of_all(census)
        rows = {name: list(values.items()) for name, values in gauges.items()}
        return Scraped(snapshot=figures.model_copy(update={"gauges": rows}), workers=workers)

    async def publish_until(self, stop: asyncio.Event) -> None:
        """Keep this worker's file fresh, and write it once more at the end; nothing where there are no others."""
        if self._sharing is None:
            return
        while not stop.is_set():
            await self._sharing.publish(self._own)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PUBLISH_EVERY)
        await self._sharing.publish(self._own)

    def _own(self) -> Snapshot:
        """This process's. Rests are given by their end, which stays the same while they pass."""
        rests: Rows = {(credential.id, ""): 0.0 for credential in self._pool.credentials}
        for (credential_id, model), until in self._pool.rests().items():
            key = credential_id, self._tallies.model(model)
            rests[key] = max(rests.get(key, 0.0), until)
        circuits: Rows = {(host,): 1.0 for host in self._upstream.open_circuits()}
        return snapshot_of(self._tallies, {table.REST: rests, table.CIRCUITS: circuits})

    def _left(self, ends: Rows) -> Rows:
        now = self._monotonic()
        return {key: max(0.0, until - now) for key, until in ends.items()}

    def _of_all(self, census: Census) -> Mapping[str, Rows]:
        """What the ledger knows of the jobs of all processes, and what is the same in each."""
        age = 0.0 if census.oldest_queued is None else (self._clock.now() - census.oldest_queued).total_seconds()
        return {
            table.JOBS: {(state.value,): float(count) for state, count in census.jobs.items()},
            table.QUEUE_LENGTH: {(): float(census.queued)},
            table.QUEUE_AGE: {(): max(0.0, age)},
            table.BUILD: {(__version__,): 1.0},
        }


@asynccontextmanager
async def scraping(
    tallies: Tallies,
    *,
    pool: CredentialPool,
    upstream: Upstream,
    clock: Clock,
    monotonic: Callable[[], float],
    folder: Path | None,
) -> AsyncIterator[Scrape]:
    """A Scrape; with a folder of a run, its file there is kept fresh until the block ends, and complete after it."""
    async with AsyncExitStack() as stack:
        sharing = None
        if folder is not None:
            owner = stack.enter_context(await asyncio.to_thread(Owner.acquire, folder))
            sharing = Sharing(folder, owner.id, owner.alive)
        scrape = Scrape(tallies, pool=pool, upstream=upstream, clock=clock, monotonic=monotonic, sharing=sharing)
        stop = asyncio.Event()
        publishing = asyncio.create_task(scrape.publish_until(stop))
        try:
            yield scrape
        finally:
            stop.set()
            await publishing
