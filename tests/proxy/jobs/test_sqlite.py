"""What is SQLite's own about the ledger in one file; what every ledger does is in tests/contract/ledger."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from proxy.jobs import sqlite_reads, sqlite_writes
from proxy.jobs.job import Job, JobState, advance
from proxy.jobs.ledger import Load, Shown
from proxy.jobs.migrate import SchemaTooNew, known_migrations, migrate
from proxy.jobs.sqlite import SqliteLedger
from proxy.jobs.sqlite_open import LedgerUnusable, open_reader, open_writer
from proxy.jobs.sqlite_thread import SqliteThread
from proxy.jobs.sqlite_transaction import transaction
from tests.jobs import ACCEPTED, FOUND, NOW, TARGET, a_job, a_job_at, first, living


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to lie; the folder does not exist yet."""
    return tmp_path / "data" / "jobs.sqlite3"


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    """A new ledger."""
    ledger = await asyncio.to_thread(SqliteLedger.open, path)
    yield ledger
    await ledger.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_prompts_are_private(path: Path, ledger: SqliteLedger) -> None:
    """Folder 0700; file, log and index 0600."""
    await ledger.create(a_job(), "{}")

    assert mode(path.parent) == 0o700
    assert {file.name: mode(file) for file in path.parent.iterdir()} == {
        "jobs.sqlite3": 0o600,
        "jobs.sqlite3-wal": 0o600,
        "jobs.sqlite3-shm": 0o600,
    }


def test_an_existing_file_is_made_private_and_its_folder_left_alone(path: Path) -> None:
    """The folder may be the user's own; the file is ours."""
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    open_writer(path).close()

    assert (mode(path.parent), mode(path)) == (0o755, 0o600)


def test_a_commit_is_on_disk(path: Path) -> None:
    """Write-ahead log, synced at every commit (2 = FULL), with foreign keys, waiting for other writers."""
    with closing(open_writer(path)) as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == ["wal", 2, 1, 10_000]


def test_a_reader_cannot_write(path: Path) -> None:
    """Everything that changes the file goes through the one writing thread."""
    open_writer(path).close()
    with closing(open_reader(path)) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM jobs")


