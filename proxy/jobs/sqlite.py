"""The ledger in one SQLite file: two processes may share it, and kill -9 loses nothing that was written.

One thread writes, one reads (WAL: neither waits for the other), and `changes` has a connection of its own. The SQL is
in `sqlite_reads.py` and `sqlite_writes.py`.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Self

from cachetools import LRUCache

from proxy.jobs import sqlite_reads as reads
from proxy.jobs import sqlite_writes as writes
from proxy.jobs.job import Job, JobState
from proxy.jobs.ledger import Census, Choose, Ledger, Moved, Page, Shown
from proxy.jobs.sqlite_open import open_reader, open_writer
from proxy.jobs.sqlite_thread import SqliteThread

ENDED_KEPT: Final = 256
"""Rows of ended jobs that stay in memory until somebody writes; a row has a few kilobytes."""


class SqliteLedger(Ledger):
    """A `Ledger`. Every write is fsynced when the call returns."""

    def __init__(self, writer: SqliteThread, reader: SqliteThread, watcher: sqlite3.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._watcher = watcher
        self._watching = threading.Lock()
        self._seen_changes = 0
        self._closed = False
        self._ended: LRUCache[str, tuple[int, Job]] = LRUCache(maxsize=ENDED_KEPT)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The ledger in this file, made if missing; blocks, so call it before the loop serves, or in a thread.

        Raises LedgerUnusable, SchemaTooNew, sqlite3.Error.
        """
        writer = open_writer(path)
        reader = open_reader(path)
        # No waiting on the event loop's own thread: `changes` answers with what it saw last.
        watcher = open_reader(path, timeout=0.0)
        return cls(SqliteThread(writer, "ledger-writer"), SqliteThread(reader, "ledger-reader"), watcher)

    async def close(self) -> None:
        """Finish the writes under way and close the file. May be called twice."""
        if self._closed:
            return
        self._closed = True
        await self._reader.close()
        await asyncio.to_thread(self._stop_watching)
        await self._writer.close()

    async def create(self, job: Job, spec: str) -> Job:
        """Write a new job and its request. Raises KeyTaken."""
        return await self._writer.write(partial(writes.create, job=job, spec=spec))

    async def get(self, job_id: str) -> Job | None:
        """One job. One that has ended is read once for as long as nobody writes: players ask again and again."""
        return await self._reader.read(partial(self._read, job_id=job_id))

    def _read(self, connection: sqlite3.Connection, job_id: str) -> Job | None:
        """On the reader's thread, which alone has the rows that are kept."""
        version = int(connection.execute("PRAGMA data_version").fetchone()[0])
        known = self._ended.get(job_id)
        if known is not None and known[0] == version:
            return known[1]
        job = reads.job_by_id(connection, job_id)
        if job is not None and job.ended:
            self._ended[job_id] = version, job  # asked for before the row: a write in between makes it a miss
        return job

    async def spec(self, job_id: str) -> str | None:
        """The stored request of a job; None once Google has it or the job has ended."""
        return await self._reader.read(partial(reads.spec_of, job_id=job_id))

    async def claim(self, choose: Choose, now: datetime, shown: Shown = Shown.ALL) -> Job | None:
        """Let `choose` pick among the due jobs and write its claim; a claim nobody receives is given back."""

        def unreceived(connection: sqlite3.Connection, job: Job | None) -> None:
            if job is not None:
                writes.give_back(connection, job, now)

        return await self._writer.write(
            partial(writes.claim, choose=choose, now=now, shown=shown), unreceived=unreceived
        )

    async def save(self, job: Job) -> None:
        """Write a job that this process owns. Raises Fenced."""
        await self._writer.write(partial(writes.write, job=job, held_epoch=job.epoch))

    async def adopt(self, owner: str, alive: Callable[[str], bool], lease_until: datetime, now: datetime) -> list[Job]:
        """Take over every adoptable job whose owner is gone; jobs nobody receives stay free for the next."""

        def unreceived(connection: sqlite3.Connection, jobs: list[Job]) -> None:
            for job in jobs:
                writes.disown(connection, job)

        work = partial(writes.adopt, owner=owner, alive=alive, lease_until=lease_until, now=now)
        return await self._writer.write(work, unreceived=unreceived)

    async def reopen(self, job_id: str, owner: str, lease_until: datetime, now: datetime) -> Job | None:
        """Take up a job that ran out of time, None if it is not one; a job nobody receives is free for adoption."""

        def unreceived(connection: sqlite3.Connection, job: Job | None) -> None:
            if job is not None:
                writes.disown(connection, job)

        work = partial(writes.reopen, job_id=job_id, owner=owner, lease_until=lease_until, now=now)
        return await self._writer.write(work, unreceived=unreceived)

    async def beat(self, owner: str, lease_until: datetime) -> None:
        """Extend the lease of everything this process owns."""
        await self._writer.write(partial(writes.beat, owner=owner, lease_until=lease_until))

    async def accepted_late(self, job_id: str, operation: str, now: datetime) -> bool:
        """Keep the operation name that a process learned after it had lost the job."""
        return await self._writer.write(partial(writes.accepted_late, job_id=job_id, operation=operation, now=now))

    async def mark(self, job_id: str, *, unclaimed_since: datetime | None, waited_by: str | None = None) -> None:
        """Note that a caller has gone without its result, or has had it; nothing if the job is unknown."""
        await self._writer.write(
            partial(writes.mark, job_id=job_id, unclaimed_since=unclaimed_since, waited_by=waited_by)
        )

    async def repeats(self, caller: str, fingerprint: str, since: datetime) -> list[Job]:
        """The caller's jobs with this request that go on, or have ended or been left since; newest first."""
        return await self._reader.read(partial(reads.repeats, caller=caller, fingerprint=fingerprint, since=since))

    async def waited_for(self, caller: str, fingerprint: str) -> bool:
        """Whether somebody waits for such a job."""
        return await self._reader.read(partial(reads.waited_for, caller=caller, fingerprint=fingerprint))

    async def by_key(self, caller: str, idempotency_key: str) -> Job | None:
        """The job of this caller under this idempotency key."""
        return await self._reader.read(partial(reads.job_by_key, caller=caller, idempotency_key=idempotency_key))

    async def list(self, caller: str, *, after: str | None, limit: int, ascending: bool, source: str | None) -> Page:
        """A page of one caller's jobs by age. Raises LookupError (unknown `after`), ValueError (`limit` below 1)."""
        work = partial(reads.page, caller=caller, after=after, limit=limit, ascending=ascending, source=source)
        return await self._reader.read(work)

    async def cancel_queued(self, job_id: str, now: datetime) -> Job | None:
        """Cancel a job that has not been sent; None if it is too late."""
        return await self._writer.write(partial(writes.cancel_queued, job_id=job_id, now=now))

    async def delete(self, job_id: str) -> bool:
        """Forget an ended job; False if it is still going on or unknown."""
        return await self._writer.write(partial(writes.delete, job_id=job_id))

    async def position(self, job: Job) -> int:
        """How many waiting jobs go before this one; 0 once it waits no more."""
        return await self._reader.read(partial(reads.position, job=job))

    async def turns(self) -> Sequence[str]:
        """The ids of all waiting jobs, in the order of their turn."""
        return await self._reader.read(reads.turns)

    async def shares(self, owner: str) -> Mapping[str, float]:
        """This process's part of the jobs at Google, by credential."""
        return await self._reader.read(partial(reads.shares, owner=owner))

    async def count(self, states: Sequence[JobState]) -> int:
        """How many jobs are in these states."""
        return await self._reader.read(partial(reads.count, states=states))

    async def census(self) -> Census:
        """How many jobs go on."""
        return await self._reader.read(reads.census)

    async def durations(self, limit: int) -> Sequence[tuple[str, float]]:
        """How long the latest finished jobs took at Google: (bucket, seconds), newest first."""
        return await self._reader.read(partial(reads.durations, limit=limit))

    async def media_in_need(self, since: datetime) -> Sequence[str]:
        """Names of stored media that somebody still wants."""
        return await self._reader.read(partial(reads.media_in_need, since=since))

    async def next_due(self) -> datetime | None:
        """When the earliest waiting job may go; None if none waits."""
        return await self._reader.read(reads.next_due)

    async def moved(self, since: int) -> Moved:
        """Which jobs have moved since."""
        return await self._reader.read(partial(reads.moved, since=since))

    def changes(self) -> int:
        """A number that rises with every write of another connection, this ledger's own writer among them.

        Microseconds, no disk: SQLite reads it from shared memory (SQLite docs, "PRAGMA data_version"). From any thread,
        also one that whoever asked no longer waits for: once the ledger is closed, it is the last number.
        """
        with self._watching:
            if not self._closed:
                self._seen_changes = self._data_version()
            return self._seen_changes

    def _data_version(self) -> int:
        try:
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return self._seen_changes

    def _stop_watching(self) -> None:
        """Closing a connection that another thread reads ends the process (CPython 3.11: a segmentation fault)."""
        with self._watching:
            self._watcher.close()
