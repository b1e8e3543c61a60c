"""What the SQLite ledger tells a claim of the load at Google: each answer by a step down an index, however many run."""

import sqlite3
from datetime import datetime

from proxy.jobs.ledger import RATE_WINDOW, Load
from proxy.jobs.rows import from_instant, to_instant


class SqliteLoad(Load):
    """The load at one moment, read within the transaction of a claim."""

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self._connection = connection
        self._since = to_instant(now - RATE_WINDOW)

    def active(self, at: tuple[str, str]) -> int:
        """Kept by the triggers of 0003: a count of ten thousand rows takes a millisecond."""
        row = self._connection.execute(
            "SELECT jobs FROM at_google WHERE credential_id = ? AND upstream_id = ?", at
        ).fetchone()
        return 0 if row is None else int(row[0])

    def submitted(self, at: tuple[str, str]) -> int:
        """Counted: as many as there were within the minute."""
        row = self._connection.execute(
            """
            SELECT COUNT(*) FROM jobs INDEXED BY jobs_submitted_at
            WHERE credential_id = ? AND upstream_id = ? AND submitted_at > ?
            """,
            (*at, self._since),
        ).fetchone()
        return int(row[0])

    def submitted_at(self, at: tuple[str, str], number: int) -> datetime | None:
        """At most `number` steps along the index."""
        row = self._connection.execute(
            """
            SELECT submitted_at FROM jobs INDEXED BY jobs_submitted_at
            WHERE credential_id = ? AND upstream_id = ? AND submitted_at > ?
            ORDER BY submitted_at DESC LIMIT 1 OFFSET ?
            """,
            (*at, self._since, number - 1),
        ).fetchone()
        return None if row is None else from_instant(row[0])