def test_a_newer_file_is_not_opened(path: Path) -> None:
    """The refusal reaches whoever starts the server, and nothing stays open."""
    with closing(open_writer(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew):
        SqliteLedger.open(path)


def test_a_place_without_write_ahead_logging_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite cannot use WAL (a network disk; here, a database in memory), the message says what to do."""
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: real(":memory:", **options))
    with pytest.raises(LedgerUnusable, match="local disk"):
        open_writer(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """Somebody's file is not overwritten."""
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        SqliteLedger.open(path)

    assert path.read_bytes() == b"not a database" * 100


def test_many_openings_of_a_new_file_at_once(path: Path) -> None:
    """Each waits for the one that makes the schema."""
    ready = threading.Barrier(8)

    def open_and_close() -> int:
        ready.wait()
        with closing(open_writer(path)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    with ThreadPoolExecutor(8) as pool:
        versions = [opening.result() for opening in [pool.submit(open_and_close) for _ in range(8)]]

    assert len(set(versions)) == 1


async def test_a_burst_of_writes_does_not_hold_up_a_read(path: Path, ledger: SqliteLedger) -> None:
    """While another process holds the write lock, reads answer and `changes` does not wait."""
    await ledger.create(a_job(), "{}")
    with closing(open_writer(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(ledger.mark("video_1", unclaimed_since=NOW))
        await asyncio.sleep(0)

        assert await ledger.get("video_1") == a_job()
        assert ledger.changes() > 0
        assert not writing.done()
        other.execute("ROLLBACK")
    await writing


async def test_changes_answers_with_what_it_saw_last_while_the_file_is_locked(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the event loop nothing waits; any other failure is told."""
    seen = ledger.changes()
    codes = iter([sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR])

    class Failing:
        def execute(self, statement: str) -> None:
            error = sqlite3.OperationalError("locked")
            error.sqlite_errorcode = next(codes)
            raise error

        def close(self) -> None:
            watcher.close()

    watcher = ledger._watcher
    monkeypatch.setattr(ledger, "_watcher", Failing())

    assert ledger.changes() == seen
    with pytest.raises(sqlite3.OperationalError):
        ledger.changes()


def _insert(connection: sqlite3.Connection, failing: str) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute(failing)


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """What raises inside leaves no trace and no lock, also if SQLite has rolled back by itself."""
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE t (x NOT NULL)")
        with pytest.raises(sqlite3.IntegrityError):
            _insert(connection, "INSERT INTO t VALUES (NULL)")
        with pytest.raises(sqlite3.IntegrityError):
            _insert(connection, "INSERT OR ROLLBACK INTO t VALUES (NULL)")

        assert connection.execute("SELECT COUNT(*) FROM t").fetchone()[0] == 0
        assert not connection.in_transaction


async def test_what_was_not_received_is_not_followed_after_the_close(path: Path) -> None:
    """A task cancelled while the ledger closes is cancelled, and nothing else is raised."""
    thread = SqliteThread(await asyncio.to_thread(open_writer, path), "test")
    followed: list[int] = []
    proceed = threading.Event()
    writing = asyncio.create_task(
        thread.write(lambda connection: proceed.wait(), unreceived=lambda connection, result: followed.append(1))
    )
    await asyncio.sleep(0)
    thread._executor.shutdown(wait=False)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    proceed.set()
    await thread.close()

    assert followed == []


async def test_a_write_that_failed_has_nothing_to_follow(path: Path) -> None:
    """If the cancelled write failed, there is no result to let go of."""
    thread = SqliteThread(await asyncio.to_thread(open_writer, path), "test")
    followed: list[int] = []

    def fail(connection: sqlite3.Connection) -> None:
        raise RuntimeError

    writing = asyncio.create_task(thread.write(fail, unreceived=lambda connection, result: followed.append(1)))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await thread.close()

    assert followed == []


def ask_of_load(jobs: Sequence[Job], load: Load, now: datetime) -> None:
    """Choose none, having asked everything."""
    at = (TARGET.credential_id, TARGET.upstream_id)
    load.active(at), load.submitted(at), load.submitted_at(at, 2)


QUESTIONS: Mapping[str, Callable[[SqliteLedger], Awaitable[object]]] = {
    "get": lambda ledger: ledger.get("video_1"),
    "spec": lambda ledger: ledger.spec("video_1"),
    "claim": lambda ledger: ledger.claim(ask_of_load, NOW),
    "claim of those alike": lambda ledger: ledger.claim(ask_of_load, NOW, Shown.FIRST_OF_LANES),
    "turns": lambda ledger: ledger.turns(),
    "shares": lambda ledger: ledger.shares("me"),
    "moved": lambda ledger: ledger.moved(0),
    "adopt": lambda ledger: ledger.adopt("me", living(), NOW, NOW),
    "beat": lambda ledger: ledger.beat("me", NOW),
    "mark": lambda ledger: ledger.mark("video_1", unclaimed_since=None),
    "repeats": lambda ledger: ledger.repeats("alice", "f", NOW),
    "waited for": lambda ledger: ledger.waited_for("alice", "f"),
    "by_key": lambda ledger: ledger.by_key("alice", "k"),
    "list": lambda ledger: ledger.list("alice", after=None, limit=20, ascending=False, source="videos"),
    "list after": lambda ledger: ledger.list("alice", after="video_1", limit=20, ascending=True, source=None),
    "delete": lambda ledger: ledger.delete("video_0"),
    "position": lambda ledger: ledger.position(a_job()),
    "census": lambda ledger: ledger.census(),
    "count": lambda ledger: ledger.count([JobState.QUEUED, JobState.RUNNING]),
    "durations": lambda ledger: ledger.durations(100),
    "next due": lambda ledger: ledger.next_due(),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_question_reads_the_whole_ledger(path: Path, ledger: SqliteLedger, question: str) -> None:
    """Every statement finds its rows by an index and in their order, so that years of jobs cost nothing.

    Only adoption sorts: what is in work, and not its owner's, is little.
    """
    await ledger.create(a_job(), "{}")
    asked: set[str] = set()
    for thread in (ledger._reader, ledger._writer):
        thread._connection.set_trace_callback(asked.add)
    await QUESTIONS[question](ledger)
    for thread in (ledger._reader, ledger._writer):
        thread._connection.set_trace_callback(None)
    statements = [statement for statement in asked if statement.split()[0] in ("SELECT", "UPDATE", "DELETE")]
    with closing(open_reader(path)) as connection:
        plans = [
            str(step["detail"])
            for statement in statements
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]

    assert plans
    costly = [plan for plan in plans if "TEMP B-TREE" in plan or (plan.startswith("SCAN") and "INDEX" not in plan)]
    assert costly == (["USE TEMP B-TREE FOR ORDER BY"] if question == "adopt" else [])


async def test_a_job_at_google_is_never_forgotten(path: Path, ledger: SqliteLedger) -> None:
    """Not even by another program's DELETE."""
    await ledger.create(a_job(), "{}")
    await ledger.claim(first(), NOW)
    with closing(open_writer(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        connection.execute("DELETE FROM jobs")


def test_those_at_google_are_counted_when_the_count_is_introduced(path: Path) -> None:
    """A ledger of an earlier version, with jobs on their way."""
    path.parent.mkdir()
    known = known_migrations()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, {version: known[version] for version in (1, 2)})
        for place, job_id in (("submitting", "a"), ("running", "b"), ("fetching", "c"), ("queued", "d")):
            sqlite_writes.create(connection, a_job_at(place, job_id), "{}")
        migrate(connection, known)
        counted = [tuple(row) for row in connection.execute("SELECT * FROM at_google")]

    assert counted == [(TARGET.credential_id, TARGET.upstream_id, 2)]


async def test_a_wrong_count_keeps_no_result_from_being_written(path: Path, ledger: SqliteLedger) -> None:
    """However it came to be wrong: a paid video matters more, and later claims go by what is counted from then on."""
    await ledger.create(a_job(), "{}")
    job = await ledger.claim(first(), NOW)
    assert job is not None
    await ledger.save(running := advance(job, ACCEPTED, NOW))
    with closing(open_writer(path)) as connection:
        connection.execute("UPDATE at_google SET jobs = 0")
    await ledger.save(found := advance(running, FOUND, NOW))

    assert await ledger.get(job.id) == found
    with closing(open_reader(path)) as connection:
        assert connection.execute("SELECT jobs FROM at_google").fetchone()[0] == 0


async def test_looking_for_work_costs_no_disk(path: Path, ledger: SqliteLedger) -> None:
    """A claim without a due job, and a beat without a job, write nothing."""
    await ledger.create(a_job(), "{}")
    await ledger.claim(first(), NOW)
    before = ledger.changes()
    await ledger.claim(first(), NOW)
    await ledger.beat("nobody", NOW)
    await ledger.mark("nobody", unclaimed_since=NOW)

    assert ledger.changes() == before
    assert await ledger.count([JobState.SUBMITTING]) == 1


def test_a_file_that_is_just_being_made(tmp_path: Path) -> None:
    """A second process that starts at the same instant waits for the first instead of dying."""
    path = tmp_path / "jobs.sqlite3"
    first = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("BEGIN EXCLUSIVE")
    letting_go = threading.Timer(0.1, first.execute, ("COMMIT",))
    letting_go.start()
    try:
        open_writer(path).close()
    finally:
        letting_go.join()
        first.close()


async def test_looking_for_changes_while_the_ledger_closes_is_harmless(path: Path) -> None:
    """A look goes on in its thread after its task was cancelled; reading a closed connection kills the process."""
    for _ in range(20):
        ledger = SqliteLedger.open(path)
        stop = threading.Event()

        def look(ledger: SqliteLedger = ledger, stop: threading.Event = stop) -> int:
            last = 0
            while not stop.is_set():
                last = ledger.changes()
            return last

        looks = [asyncio.create_task(asyncio.to_thread(look)) for _ in range(2)]
        await asyncio.sleep(0)
        await ledger.close()
        stop.set()
        assert await asyncio.gather(*looks) == [ledger.changes()] * 2


async def test_an_ended_job_is_read_once_until_somebody_writes(
    path: Path, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes, this process or another one, and whichever row: what is told is what the file says."""
    await ledger.create(a_job(), "{}")
    await ledger.cancel_queued("video_1", NOW)
    asked: list[str] = []
    job_by_id = sqlite_reads.job_by_id

    def counted(connection: sqlite3.Connection, job_id: str) -> Job | None:
        asked.append(job_id)
        return job_by_id(connection, job_id)

    monkeypatch.setattr(sqlite_reads, "job_by_id", counted)
    ended = await ledger.get("video_1")
    assert ended is not None
    assert await ledger.get("video_1") == ended
    assert len(asked) == 1

    await ledger.mark("video_1", unclaimed_since=NOW)
    marked = await ledger.get("video_1")
    assert (marked and marked.unclaimed_since, len(asked)) == (NOW, 2)

    other = await asyncio.to_thread(SqliteLedger.open, path)
    try:
        await other.create(a_job("video_2", fingerprint="e" * 64), "{}")
        assert await ledger.get("video_1") == marked
        assert await other.delete("video_1")
    finally:
        await other.close()
    assert await ledger.get("video_1") is None
    assert await ledger.get("video_2") == await ledger.get("video_2")
    assert asked == ["video_1"] * 4 + ["video_2"] * 2, "one that goes on is read each time"
