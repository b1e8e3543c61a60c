"""What is asked of the SQLite ledger: one function a question, each over one connection.

INDEXED BY stands where SQLite, which knows no statistics here, would sort or gather all waiting jobs (3.40, EXPLAIN
QUERY PLAN; pinned by test_no_question_reads_the_whole_ledger).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from proxy.jobs.job import Job, JobState
from proxy.jobs.ledger import COUNTED, Census, Moved, Page
from proxy.jobs.rows import from_instant, from_row, to_instant

BATCH = 50
"""How many waiting jobs are decoded at a time."""


def job_by_id(connection: sqlite3.Connection, job_id: str) -> Job | None:
    """One job."""
    row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return None if row is None else from_row(row)


def job_by_key(connection: sqlite3.Connection, caller: str, idempotency_key: str) -> Job | None:
    """The caller's job under a key."""
    row = connection.execute(
        "SELECT * FROM jobs WHERE caller = ? AND idempotency_key = ?", (caller, idempotency_key)
    ).fetchone()
    return None if row is None else from_row(row)


def spec_of(connection: sqlite3.Connection, job_id: str) -> str | None:
    """The stored request."""
    row = connection.execute("SELECT spec FROM specs WHERE job_id = ?", (job_id,)).fetchone()
    return None if row is None else str(row["spec"])


def repeats(connection: sqlite3.Connection, caller: str, fingerprint: str, since: datetime) -> list[Job]:
    """The caller's jobs with this request that go on, or have ended or been left since."""
    rows = connection.execute(
        """
        SELECT * FROM jobs
        WHERE caller = :caller AND fingerprint = :fingerprint
          AND (finished_at IS NULL OR finished_at >= :since OR unclaimed_since >= :since)
        ORDER BY created_at DESC, id DESC
        """,
        {"caller": caller, "fingerprint": fingerprint, "since": to_instant(since)},
    )
    return [from_row(row) for row in rows]


def waited_for(connection: sqlite3.Connection, caller: str, fingerprint: str) -> bool:
    """Whether somebody waits for one of the caller's jobs with this request."""
    row = connection.execute(
        """
        SELECT 1 FROM jobs INDEXED BY jobs_repeated
        WHERE caller = ? AND fingerprint = ? AND waited_by IS NOT NULL LIMIT 1
        """,
        (caller, fingerprint),
    ).fetchone()
    return row is not None


def page(
    connection: sqlite3.Connection, caller: str, *, after: str | None, limit: int, ascending: bool, source: str | None
) -> Page:
    """A page by (created_at, id): rows that come or go between two pages shift nothing. LookupError, ValueError."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    beyond, order = _FORWARD if ascending else _BACKWARD
    wanted = "caller = :caller AND (:source IS NULL OR source = :source)"
    position = {} if after is None else _position(connection, caller, after)
    if position:
        wanted += f" AND {beyond}"
    rows = connection.execute(
        f"SELECT * FROM jobs WHERE {wanted} ORDER BY {order} LIMIT :limit",  # noqa: S608 - constants of this module
        {"caller": caller, "source": source, "limit": limit + 1, **position},
    ).fetchall()
    return Page(jobs=tuple(from_row(row) for row in rows[:limit]), has_more=len(rows) > limit)


_FORWARD = ("(created_at, id) > (:created_at, :id)", "created_at, id")
_BACKWARD = ("(created_at, id) < (:created_at, :id)", "created_at DESC, id DESC")


def _position(connection: sqlite3.Connection, caller: str, job_id: str) -> dict[str, int | str]:
    row = connection.execute("SELECT created_at FROM jobs WHERE id = ? AND caller = ?", (job_id, caller)).fetchone()
    if row is None:
        raise LookupError(job_id)
    return {"created_at": row["created_at"], "id": job_id}


def due(connection: sqlite3.Connection, now: datetime) -> Iterator[list[Job]]:
    """The waiting jobs that may go, in the order of their turn, a batch at a time."""
    rows = connection.execute(
        """
        SELECT * FROM jobs INDEXED BY jobs_in_turn WHERE state = 'queued' AND not_before <= ?
        ORDER BY priority DESC, created_at, id
        """,
        (to_instant(now),),
    )
    while batch := rows.fetchmany(BATCH):
        yield [from_row(row) for row in batch]


def first_of_lanes(connection: sqlite3.Connection, now: datetime) -> Iterator[list[Job]]:
    """The first due job of each lane, in the order of their turn: one batch, or none."""
    jobs = []
    for lane in _lanes(connection):
        row = connection.execute(
            """
            SELECT * FROM jobs INDEXED BY jobs_in_lane WHERE lane = ? AND not_before <= ?
            ORDER BY priority DESC, created_at, id LIMIT 1
            """,
            (lane, to_instant(now)),
        ).fetchone()
        if row is not None:
            jobs.append(from_row(row))
    if jobs:
        yield sorted(jobs, key=lambda job: (-job.priority, job.created_at, job.id))


def _lanes(connection: sqlite3.Connection) -> Iterator[str]:
    """Every lane in which jobs wait, by one step down the index each; DISTINCT would read all of it (SQLite 3.40)."""
    lane = ""
    while True:
        (lane,) = connection.execute("SELECT MIN(lane) FROM jobs WHERE lane > ?", (lane,)).fetchone()
        if lane is None:
            return
        yield lane


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a job that is in work."""

    job_id: str
    owner: str | None
    lease_until: datetime | None


