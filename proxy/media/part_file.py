"""A file that appears whole under its name or not at all, also when the machine stops in between.

Everything here blocks: call it in a thread. A lock orders the calls, because a cancelled `asyncio.to_thread` leaves its
thread running while the coroutine already cleans up; who makes several calls that belong together holds it meanwhile.
"""

import hashlib
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PART_SUFFIX = ".part"


class PartDiscarded(Exception):
    """The write was given up (its task was cancelled) before this call came."""


class PartFile:
    """Bytes on their way to `final`; until `publish` they lie in `final` + `.part`, hashed and counted as they come."""

    def __init__(self, final: Path) -> None:
        self.final = final
        self.size = 0
        self._part = final.with_name(final.name + PART_SUFFIX)
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._discarded = False
        self.lock = threading.RLock()

    @property
    def sha256(self) -> str:
        """The hash of what was written so far, in lower-case hex."""
        return self._hash.hexdigest()

    def append(self, chunks: Iterable[bytes]) -> None:
        """Write the chunks, in order. Raises FileExistsError if the name is taken or being written by anyone."""
        with self.lock:
            file = self._opened()
            for chunk in chunks:
                self._hash.update(chunk)
                file.write(chunk)
                self.size += len(chunk)

    def make_durable(self) -> None:
        """Return once every byte is on the disk."""
        with self.lock:
            file = self._opened()
            file.flush()
            os.fsync(file.fileno())

    def publish(self, *, modified: float) -> None:
        """Give the file its name, with `modified` (seconds since 1970) as its time. Call `make_durable` before."""
        with self.lock:
            file = self._opened()
            file.close()
            os.utime(self._part, (modified, modified))
            self._part.rename(self.final)
            sync_folder(self.final.parent)

    def discard(self) -> bool:
        """Leave nothing behind; a name published by a call that nobody awaited goes too. False if nothing was ours."""
        with self.lock:
            self._discarded = True
            if self._file is None:
                return False
            with suppress(OSError):  # a full disk fails the flush inside close; the file goes all the same
                self._file.close()
            self._part.unlink(missing_ok=True)
            self.final.unlink(missing_ok=True)
            return True

    def _opened(self) -> BinaryIO:
        if self._discarded:
            raise PartDiscarded
        if self._file is None:
            self.final.parent.mkdir(parents=True, exist_ok=True)
            # Whoever holds the .part holds the name: nobody else can publish it, so looking first is no race.
            file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            if self.final.exists():
                file.close()
                self._part.unlink()
                raise FileExistsError(self.final)
            self._file = file
        return self._file


def write_atomically(final: Path, content: bytes, *, temporary_name: str) -> None:
    """Replace `final` by `content`, durably; a reader sees the old file or the new one, never a mixture."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(temporary_name + PART_SUFFIX)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder durable: POSIX keeps a name in its directory, which has its own fsync."""
    if os.name == "nt":  # Windows opens no directories, and its renames are journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
