"""The product's ledger, looked at from outside."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

STEP = 0.1


class NeverCame(Exception):
    """Not all jobs came in time; the message has how many did."""


def jobs_in(folder: Path, *states: str) -> int:
    """How many jobs a data folder has, in some states or in any."""
    path = folder / "data" / "jobs.sqlite3"
    if not path.exists():
        return 0
    marks = f" WHERE state IN ({','.join('?' * len(states))})" if states else ""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as ledger:
        found: int = ledger.execute(f"SELECT COUNT(*) FROM jobs{marks}", states).fetchone()[0]
        return found


def await_jobs(folder: Path, count: int, *states: str, patience: float) -> float:
    """Seconds until there are so many. Raises NeverCame."""
    began = time.monotonic()
    while (found := jobs_in(folder, *states)) < count:
        if time.monotonic() - began > patience:
            raise NeverCame(f"{found} of {count} jobs are {' or '.join(states) or 'there'} after {patience:.0f} s")
        time.sleep(STEP)
    return time.monotonic() - began