def media_in_need(connection: sqlite3.Connection, since: datetime) -> list[str]:
    """Stored media of jobs that go on, and of those since then ended whose callers have not had them."""
    rows = connection.execute(
        """
        SELECT * FROM jobs
        WHERE state = 'fetching'
           OR (state = 'completed' AND created_at >= :since AND (unclaimed_since IS NOT NULL OR waited_by IS NOT NULL))
        """,
        {"since": to_instant(since)},
    )
    jobs = [from_row(row) for row in rows]
    stored = [result.stored for job in jobs for result in job.results if result.stored is not None]
    return [*stored, *(entry.name for job in jobs for entry in job.media)]


def waited_by_others(connection: sqlite3.Connection, owner: str) -> list[str]:
    """The other processes in which callers wait, or waited when they died."""
    rows = connection.execute(
        "SELECT DISTINCT waited_by FROM jobs WHERE waited_by IS NOT NULL AND waited_by <> ?", (owner,)
    )
    return [str(row["waited_by"]) for row in rows]


def held_by_others(connection: sqlite3.Connection, owner: str) -> list[Held]:
    """The jobs in work, or uncertain and not yet given up, that are not this owner's; the oldest first."""
    rows = connection.execute(
        """
        SELECT id, owner, lease_until FROM jobs
        WHERE finished_at IS NULL AND state IN ('submitting', 'running', 'fetching', 'uncertain') AND owner IS NOT ?
        ORDER BY created_at, id
        """,
        (owner,),
    )
    return [
        Held(row["id"], row["owner"], None if row["lease_until"] is None else from_instant(row["lease_until"]))
        for row in rows
    ]


def position(connection: sqlite3.Connection, job: Job) -> int:
    """How many waiting jobs go before this one."""
    row = connection.execute(
        """
        SELECT COUNT(*) FROM jobs AS other, jobs AS own
        WHERE own.id = ? AND own.state = 'queued' AND other.state = 'queued'
          AND (other.priority > own.priority
               OR (other.priority = own.priority AND (other.created_at, other.id) < (own.created_at, own.id)))
        """,
        (job.id,),
    ).fetchone()
    return int(row[0])


def turns(connection: sqlite3.Connection) -> list[str]:
    """The ids of all waiting jobs, in the order of their turn."""
    rows = connection.execute(
        """
        SELECT id FROM jobs INDEXED BY jobs_in_turn WHERE state = 'queued' ORDER BY priority DESC, created_at, id
        """
    )
    return [job_id for (job_id,) in rows]


def shares(connection: sqlite3.Connection, owner: str) -> Mapping[str, float]:
    """By credential, an owner's part of the jobs that are at Google."""
    rows = connection.execute(
        """
        SELECT credential_id, AVG(owner IS ?) FROM jobs INDEXED BY jobs_active
        WHERE state IN ('submitting', 'running') GROUP BY credential_id
        """,
        (owner,),
    )
    return {credential_id: share for credential_id, share in rows if share}


def moved(connection: sqlite3.Connection, since: int) -> Moved:
    """The jobs behind the changes after `since`."""
    rows = connection.execute(
        "SELECT number, job_id FROM changes WHERE number > ? ORDER BY number", (since,)
    ).fetchall()
    if not rows:
        return Moved(number=since, job_ids=frozenset())
    complete = rows[0]["number"] == since + 1
    return Moved(number=rows[-1]["number"], job_ids=frozenset(row["job_id"] for row in rows) if complete else None)


def count(connection: sqlite3.Connection, states: Sequence[JobState]) -> int:
    """How many jobs are in these states."""
    marks = ", ".join("?" * len(states))
    row = connection.execute(
        f"SELECT COUNT(*) FROM jobs WHERE state IN ({marks})",  # noqa: S608 - question marks only
        [state.value for state in states],
    ).fetchone()
    return int(row[0])


def census(connection: sqlite3.Connection) -> Census:
    """How many jobs are in each counted state: one short stretch of an index for each."""
    marks = ", ".join("?" * len(COUNTED))
    rows = connection.execute(
        f"""
        SELECT state, COUNT(*), MIN(created_at) FROM jobs INDEXED BY jobs_in_turn
        WHERE state IN ({marks}) GROUP BY state
        """,  # noqa: S608 - question marks only
        [state.value for state in COUNTED],
    )
    found = {JobState(state): (jobs, oldest) for state, jobs, oldest in rows}
    _, oldest = found.get(JobState.QUEUED, (0, None))
    return Census(
        jobs={state: found.get(state, (0, None))[0] for state in COUNTED},
        oldest_queued=None if oldest is None else from_instant(oldest),
    )


def durations(connection: sqlite3.Connection, limit: int) -> list[tuple[str, float]]:
    """Seconds from submit to Google's being done, by bucket, newest first."""
    rows = connection.execute(
        """
        SELECT bucket, done_at - submitted_at AS took FROM jobs
        WHERE done_at IS NOT NULL ORDER BY done_at DESC LIMIT ?
        """,
        (limit,),
    )
    return [(row["bucket"], row["took"] / 1_000_000) for row in rows]


def next_due(connection: sqlite3.Connection) -> datetime | None:
    """When the earliest waiting job may go."""
    row = connection.execute("SELECT MIN(not_before) FROM jobs WHERE state = 'queued'").fetchone()
    return None if row[0] is None else from_instant(row[0])
