"""The Files API's shelf: what was generated or uploaded, until it expires."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from proxy.simulator.errors import GoogleError, file_forbidden, invalid
from proxy.simulator.media.studio import Media, Studio
from proxy.simulator.settings import Clock

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
"""Gemini API reference, File.name, 2026-11."""


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
    owner: str | None = field(default=None, repr=False)
    """The API key that uploaded it: no other one reads it. None: whoever knows the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an uploader says of a file."""

    mime_type: str
    display_name: str | None = None
    name: str | None = None
    """The id it shall have; None: Google chooses."""
    owner: str | None = field(default=None, repr=False)


@dataclass(slots=True, kw_only=True)
class Upload:
    """A resumable upload that has begun."""

    described: Description
    content: bytearray = field(default_factory=bytearray)


class FileShelf:
    """All files of one simulated Gemini API."""

    def __init__(self, clock: Clock, retention: timedelta, processing: timedelta = timedelta()) -> None:
        self._clock = clock
        self._retention = retention
        self._processing = processing
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
        described: Description | None = None,
    ) -> StoredFile:
        """Shelve a file; it is ACTIVE from `ready_at`, by default now."""
        ready = ready_at or self._clock()
        stored = StoredFile(
            id=(described and described.name) or secrets.token_hex(6),
            media=media,
            mime_type=mime_type,
            generated=generated,
            created_at=min(ready, self._clock()),
            ready_at=ready,
            expires_at=ready + self._retention,
            display_name=described.display_name if described else None,
            owner=described.owner if described else None,
        )
        self._files[stored.id] = stored
        return stored

    def get(self, file_id: str, key: str | None = None) -> StoredFile:
        """A file that `key` may read and is still there. Raises GoogleError 403 for any other: Google tells no why."""
        stored = self._files.get(file_id)
        if stored is None or stored.expires_at <= self._clock() or stored.owner not in (None, key):
            raise file_forbidden(file_id)
        return stored

    def uploaded_by(self, key: str | None) -> list[StoredFile]:
        """What this key may read, oldest first."""
        now = self._clock()
        return [file for file in self._files.values() if file.expires_at > now and file.owner in (None, key)]

    def find(self, uri: str, key: str | None) -> Media | None:
        """What a `.../files/ID` or `.../files/ID:download?alt=media` URI names, if `key` may use it now."""
        try:
            stored = self.get(file_id_in(uri), key)
        except GoogleError:
            return None
        return stored.media if self.is_active(stored) else None

    def expire(self, file_id: str) -> None:
        """Let a file be gone now."""
        if file_id in self._files:
            self._files[file_id].expires_at = self._clock()

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
        file_id = self._passes[ticket]
        return self.get(file_id, self._files[file_id].owner)

    def check_name(self, name: str | None) -> None:
        """Raises GoogleError for a name that cannot be one (400), or is taken (409)."""
        if name is None:
            return
        if _NAME.fullmatch(name) is None:
            raise invalid(f"* File.name: File name must be lowercase alphanumeric or dashes: files/{name}")
        if name in self._files and self._files[name].expires_at > self._clock():
            raise GoogleError(409, f"Requested entity already exists: files/{name}", rpc="ALREADY_EXISTS")

    def begin_upload(self, described: Description) -> str:
        """Begin a resumable upload; returns its session id."""
        session = secrets.token_urlsafe(18)
        self._uploads[session] = Upload(described=described)
        return session

    def received(self, session: str) -> int:
        """How many bytes of an upload are here. Raises GoogleError 400 for an unknown session."""
        upload = self._uploads.get(session)
        if upload is None:
            raise invalid("Unknown upload session.")
        return len(upload.content)

    def cancel(self, session: str) -> None:
        """Forget an upload."""
        self._uploads.pop(session, None)

    def append(self, session: str, offset: int, chunk: bytes) -> None:
        """Add a chunk. Raises GoogleError 400 for an unknown session or a gap."""
        self.received(session)
        upload = self._uploads[session]
        if offset != len(upload.content):
            raise invalid(f"Upload offset {offset} does not match the {len(upload.content)} bytes received.")
        upload.content += chunk

    def finish(self, session: str) -> StoredFile:
        """Turn an upload into a file. Raises GoogleError 400 for an unknown session."""
        self.received(session)
        upload = self._uploads.pop(session)
        return self.shelve(bytes(upload.content), upload.described)

    def shelve(self, content: bytes, described: Description) -> StoredFile:
        """Keep an uploaded file; it is looked at for a while before it can be used."""
        ready = self._clock() + self._processing
        return self.put(content, described.mime_type, generated=False, ready_at=ready, described=described)


def file_id_in(uri: str) -> str:
    """The id in a file's URI; empty if it has none."""
    return uri.partition("/files/")[2].partition(":")[0].partition("?")[0]


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
