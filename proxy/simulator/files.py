"""The Files API's shelf: what was generated or uploaded, until it expires."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from proxy.simulator.errors import file_forbidden, invalid
from proxy.simulator.media.studio import Media, Studio
from proxy.simulator.settings import Clock


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """One file; PROCESSING until `ready_at`, gone at `expires_at`."""

    id: str
    media: Media
    mime_type: str
    generated: bool
    created_at: datetime
    ready_at: datetime
    expires_at: datetime
    display_name: str | None = None


@dataclass(slots=True, kw_only=True)
class Upload:
    """A resumable upload that has begun."""

    mime_type: str
    display_name: str | None
    content: bytearray = field(default_factory=bytearray)


class FileShelf:
    """All files of one simulated Gemini API."""

    def __init__(self, clock: Clock, retention: timedelta) -> None:
        self._clock = clock
        self._retention = retention
        self._files: dict[str, StoredFile] = {}
        self._uploads: dict[str, Upload] = {}
        self._passes: dict[str, str] = {}

    def put(
        self,
        media: Media,
        mime_type: str,
        *,
        generated: bool,
        ready_at: datetime | None = None,
        display_name: str | None = None,
    ) -> StoredFile:
        """Shelve a file; it is ACTIVE from `ready_at`, by default now."""
        ready = ready_at or self._clock()
        stored = StoredFile(
            id=secrets.token_hex(6),
            media=media,
            mime_type=mime_type,
            generated=generated,
            created_at=min(ready, self._clock()),
            ready_at=ready,
            expires_at=ready + self._retention,
            display_name=display_name,
        )
        self._files[stored.id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile:
        """A file that is still there. Raises GoogleError 403 for any other: Google does not tell why."""
        stored = self._files.get(file_id)
        if stored is None or stored.expires_at <= self._clock():
            raise file_forbidden(file_id)
        return stored

    def find(self, uri: str) -> Media | None:
        """What a `.../files/ID` or `.../files/ID:download?alt=media` URI names, if it is still there."""
        file_id = uri.partition("/files/")[2].partition(":")[0].partition("?")[0]
        stored = self._files.get(file_id)
        return stored.media if stored is not None and stored.expires_at > self._clock() else None

    def expire(self, file_id: str) -> None:
        """Let a file be gone now."""
        self.get(file_id).expires_at = self._clock()

    def is_active(self, stored: StoredFile) -> bool:
        """Whether a file can be downloaded."""
        return stored.ready_at <= self._clock()

    def download_pass(self, file_id: str) -> str:
        """A one-file ticket, as the signature in a redirect's URL: who has it needs no key."""
        ticket = secrets.token_urlsafe(18)
        self._passes[ticket] = file_id
        return ticket

    def redeem(self, ticket: str) -> StoredFile:
        """The file a ticket is for. Raises GoogleError 403."""
        if ticket not in self._passes:
            raise file_forbidden("of this URL")
        return self.get(self._passes[ticket])

    def begin_upload(self, mime_type: str, display_name: str | None) -> str:
        """Begin a resumable upload; returns its session id."""
        session = secrets.token_urlsafe(18)
        self._uploads[session] = Upload(mime_type=mime_type, display_name=display_name)
        return session

    def append(self, session: str, offset: int, chunk: bytes) -> None:
        """Add a chunk. Raises GoogleError 400 for an unknown session or a gap."""
        upload = self._uploads.get(session)
        if upload is None:
            raise invalid("Unknown upload session.")
        if offset != len(upload.content):
            raise invalid(f"Upload offset {offset} does not match the {len(upload.content)} bytes received.")
        upload.content += chunk

    def finish(self, session: str) -> StoredFile:
        """Turn an upload into a file."""
        upload = self._uploads.pop(session)
        return self.put(bytes(upload.content), upload.mime_type, generated=False, display_name=upload.display_name)


async def file_json(stored: StoredFile, studio: Studio, base_url: str, *, active: bool) -> dict[str, Any]:
    """A file's metadata; size and hash are there once it is ACTIVE."""
    uri = f"{base_url}/v1beta/files/{stored.id}"
    body: dict[str, Any] = {
        "name": f"files/{stored.id}",
        "mimeType": stored.mime_type,
        "createTime": stamp(stored.created_at),
        "updateTime": stamp(stored.created_at),
        "expirationTime": stamp(stored.expires_at),
        "uri": uri,
        "state": "ACTIVE" if active else "PROCESSING",
        "source": "GENERATED" if stored.generated else "UPLOADED",
    }
    if stored.display_name is not None:
        body["displayName"] = stored.display_name
    if active:
        content = await studio.make(stored.media)
        body["sizeBytes"] = str(len(content))
        body["sha256Hash"] = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
        if stored.generated:
            body["downloadUri"] = f"{uri}:download?alt=media"
    return body


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, as protobuf's JSON writes it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
