"""One write to the SQLite ledger: all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock from the first read on, and commit at the end.

    IMMEDIATE, since a transaction that reads first and then writes can fail at once with SQLITE_BUSY, without waiting
    for the lock (SQLite docs, "Isolation In SQLite").
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk or an I/O error may have rolled back already (SQLite docs, "Transaction").
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
