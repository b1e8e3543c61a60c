"""Opening the SQLite ledger's file: private, durable, in step with the schema."""

import sqlite3
import time
from pathlib import Path

from proxy.jobs.migrate import known_migrations, migrate

BUSY_SECONDS = 10.0
"""How long a write waits for another process's."""

_DURABLE = (
    "PRAGMA synchronous = FULL",  # in WAL mode NORMAL may lose the last commits in a power cut: an operation name
    "PRAGMA fullfsync = ON",  # macOS: plain fsync leaves data in the drive's cache (SQLite docs); no effect elsewhere
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 16777216",  # a request of 30 MB passes through the WAL; give the space back
)


class LedgerUnusable(Exception):
    """The file cannot keep the ledger's promises where it lies."""


def open_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes; makes file (0600) and folder (0700) where they are missing, and migrates.

    An existing folder keeps its mode: it may be the user's own. SQLite gives `-wal` and `-shm` the file's mode.
    Raises LedgerUnusable, SchemaTooNew.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(path)
    connection = _connect(path, timeout=BUSY_SECONDS)
    try:
        mode = _write_ahead(connection)
        if mode != "wal":
            raise LedgerUnusable(
                f"SQLite cannot use write-ahead logging for {path} (it stays in {mode} mode). "
                "Put data-dir on a local disk, not on a network file system."
            )
        for pragma in _DURABLE:
            connection.execute(pragma)
        migrate(connection, known_migrations())
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path, *, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that only reads. `timeout` in seconds."""
    connection = _connect(path, timeout=timeout)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _write_ahead(connection: sqlite3.Connection) -> str:
    """Switch to write-ahead logging and return the mode that holds then.

    Symptom: of two processes that started on a new folder at once, one died with "database is locked". SQLite does not
    call its busy handler for this switch (3.40), so the waiting is ours. Pinned by test_a_file_that_is_just_being_made.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _connect(path: Path, *, timeout: float) -> sqlite3.Connection:
    """`isolation_level=None`: transactions begin and end where the code says, not where the module guesses."""
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _make_private(path: Path) -> None:
    """Never opens an existing file: closing a descriptor drops every lock the process holds on the file.

    SQLite docs, "How To Corrupt An SQLite Database File", 2.2.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        path.chmod(0o600)
