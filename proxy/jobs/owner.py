"""Which process owns a job, and whether it still lives.

A process holds an flock on a file of its own for as long as it lives; the kernel lets go of it however the process
ends. So the jobs of a killed process are taken up by the next start at once, without waiting for a lease. A process
that is only stopped keeps its lock: it loses its jobs by the lease, and the epoch fences what it writes afterwards.
"""

import os
import re
import secrets
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from types import TracebackType
from typing import Self

_ID = re.compile("[0-9a-f]{16}")


class Owner:
    """This process, as a ledger knows it: `id` is random and never used twice."""

    def __init__(self, owner_id: str, folder: Path, descriptor: int) -> None:
        self.id = owner_id
        self._folder = folder
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """A new identity among those below `folder`/owners; what dead ones left there is cleared away."""
        owners = folder / "owners"
        owners.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in owners.glob("*.lock"):
            _lives(left)
        owner_id = secrets.token_hex(8)
        return cls(owner_id, owners, _locked(owners / f"{owner_id}.lock"))

    def alive(self, owner_id: str) -> bool:
        """Whether the process of this id still runs; clears its file away if not. No id of ours: nobody runs."""
        return _ID.fullmatch(owner_id) is not None and _lives(self._folder / f"{owner_id}.lock")

    def has_company(self) -> bool:
        """Whether other processes have an identity here, dead ones that nobody has cleared away among them."""
        return any(path.stem != self.id for path in self._folder.glob("*.lock"))

    def close(self) -> None:
        """Give the identity up. May be called twice."""
        if self._descriptor is None:
            return
        # Unlinked while it is locked: nobody finds a free file under a name that was alive.
        (self._folder / f"{self.id}.lock").unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _locked(path: Path) -> int:
    """A descriptor that holds the lock of a new file.

    Between the making and the locking another process may take the file for a dead one's and clear it away; a lock on
    a file without a name would be worth nothing, so look, and make it again.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        flock(descriptor, LOCK_EX)
        if _named(path, descriptor):
            os.write(descriptor, f"{os.getpid()}\n".encode())  # for people who look; nothing reads it
            return descriptor
        os.close(descriptor)


def _named(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _lives(path: Path) -> bool:
    """Whether somebody holds the lock of this file; unlinks it if nobody does."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
