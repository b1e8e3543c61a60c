"""Resumable uploads that have begun: one small file for each, so that a restart, or another process, can go on.

    <data-dir>/uploads/<token>.json

The token is in the address that the uploader was given: who has it may write, as at Google, and google-genai shows no
key with the bytes (3.4.0 and 2.19). Google's own address of the session, which is such a permission too, stays in here.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from proxy.media.part_file import write_atomically

LIFETIME = timedelta(days=1)
"""How long an upload may take."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class UploadSession(BaseModel):
    """An upload on its way: whose, to which credential's store, under which id, and where Google takes the bytes."""

    model_config = ConfigDict(frozen=True)

    token: str = Field(repr=False)
    caller: str
    credential: str
    file_id: str
    address: str = Field(repr=False)
    begun_at: AwareDatetime


class UploadSessions:
    """The sessions below one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime],
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(24),
    ) -> None:
        self._folder = folder
        self._now = now
        self._new_token = new_token

    async def begin(self, *, caller: str, credential: str, file_id: str, address: str) -> UploadSession:
        """Remember a session, durably, under a token that nobody can guess."""
        session = UploadSession(
            token=self._new_token(),
            caller=caller,
            credential=credential,
            file_id=file_id,
            address=address,
            begun_at=self._now(),
        )
        await asyncio.to_thread(self._write, session)
        return session

    async def find(self, token: str) -> UploadSession | None:
        """The session of this token, while it may still go on."""
        return await asyncio.to_thread(self._read, self._path(token)) if _TOKEN.fullmatch(token) else None

    async def end(self, session: UploadSession) -> None:
        """It is complete, or given up."""
        await asyncio.to_thread(self._path(session.token).unlink, missing_ok=True)

    def _write(self, session: UploadSession) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.glob("*.json"):
            if self._read(path) is None:
                path.unlink(missing_ok=True)
        path = self._path(session.token)
        write_atomically(path, session.model_dump_json().encode(), temporary_name=f"{path.name}.{secrets.token_hex(8)}")

    def _read(self, path: Path) -> UploadSession | None:
        try:
            session = UploadSession.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        return session if session.begun_at + LIFETIME > self._now() else None

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.json"
