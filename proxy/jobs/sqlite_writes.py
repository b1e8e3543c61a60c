"""What changes the SQLite ledger: each function runs inside a transaction that the caller holds."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import cache

from proxy.jobs import sqlite_reads as reads
from proxy.jobs.job import AcceptedLate, Adopted, Ended, IllegalTransition, Job, JobState, Refused, Reopened, advance
from proxy.jobs.ledger import Choose, Fenced, KeyTaken, Shown
from proxy.jobs.rows import COLUMNS, WRITTEN_ONCE, to_instant, to_row
from proxy.jobs.sqlite_load import SqliteLoad

_SPEC_NEEDED = (JobState.QUEUED, JobState.SUBMITTING, JobState.UNCERTAIN)
"""States in which the stored request is kept, until the job ends."""

_SPECIAL = {
    # The row's lease may be newer than the job's: `beat` has no part in the job that its runner holds.
    "lease_until": """
        CASE WHEN :owner IS NULL THEN NULL
             WHEN lease_until > :lease_until THEN lease_until
             ELSE :lease_until END
    """,
    # Written by `mark` alone, for the same reason.
    "unclaimed_since": "unclaimed_since",
    "waited_by": "waited_by",
}
_CHANGING = [name for name in COLUMNS if name not in WRITTEN_ONCE]

_INSERT = f"""
INSERT INTO jobs ({", ".join(COLUMNS)}) VALUES ({", ".join(f":{name}" for name in COLUMNS)})
"""  # noqa: S608 - our own column names
_UPDATE = f"""
UPDATE jobs SET {", ".join(f"{name} = {_SPECIAL.get(name, f':{name}')}" for name in _CHANGING)}
WHERE id = :id AND epoch = :held_epoch
  AND (finished_at IS NULL
       OR (:finished_at IS NOT NULL AND (state = :state OR (state = 'completed' AND :state = 'expired')))
       OR (state IN ('failed', 'uncertain') AND :state = 'running' AND epoch < :epoch))
"""  # noqa: S608 - our own column names


def create(connection: sqlite3.Connection, job: Job, spec: str) -> Job:
    """Write a job and its request. Raises KeyTaken."""
    if job.idempotency_key is not None:
        holder = reads.job_by_key(connection, job.caller, job.idempotency_key)
        if holder is not None:
            raise KeyTaken(holder)
    connection.execute(_INSERT, to_row(job))
    connection.execute("INSERT INTO specs (job_id, spec) VALUES (?, ?)", (job.id, spec))
    return job


def write(connection: sqlite3.Connection, job: Job, held_epoch: int) -> None:
    """Write what an event made of a job, for the holder of this epoch; drop a request that has served; or Fenced."""
    updated = connection.execute(_UPDATE, {**to_row(job), "held_epoch": held_epoch})
    if updated.rowcount == 0:
        raise Fenced(job.id)
    if job.ended or job.state not in _SPEC_NEEDED:
        connection.execute("DELETE FROM specs WHERE job_id = ?", (job.id,))


_SHOWN = {Shown.ALL: reads.due, Shown.FIRST_OF_LANES: reads.first_of_lanes}


def claim(connection: sqlite3.Connection, choose: Choose, now: datetime, shown: Shown) -> Job | None:
    """Let `choose` pick a waiting job, and write the claim."""
    load = SqliteLoad(connection, now)
    for batch in _SHOWN[shown](connection, now):
        chosen = choose(batch, load, now)
        if chosen is not None:
            job, event = chosen
            claimed = advance(job, event, now)
            write(connection, claimed, job.epoch)
            return claimed
    return None


def give_back(connection: sqlite3.Connection, job: Job, now: datetime) -> None:
    """Undo a claim of which nobody heard: nothing can have been sent."""
    write(connection, advance(job, Refused(not_before=job.not_before), now), job.epoch)


def adopt(
    connection: sqlite3.Connection, owner: str, alive: Callable[[str], bool], lease_until: datetime, now: datetime
) -> list[Job]:
    """Take over what has lost its owner."""
    alive = cache(alive)
    _leave_behind(connection, owner, alive, now)
    adopted = []
    for held in reads.held_by_others(connection, owner):
        if _orphaned(held, alive, now) and (job := reads.job_by_id(connection, held.job_id)) is not None:
            taken = advance(job, Adopted(owner, lease_until), now)
            write(connection, taken, job.epoch)
            adopted.append(taken)
    return adopted


def _orphaned(held: reads.Held, alive: Callable[[str], bool], now: datetime) -> bool:
    if held.owner is None or held.lease_until is None:
        return True
    return held.lease_until < now or not alive(held.owner)


def accepted_late(connection: sqlite3.Connection, job_id: str, operation: str, now: datetime) -> bool:
    """Keep an operation name that came too late for its process."""
    job = reads.job_by_id(connection, job_id)
    if job is None:
        return False
    try:
        changed = advance(job, AcceptedLate(operation), now)
    except IllegalTransition:
        return False
    write(connection, changed, job.epoch)
    return True


def reopen(connection: sqlite3.Connection, job_id: str, owner: str, lease_until: datetime, now: datetime) -> Job | None:
    """Take up a job that ran out of time."""
    job = reads.job_by_id(connection, job_id)
    if job is None:
        return None
    try:
        reopened = advance(job, Reopened(owner, lease_until), now)
    except IllegalTransition:
        return None
    write(connection, reopened, job.epoch)
    return reopened


def disown(connection: sqlite3.Connection, job: Job) -> None:
    """Leave a job to whoever adopts next."""
    connection.execute(
        "UPDATE jobs SET owner = NULL, lease_until = NULL WHERE id = ? AND epoch = ?", (job.id, job.epoch)
    )


def beat(connection: sqlite3.Connection, owner: str, lease_until: datetime) -> None:
    """Extend the lease of everything an owner holds."""
    connection.execute(
        "UPDATE jobs SET lease_until = :until WHERE owner = :owner AND lease_until < :until",
        {"owner": owner, "until": to_instant(lease_until)},
    )


def mark(connection: sqlite3.Connection, job_id: str, unclaimed_since: datetime | None, waited_by: str | None) -> None:
    """Note where a caller waits for the job, or since when none does."""
    instant = None if unclaimed_since is None else to_instant(unclaimed_since)
    connection.execute("UPDATE jobs SET unclaimed_since = ?, waited_by = ? WHERE id = ?", (instant, waited_by, job_id))


def _leave_behind(connection: sqlite3.Connection, owner: str, alive: Callable[[str], bool], now: datetime) -> None:
    """Those who waited in a process that has died have gone without their results."""
    for waited_by in reads.waited_by_others(connection, owner):
        if not alive(waited_by):
            connection.execute(
                "UPDATE jobs SET unclaimed_since = ?, waited_by = NULL WHERE waited_by = ?",
                (to_instant(now), waited_by),
            )


def cancel_queued(connection: sqlite3.Connection, job_id: str, now: datetime) -> Job | None:
    """Cancel a job that has not been sent."""
    job = reads.job_by_id(connection, job_id)
    if job is None or job.state is not JobState.QUEUED:
        return None
    cancelled = advance(job, Ended(JobState.CANCELLED, None), now)
    write(connection, cancelled, job.epoch)
    return cancelled


def delete(connection: sqlite3.Connection, job_id: str) -> bool:
    """Forget an ended job and its request."""
    deleted = connection.execute("DELETE FROM jobs WHERE id = ? AND finished_at IS NOT NULL", (job_id,))
    return deleted.rowcount == 1
