"""Names that one holder has at a time, among all processes on one data folder.

One file, one byte of it for each name (fcntl(2), "Advisory record locking"): nothing to clean away, and the kernel lets
go of a dead process's names at once. Such locks exclude processes from each other and not the tasks of one, so what
this process holds is kept here as well; and closing any descriptor of the file drops them all, so there is one
`NameLocks` for a file in a process.
"""

import asyncio
import hashlib
import os
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, lockf
from pathlib import Path

TRY_EVERY = 0.02
"""Seconds between two looks at a name that another has: it is held for moments, and seldom wanted by two."""


class NameLocks:
    """The names of one file, made if missing; closed by `close`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held: set[int] = set()

    def take(self, name: str) -> bool:
        """Take a name without waiting; False if another process, or another task of this one, has it."""
        place = _place(name)
        if self._descriptor is None or place in self._held:
            return False
        try:
            lockf(self._descriptor, LOCK_EX | LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: a system's choice (fcntl(2))
            return False
        self._held.add(place)
        return True

    def release(self, name: str) -> None:
        """Give a name back."""
        place = _place(name)
        self._held.discard(place)
        if self._descriptor is not None:
            lockf(self._descriptor, LOCK_UN, 1, place)

    async def wait_for(self, name: str, *, longest: float) -> None:
        """Take a name as soon as it is free. Raises TimeoutError after `longest` seconds."""
        async with asyncio.timeout(longest):
            while not self.take(name):  # noqa: ASYNC110 - no system tells when another process lets go
                await asyncio.sleep(TRY_EVERY)

    def close(self) -> None:
        """Give every name back. May be called twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._held.clear()


def _place(name: str) -> int:
    """A byte of a file that is never that long: of 2**62 places, two names of one moment do not share one."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 2
