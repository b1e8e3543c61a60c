"""Which file of which caller lies at Google under which name, by which credential: one small file for each.

    <data-dir>/files/<caller>/<id>.json

A caller sees its own folder alone. The rows outlive restarts, and go when Google's file does. Only the credential that
uploaded a file can read it (Gemini API docs, Files, 2026-11), so its public id stands in the row.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from proxy.media.part_file import write_atomically

LIFETIME = timedelta(hours=48)
"""How long Google keeps a file that it names no end for (Gemini API docs, Files, 2026-11)."""

_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_ID = re.compile(r"[a-z0-9-]{1,40}")


class UploadedFile(BaseModel):
    """One uploaded file. `google` is Google's own description of it, as it was last seen."""

    model_config = ConfigDict(frozen=True)

    id: str
    caller: str
    credential: str
    created_at: AwareDatetime
    expires_at: AwareDatetime
    google: dict[str, Any]

    @property
    def resource(self) -> str:
        """Google's name of it, `files/...`."""
        return str(self.google.get("name"))

    @property
    def uri(self) -> str:
        """Google's address of it."""
        return str(self.google.get("uri"))

    @property
    def mime_type(self) -> str | None:
        """Its type."""
        said = self.google.get("mimeType")
        return said if isinstance(said, str) else None


class FileRegister:
    """The rows below one folder; an expired one is as good as none."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    async def put(self, file: UploadedFile) -> None:
        """Write a row, durably; the caller's expired ones are cleared away."""
        await asyncio.to_thread(self._put, file)

    async def get(self, caller: str, file_id: str) -> UploadedFile | None:
        """The caller's own file; another's is as good as none."""
        return await asyncio.to_thread(self._read, self._path(caller, file_id)) if _ID.fullmatch(file_id) else None

    async def of(self, caller: str) -> list[UploadedFile]:
        """The caller's files, the newest first."""
        rows = await asyncio.to_thread(self._rows, self._caller_folder(caller))
        return sorted(rows, key=lambda file: (file.created_at, file.id), reverse=True)

    async def at(self, resource: str) -> UploadedFile | None:
        """Whosever file Google knows by this name (`files/...`)."""
        rows = await asyncio.to_thread(self._rows, self._folder, "*/*.json")
        return next((file for file in rows if file.resource == resource), None)

    async def remove(self, file: UploadedFile) -> None:
        """Forget it."""
        await asyncio.to_thread(self._path(file.caller, file.id).unlink, missing_ok=True)

    def _put(self, file: UploadedFile) -> None:
        path = self._path(file.caller, file.id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in path.parent.glob("*.json"):
            if self._read(other) is None:
                other.unlink(missing_ok=True)
        write_atomically(path, file.model_dump_json().encode(), temporary_name=f"{path.name}.{secrets.token_hex(8)}")

    def _rows(self, folder: Path, pattern: str = "*.json") -> list[UploadedFile]:
        return [row for path in folder.glob(pattern) if (row := self._read(path)) is not None]

    def _read(self, path: Path) -> UploadedFile | None:
        try:
            row = UploadedFile.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        return row if row.expires_at > self._now() else None

    def _path(self, caller: str, file_id: str) -> Path:
        if _ID.fullmatch(file_id) is None:
            raise ValueError(f"{file_id!r} is no file's id")
        return self._caller_folder(caller) / f"{file_id}.json"

    def _caller_folder(self, caller: str) -> Path:
        if _FOLDER.fullmatch(caller) is None:
            raise ValueError(f"{caller!r} is no caller's id")
        return self._folder / caller
