"""Victims as the tests hold them: started by fork from a process that has imported the program, stopped by a signal."""

import asyncio
import contextlib
import multiprocessing
import os
import re
import signal
from multiprocessing.process import BaseProcess

from tests.kills import victim
from tests.kills.victim import Order

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["tests.kills.victim", "proxy.app", "proxy.cli.serve", "proxy.server", "uvloop", "uvicorn.loops.uvloop"]
)
_LISTENS = re.compile(rb"mediashim listens on (http://\S+)/v1")


class Victim:
    """One running `serve`. Its log may hold those of earlier victims: what counts is what comes after its start."""

    def __init__(self, order: Order, process: BaseProcess, log_start: int) -> None:
        self._order = order
        self._process = process
        self._log_start = log_start
        self._dead = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(process.sentinel, self._ended)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._dead.set_result(None)

    @classmethod
    def start(cls, order: Order) -> "Victim":
        """Begin; blocks for the milliseconds of a fork."""
        log_start = order.log.stat().st_size if order.log.exists() else 0
        process = _FORKS.Process(target=victim.run, args=(order,), daemon=True)
        process.start()  # in this thread, as `_ended` is: it polls its siblings, and a status can be read only once
        return cls(order, process, log_start)

    async def ready(self) -> str | None:
        """Its base URL once it listens; None if it died before."""
        while not self._dead.done():
            if (address := self._address()) is not None:
                return address
            await asyncio.sleep(0.01)  # a process's log can only be looked at
        return None

    def _address(self) -> str | None:
        if not self._order.log.exists():
            return None
        with self._order.log.open("rb") as log:
            log.seek(self._log_start)
            found = _LISTENS.search(log.read())
        return found[1].decode() if found else None

    async def dead(self) -> None:
        """Return when it is dead."""
        await asyncio.shield(self._dead)

    @property
    def exit_code(self) -> int | None:
        """How it died: minus the signal, or what it returned; None while it lives."""
        return self._process.exitcode

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it is dead."""
        if not self._dead.done() and self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError):  # it died, and nobody has told us yet
                os.kill(self._process.pid, number)

    async def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        self.signal(signal.SIGKILL)
        await self.dead()
