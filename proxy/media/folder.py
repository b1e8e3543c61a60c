"""The store's folder, as blocking calls: names, records, listing, removal. Each is made in a thread.

On disk: `<name>.mp4`, its sidecar `<name>.mp4.json`, and while it is written `<name>.mp4.part`. The sidecar is
published before the medium, so a medium that exists has its record. A medium's file time is the time it was made.
"""

import hashlib
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import JsonValue, ValidationError

from proxy.media.mime import MIME_TYPES
from proxy.media.part_file import PART_SUFFIX, PartFile, write_atomically
from proxy.media.sidecar import SIDECAR_SUFFIX, Sidecar, sidecar_path
from proxy.media.stored import MediaDamaged, MediaMissing, StoredMedia
from proxy.media.sweeping import FolderEntry

_STEM: Final = r"[A-Za-z0-9_-]{22,128}"  # 22 characters of base64url are 132 bits
_MEDIA_NAME: Final = rf"{_STEM}(?:{'|'.join(re.escape(suffix) for suffix in MIME_TYPES)})"
_MEDIA: Final = re.compile(_MEDIA_NAME)
_COMPANION: Final = re.compile(
    rf"{_MEDIA_NAME}{re.escape(SIDECAR_SUFFIX)}|(?:{_MEDIA_NAME}|{_STEM}){re.escape(PART_SUFFIX)}"
)


Identity = tuple[int, ...]
"""A medium and its record as the system knows them: the same for as long as nobody touches either."""


class MediaFolder:
    """Files of ours in `folder`; whatever else lies there is not seen and not touched."""

    def __init__(self, folder: Path, *, new_name: Callable[[], str]) -> None:
        self._folder = folder
        self._new_name = new_name

    def new_path(self, suffix: str) -> Path:
        """A path for a new medium. Raises ValueError for a suffix that is not kept or a source of poor names."""
        name = self._new_name() + suffix
        if _MEDIA.fullmatch(name) is None:
            raise ValueError(f"{name!r} is not an unguessable name with one of {', '.join(MIME_TYPES)}")
        return self._folder / name

    def path(self, name: str) -> Path:
        """Where the medium of this name lies. Raises MediaMissing for a string that is no name of ours."""
        if _MEDIA.fullmatch(name) is None:
            raise MediaMissing(f"not a media name: {name[:160]!r}")
        return self._folder / name

    def finish(
        self, part: PartFile, last_chunks: list[bytes], *, created_at: datetime, metadata: dict[str, JsonValue]
    ) -> StoredMedia:
        """Write the rest, make it durable, and publish the record and then the medium."""
        with part.lock:  # a cancelled caller discards before all of this or after it, never in between
            part.append(last_chunks)
            part.make_durable()
            sidecar = _record(part.final, part.size, part.sha256, created_at, metadata)
            self._write_sidecar(part.final, sidecar)
            part.publish(modified=created_at.timestamp())
        return sidecar.media()

    def identity(self, path: Path) -> Identity | None:
        """Which files lie there, written when; None where the record is missing. Raises MediaMissing."""
        try:
            medium = path.stat()
        except FileNotFoundError:
            raise MediaMissing(f"no such medium: {path.name!r}") from None
        try:
            record = sidecar_path(path).stat()
        except FileNotFoundError:
            return None
        return tuple(
            figure
            for status in (medium, record)
            for figure in (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        )

    def read(self, path: Path) -> Sidecar:
        """The record of a medium. Raises MediaMissing and MediaDamaged."""
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            raise MediaMissing(f"no such medium: {path.name!r}") from None
        try:
            sidecar = Sidecar.model_validate_json(sidecar_path(path).read_bytes())
        except (FileNotFoundError, ValidationError):
            return self._rebuild(path, size)
        if sidecar.size != size:
            raise MediaDamaged(f"{path.name} has {size} bytes on disk and {sidecar.size} in its record")
        return sidecar

    def annotate(self, path: Path, metadata: dict[str, JsonValue]) -> None:
        """Replace the metadata of a medium. Raises MediaMissing and MediaDamaged."""
        self._write_sidecar(path, self.read(path).model_copy(update={"metadata": metadata}))

    def entries(self) -> tuple[dict[str, FolderEntry], list[FolderEntry]]:
        """The media by name, and beside them the records and parts."""
        media: dict[str, FolderEntry] = {}
        companions: list[FolderEntry] = []
        try:
            listing = os.scandir(self._folder)
        except FileNotFoundError:
            return media, companions
        with listing:
            for item in listing:
                try:
                    status = item.stat()
                except FileNotFoundError:  # another process swept or published it meanwhile
                    continue
                modified = datetime.fromtimestamp(status.st_mtime, UTC)
                entry = FolderEntry(name=item.name, size=status.st_size, modified=modified)
                if _MEDIA.fullmatch(item.name):
                    media[item.name] = entry
                elif _COMPANION.fullmatch(item.name):
                    companions.append(entry)
        return media, companions

    def used(self) -> int:
        """Bytes of all our files, unfinished ones too."""
        media, companions = self.entries()
        return sum(entry.size for entry in (*media.values(), *companions))

    def remove(self, name: str) -> bool:
        """Remove a medium and its record; False if it was gone already.

        The medium goes first: a lone record is swept up, a lone medium would come back to life by `_rebuild`.
        """
        try:
            (self._folder / name).unlink()
        except FileNotFoundError:
            return False
        self.remove_leftover(name + SIDECAR_SUFFIX)
        return True

    def remove_leftover(self, name: str) -> None:
        """Remove a part or a lone record, if another process has not."""
        (self._folder / name).unlink(missing_ok=True)

    def _write_sidecar(self, path: Path, sidecar: Sidecar) -> None:
        write_atomically(sidecar_path(path), sidecar.content(), temporary_name=self._new_name())

    def _rebuild(self, path: Path, size: int) -> Sidecar:
        """A medium without a readable record is still the medium: hash it again rather than lose it."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        sidecar = _record(path, size, sha256, datetime.fromtimestamp(path.stat().st_mtime, UTC), {})
        self._write_sidecar(path, sidecar)
        return sidecar


def _record(path: Path, size: int, sha256: str, created_at: datetime, metadata: dict[str, JsonValue]) -> Sidecar:
    return Sidecar(
        name=path.name,
        size=size,
        sha256=sha256,
        mime_type=MIME_TYPES[path.suffix],
        created_at=created_at,
        metadata=metadata,
    )
