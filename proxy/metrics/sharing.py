"""Several workers, one answer: each writes what it has counted into a file, and whoever is asked adds the others'.

    <data-dir>/metrics/<run>/<worker>.json    one run of a supervisor; `<worker>` is an id that is never used twice

A worker that has died leaves its file, so that its counts stay in the sum for as long as the run lasts. Before a worker
answers it writes its own: what has once been told is never taken back, however the worker ends.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ValidationError

from proxy.metrics.snapshot import Snapshot

log = logging.getLogger("mediashim")

PUBLISH_EVERY = 2.0
"""Seconds between two looks at whether there is something new to write."""


class Published(BaseModel):
    """A worker's file."""

    pid: int
    snapshot: Snapshot


class Sharing:
    """One worker's file among those of its run. `alive` says whether a worker of a name still runs."""

    def __init__(self, folder: Path, name: str, alive: Callable[[str], bool]) -> None:
        self._folder = folder
        self._name = name
        self._alive = alive
        self._offered = b""
        self._number = 0
        self._written = 0
        self._writing = threading.Lock()

    async def publish(self, take: Callable[[], Snapshot]) -> Snapshot:
        """Write what `take` says, unless it is what was written last; the snapshot, written or not."""
        snapshot = take()
        text = Published(pid=os.getpid(), snapshot=snapshot).model_dump_json().encode()
        if text != self._offered:
            self._offered = text
            self._number += 1
            await asyncio.to_thread(self._write, text, self._number)
        return snapshot

    async def others(self) -> list[Published]:
        """What the others have written; of those that live no more, without what is so no more (and pid 0)."""
        return await asyncio.to_thread(self._read)

    def _write(self, text: bytes, number: int) -> None:
        # Not synced to the disk: after the machine's own end there is no sum to go on with.
        with self._writing:
            if number < self._written:  # a thread that was overtaken
                return
            try:
                temporary = self._folder / f"{self._name}.part"
                temporary.write_bytes(text)
                temporary.replace(self._folder / f"{self._name}.json")
            except OSError as error:
                log.warning("the counts of this worker cannot be written: %s", error.strerror)
            self._written = number

    def _read(self) -> list[Published]:
        return [self._one(path) for path in sorted(self._folder.glob("*.json")) if path.stem != self._name]

    def _one(self, path: Path) -> Published:
        try:
            published = Published.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            log.warning("the counts in %s are left out: %s", path.name, type(error).__name__)
            return Published(pid=0, snapshot=Snapshot())
        if self._alive(path.stem):
            return published
        return Published(pid=0, snapshot=published.snapshot.without_gauges())
