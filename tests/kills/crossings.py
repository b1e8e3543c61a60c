"""Boundaries of a job's life, wrapped around the program from outside: counted, written down, and deadly at one.

A boundary is a write to the ledger, a call to Google, or a step of a file on its way to the media folder. It is crossed
twice each time, `before` and `after`; a `Kill` names one crossing, at which the process ends itself by SIGKILL.
"""

import functools
import os
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Name = Callable[..., str]
"""What a crossing is called, from the arguments of the call."""


@dataclass(frozen=True, slots=True, order=True)
class Crossing:
    """One side of a boundary, the `nth` time since the process started (from 1)."""

    boundary: str
    side: str
    nth: int

    def __str__(self) -> str:
        return f"{self.side} {self.boundary} #{self.nth}"


class Crossings:
    """Counts crossings in whatever thread they happen; `diary` gets a line for each, `deadly` is the last one."""

    def __init__(self, *, deadly: Crossing | None, diary: Path | None) -> None:
        self._deadly = deadly
        self._diary = diary
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def cross(self, boundary: str, side: str) -> None:
        """Pass one side of a boundary, or die there."""
        with self._lock:
            self._counts[boundary, side] += 1
            crossing = Crossing(boundary, side, self._counts[boundary, side])
            if self._diary is not None:
                with self._diary.open("a", encoding="utf-8") as diary:
                    diary.write(f"{crossing.boundary}\t{crossing.side}\t{crossing.nth}\n")
            if crossing == self._deadly:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()  # nothing more happens in this thread until the signal has arrived


def read_diary(path: Path) -> list[Crossing]:
    """The crossings of a process, in order."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Crossing(boundary, side, int(nth)) for boundary, side, nth in rows]


def install(crossings: Crossings) -> None:
    """Wrap the program of this process."""
    import proxy.media.folder
    from proxy.jobs import sqlite_writes
    from proxy.jobs.sqlite import SqliteLedger
    from proxy.media.folder import MediaFolder
    from proxy.media.part_file import PartFile
    from proxy.upstream import Upstream

    asynchronous: tuple[tuple[Any, str, Name], ...] = (
        (SqliteLedger, "create", lambda *_: "ledger.create"),
        (SqliteLedger, "claim", lambda *_: "ledger.claim"),
        (SqliteLedger, "save", lambda _, job: f"ledger.save {job.state.value}"),
        (SqliteLedger, "adopt", lambda *_: "ledger.adopt"),
        (SqliteLedger, "reopen", lambda *_: "ledger.reopen"),
        (SqliteLedger, "mark", lambda *_, **__: "ledger.mark"),
        (Upstream, "call", lambda _, __, call, **___: f"google.{_verb(call)}"),
        (Upstream, "list_objects", lambda *_, **__: "google.list_objects"),
    )
    blocking: tuple[tuple[Any, str, Name], ...] = (
        # Inside the transaction: `after` is before the COMMIT.
        (sqlite_writes, "create", lambda *_, **__: "row.create"),
        (sqlite_writes, "write", lambda *_, **kw: f"row.write {_written(_, kw).state.value}"),
        (PartFile, "append", lambda *_, **__: "file.append"),
        (PartFile, "make_durable", lambda *_, **__: "file.make_durable"),
        (PartFile, "publish", lambda *_, **__: "file.publish"),
        (proxy.media.folder, "write_atomically", lambda *_, **__: "file.sidecar"),
        (MediaFolder, "remove", lambda *_, **__: "file.remove"),
    )
    contexts: tuple[tuple[Any, str, Name], ...] = (
        (Upstream, "stream", lambda _, __, call, **___: f"google.stream {_verb(call)}"),
        (Upstream, "open_download", lambda *_, **__: "google.download"),
    )
    for owner, attribute, name in asynchronous:
        setattr(owner, attribute, _around_coroutine(getattr(owner, attribute), name, crossings))
    for owner, attribute, name in blocking:
        setattr(owner, attribute, _around_function(getattr(owner, attribute), name, crossings))
    for owner, attribute, name in contexts:
        setattr(owner, attribute, _around_context(getattr(owner, attribute), name, crossings))


def _verb(call: Any) -> str:
    """`models/x:predictLongRunning` -> `predictLongRunning`; `GET interactions/1` -> `GET`."""
    _, colon, verb = str(call.resource).rpartition(":")
    return verb if colon else f"{call.method} {str(call.resource).partition('/')[0]}"


def _written(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return kwargs["job"] if "job" in kwargs else args[1]


def _around_coroutine(function: Callable[..., Any], name: Name, crossings: Crossings) -> Callable[..., Any]:
    @functools.wraps(function)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        boundary = name(*args, **kwargs)
        crossings.cross(boundary, "before")
        result = await function(*args, **kwargs)
        crossings.cross(boundary, "after")
        return result

    return wrapped


def _around_function(function: Callable[..., Any], name: Name, crossings: Crossings) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        boundary = name(*args, **kwargs)
        crossings.cross(boundary, "before")
        result = function(*args, **kwargs)
        crossings.cross(boundary, "after")
        return result

    return wrapped


def _around_context(
    function: Callable[..., AbstractAsyncContextManager[Any]], name: Name, crossings: Crossings
) -> Callable[..., AbstractAsyncContextManager[Any]]:
    @functools.wraps(function)
    @asynccontextmanager
    async def wrapped(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        boundary = name(*args, **kwargs)
        crossings.cross(boundary, "before")
        async with function(*args, **kwargs) as entered:
            crossings.cross(f"{boundary} (headers)", "after")
            yield entered
        crossings.cross(boundary, "after")

    return wrapped
