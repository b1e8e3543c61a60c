"""Callbacks that are still owed, one small file each, so that a restart does not forget them.

Blocking calls: each is made in a thread. The files hold callers' addresses, which may hold tokens of theirs: 0600.
"""

import os
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Owed(BaseModel):
    """One callback: for which job, where to, and under which address the caller knows this server."""

    model_config = ConfigDict(frozen=True)

    job_id: str
    caller: str
    url: str = Field(repr=False)
    base_url: str


class Outbox:
    """A folder of owed callbacks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, owed: Owed) -> None:
        """Remember a callback; whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(owed.job_id)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(owed.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def remove(self, job_id: str) -> None:
        """It was delivered, or given up."""
        self._path(job_id).unlink(missing_ok=True)

    def all(self) -> list[Owed]:
        """Everything owed; a file that cannot be read is left alone."""
        read = (_read(path) for path in sorted(self._folder.glob("*.json")))
        return [owed for owed in read if owed is not None]

    def get(self, job_id: str) -> Owed | None:
        """What is still owed for a job."""
        return _read(self._path(job_id))

    def _path(self, job_id: str) -> Path:
        if _NAME.fullmatch(job_id) is None:
            raise ValueError(f"{job_id!r} is no job id")
        return self._folder / f"{job_id}.json"


def _read(path: Path) -> Owed | None:
    try:
        return Owed.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
