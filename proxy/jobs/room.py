"""The jobs room, put together: ledger, runner, dispatcher and desk around one data directory."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from proxy.clock import Clock
from proxy.config import Config
from proxy.google_files.uploads import Uploads, limits_of
from proxy.jobs.board import Board
from proxy.jobs.cancel import Canceller
from proxy.jobs.desk import Desk, DeskSettings
from proxy.jobs.dispatcher import LEASE, Dispatcher
from proxy.jobs.fetch import Fetcher
from proxy.jobs.google import Google
from proxy.jobs.history import REMEMBERED, History
from proxy.jobs.join import JoinRules
from proxy.jobs.look import Looker
from proxy.jobs.owner import Owner
from proxy.jobs.poll import Poller
from proxy.jobs.queue import Lane, Queue
from proxy.jobs.retention import Retention
from proxy.jobs.runner import Runner
from proxy.jobs.sqlite import SqliteLedger
from proxy.jobs.submit import Submitter
from proxy.jobs.tally import JobTally
from proxy.media.store import MediaStore
from proxy.metrics.tally import Tallies
from proxy.name_locks import NameLocks

SUBMIT_TIMEOUT = 120.0
POLL_TIMEOUT = 120.0
"""Seconds; a poll on Vertex brings the whole video."""
SHUTDOWN_GRACE = 20.0
"""Seconds that submits under way have to end when the program stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsRoom:
    """What the rest of the program uses of the jobs."""

    desk: Desk
    history: History
    ledger: SqliteLedger


@asynccontextmanager
async def open_jobs_room(
    config: Config,
    google: Google,
    uploads: Uploads,
    media: MediaStore,
    lanes: Mapping[str, Lane],
    clock: Clock,
    locks: NameLocks,
    tallies: Tallies,
) -> AsyncIterator[JobsRoom]:
    """Open the ledger, take up what was left behind, serve; on leaving, leave running jobs at Google."""
    data_dir = Path(config.data_dir)
    ledger = SqliteLedger.open(data_dir / "jobs.sqlite3")
    owner = Owner.acquire(data_dir)
    try:
        history = History(
            await ledger.durations(REMEMBERED),
            polls_per_minute=config.video.polls_per_minute,
            poll_min=config.video.poll_min_interval,
            poll_max=config.video.poll_max_interval,
            processes=config.workers,
        )
        board = Board()
        tally = JobTally(tallies)
        retention = timedelta(seconds=config.media.retention)
        runner = Runner(
            ledger=ledger,
            submitter=Submitter(google, ledger, clock, uploads=uploads, timeout=SUBMIT_TIMEOUT, tally=tally),
            poller=Poller(google, media, history, clock, max_polls=config.video.max_polls, timeout=POLL_TIMEOUT),
            fetcher=Fetcher(google, media, clock, timeout=POLL_TIMEOUT, retention=retention),
            looker=Looker(google, clock),
            board=board,
            clock=clock,
            tally=tally,
        )
        dispatcher = Dispatcher(
            ledger=ledger,
            runner=runner,
            board=board,
            owner=owner,
            clock=clock,
            queue=Queue(
                lanes=lanes,
                rests=google.pool.resting_seconds,
                strategy=config.routing.strategy,
                owner=owner.id,
                lease=LEASE,
            ),
            share=history.share,
            tally=tally,
        )
        desk = Desk(
            ledger=ledger,
            dispatcher=dispatcher,
            canceller=Canceller(google, timeout=POLL_TIMEOUT),
            board=board,
            owner=owner,
            clock=clock,
            new_id=lambda: f"video_{secrets.token_hex(16)}",
            rests=google.pool.resting_seconds,
            locks=locks,
            tally=tally,
            settings=DeskSettings(
                timeout=timedelta(seconds=config.video.timeout),
                queue_length=config.jobs.queue_length,
                rules=JoinRules(unclaimed_window=timedelta(seconds=config.video.dedupe_window)),
                limits=limits_of(config),
            ),
        )
        await dispatcher.start()
        sweeping = asyncio.create_task(Retention(ledger, media, clock, retention=retention, locks=locks).run())
        try:
            yield JobsRoom(desk=desk, history=history, ledger=ledger)
        finally:
            sweeping.cancel()
            await dispatcher.stop(SHUTDOWN_GRACE)
    finally:
        owner.close()
        await ledger.close()
