"""Whose an interaction is, and which credential can see it: one small private file each, by the hash of its id.

For interactions that make no video; those that do are jobs. Google keeps an interaction for up to 55 days (Gemini API
docs, "Interactions", 2026-11), and for as long it is remembered here.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from translators.wire.call import Surface

KEPT_FOR = timedelta(days=55)
_SWEPT_EVERY = timedelta(days=1)


class Owned(BaseModel):
    """One interaction: who asked for it, and by which credential and as what Google knows it."""

    model_config = ConfigDict(frozen=True)

    interaction_id: str
    caller: str
    credential_id: str
    surface: Surface
    model: str


class OwnedInteractions:
    """A folder of them; `now` tells an aware time."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now
        self._swept: datetime | None = None

    async def put(self, owned: Owned) -> None:
        """Remember one; whole or not at all. Raises OSError."""
        await asyncio.to_thread(self._put, owned)

    async def find(self, interaction_id: str, caller: str) -> Owned | None:
        """The caller's own interaction; None for another's, for one never seen, and for a file that is damaged."""
        owned = await asyncio.to_thread(self._read, interaction_id)
        return owned if owned is not None and (owned.caller, owned.interaction_id) == (caller, interaction_id) else None

    async def remove(self, interaction_id: str) -> None:
        """It is gone at Google."""
        await asyncio.to_thread(self._path(interaction_id).unlink, missing_ok=True)

    def _put(self, owned: Owned) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        path = self._path(owned.interaction_id)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(owned.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def _read(self, interaction_id: str) -> Owned | None:
        try:
            return Owned.model_validate_json(self._path(interaction_id).read_bytes())
        except (OSError, ValidationError):
            return None

    def _sweep(self) -> None:
        now = self._now()
        if self._swept is not None and now - self._swept < _SWEPT_EVERY:
            return
        self._swept = now
        oldest = (now - KEPT_FOR).timestamp()
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _path(self, interaction_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(interaction_id.encode('utf-8', 'surrogatepass')).hexdigest()}.json"
