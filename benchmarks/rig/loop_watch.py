"""A server under watch: how long each step of its event loop ran, and how late the loop turned.

    python -m benchmarks.rig.loop_watch REPORT MODULE [WORD ...]

Runs MODULE as `python -m` does, on asyncio's own loop, whose every callback is timed. SIGUSR1 writes REPORT (JSON) and
begins anew; a hold is named by its task and by where the task was before and after, innermost place last.

Two clocks, as each is blind to something. `cpu_ms` is the loop's thread's own processor time: no neighbour of the
machine is in it, and nothing that another thread does. `late_ms` is by how much a timer of 1 ms came too late: it also
has the time for which a thread held the interpreter's lock, and whatever else kept the loop from running.
"""

import asyncio
import heapq
import json
import os
import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

from uvicorn.loops import auto

MOST = 10
"""Holds that a report tells, the longest first."""
WORTH_NAMING = 300_000
"""Nanoseconds; a shorter hold has no name in a report."""
TICK = 0.001


class Watch:
    """The longest holds since the last report."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self._forget()

    def _forget(self) -> None:
        self._holds: list[tuple[int, int, str]] = []
        self._late = 0.0

    def run(self, handle: asyncio.Handle, plain: Any) -> None:
        """One callback, timed."""
        task = getattr(getattr(handle, "_callback", None), "__self__", None)
        before = place_of(task) if isinstance(task, asyncio.Task) else ""
        walls, began = time.perf_counter_ns(), time.thread_time_ns()
        plain(handle)
        spent = time.thread_time_ns() - began
        if spent < WORTH_NAMING or (len(self._holds) == MOST and spent <= self._holds[0][0]):
            return
        after = f"{before} -> {place_of(task)}" if isinstance(task, asyncio.Task) else repr(handle)
        entry = (spent, time.perf_counter_ns() - walls, after)
        (heapq.heappush if len(self._holds) < MOST else heapq.heapreplace)(self._holds, entry)

    async def tick(self) -> None:
        """Keep a timer and see by how much it is late, for ever."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.tell)
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self._late = max(self._late, time.perf_counter() - due)

    def tell(self) -> None:
        """Write the report and begin anew."""
        holds = [{"cpu_ms": cpu / 1e6, "wall_ms": wall / 1e6, "what": what} for cpu, wall, what in self._holds]
        told = {"late_ms": self._late * 1000, "holds": sorted(holds, key=lambda hold: -hold["cpu_ms"])}
        self._forget()
        fresh = self._report.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(told))
        fresh.replace(self._report)


def place_of(task: "asyncio.Task[Any]") -> str:
    """The task's coroutine, and the innermost place at which it waits."""
    coroutine: Any = task.get_coro()
    named = getattr(coroutine, "__qualname__", repr(coroutine))
    inner, frame = coroutine, None
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "ag_frame", None) or frame
        inner = getattr(inner, "cr_await", None) or getattr(inner, "ag_await", None)
    if frame is None:
        return f"{named} ended"
    return f"{named} @ {Path(frame.f_code.co_filename).stem}:{frame.f_lineno}"


class _Loop(asyncio.SelectorEventLoop):
    """asyncio's loop with a ticking task; the watch is set by `main`."""

    watch: Watch

    def run_until_complete(self, future: Any) -> Any:
        """As ever, ticking meanwhile."""
        ticking = self.create_task(self.watch.tick())
        try:
            return super().run_until_complete(future)
        finally:
            ticking.cancel()


def main() -> None:
    """Run the module."""
    report, module, *words = sys.argv[1:]
    watch = _Loop.watch = Watch(Path(report))
    plain = asyncio.Handle._run
    asyncio.Handle._run = lambda handle: watch.run(handle, plain)  # type: ignore[method-assign,attr-defined]
    # Both the product and the floor choose their loop here or by uvloop.run, which is one of C that nobody can time.
    auto.auto_loop_factory = lambda *_, **__: _Loop  # type: ignore[assignment]
    sys.modules["uvloop"] = _NoUvloop  # type: ignore[assignment]
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class _NoUvloop:
    """What the floor takes for uvloop."""

    @staticmethod
    def run(serving: Any) -> Any:
        """On the watched loop."""
        with asyncio.Runner(loop_factory=_Loop) as runner:
            return runner.run(serving)


if __name__ == "__main__":
    main()
