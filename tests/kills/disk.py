"""What is on the disk between two lives of a proxy, and whether all of it is possible."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from proxy.jobs.job import Job, JobState
from proxy.jobs.rows import from_row
from proxy.media.store import MediaStore


def jobs_on_disk(data_dir: Path) -> list[Job]:
    """The rows as they stand; each has passed the constraints of the schema and makes a whole job."""
    path = data_dir / "jobs.sqlite3"
    if not path.exists():
        return []
    with closing(_opened(path)) as connection:
        if connection.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'jobs'").fetchone()[0] == 0:
            return []
        return [from_row(row) for row in connection.execute("SELECT * FROM jobs ORDER BY created_at")]


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    connection.row_factory = sqlite3.Row
    return connection


def adrift(jobs: list[Job], dead_owners: set[str]) -> list[str]:
    """Jobs in work that no living process owns."""
    return [job.id for job in jobs if job.adoptable and (job.owner is None or job.owner in dead_owners)]


async def damage(data_dir: Path) -> list[str]:
    """Everything that is wrong with the folder of a proxy that is dead and will not come back."""
    return [*_damaged_ledger(data_dir), *[trouble async for trouble in _damaged_media(data_dir)]]


def _damaged_ledger(data_dir: Path) -> Iterator[str]:
    with closing(_opened(data_dir / "jobs.sqlite3")) as connection:
        for (finding,) in connection.execute("PRAGMA integrity_check"):
            if finding != "ok":
                yield f"integrity_check: {finding}"
        yield from (f"foreign_key_check: {tuple(row)}" for row in connection.execute("PRAGMA foreign_key_check"))
        unneeded = "SELECT job_id FROM specs JOIN jobs ON id = job_id WHERE finished_at IS NOT NULL"
        yield from (f"the request of the ended job {row[0]} is still stored" for row in connection.execute(unneeded))


async def _damaged_media(data_dir: Path) -> AsyncIterator[str]:
    jobs = jobs_on_disk(data_dir)
    wanted = {entry.name for job in jobs for entry in job.media}
    folder = data_dir / "media"
    for job in jobs:
        if not job.ended:
            yield f"{job.id} is still {job.state.value}"
        if job.state is JobState.COMPLETED and job.operation is None and job.storage_prefix is None:
            yield f"{job.id} has a video that came from nowhere"
        for entry in job.media:
            content = (folder / entry.name).read_bytes()
            if hashlib.sha256(content).hexdigest() != entry.sha256:
                yield f"{entry.name} is not what its row says"
    await MediaStore(folder).sweep(datetime.now(UTC) + timedelta(hours=2), keep=wanted)
    for part in folder.glob("*.part") if folder.exists() else ():
        yield f"{part.name} outlives a sweep"
