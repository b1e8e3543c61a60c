"""Several processes behind one listening socket: started, watched, replaced when they die, and stopped together.

uvicorn's own supervisor (0.54, uvicorn.supervisors.Multiprocess) was considered: it needs an application by import
string, replaces a worker that dies at each start twice a second for ever, kills one that is busy for five seconds, and
knows nothing of a simulator beside it. Workers are programs of their own (`worker.py`), not forks: a fork would copy
whatever this process has open and locked at that moment.
"""

import asyncio
import contextlib
import logging
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from dataclasses import replace

from proxy.server import GRACE
from proxy.worker import READY, Order

log = logging.getLogger("mediashim")

DELAYS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a worker is replaced, by how many before it died young in a row; the last one repeats."""
YOUNG = 30.0
"""Seconds of life after which a death is an accident and no failure to live."""
LAST_GRACE = GRACE + 30.0
"""Seconds from SIGTERM after which a worker that still lives is killed: longer than all that it may wait for itself."""


def delay(deaths: int) -> float:
    """Seconds to wait before the next life, after so many short ones in a row (0: the last one was long)."""
    return DELAYS[min(deaths, len(DELAYS) - 1)]


class Supervisor:
    """Keeps `workers` processes serving. `on_ready` is called once all of them do, for the first time."""

    def __init__(self, order: Order, *, workers: int, on_ready: Callable[[], None]) -> None:
        self._order = order
        self._workers = workers
        self._on_ready = on_ready
        self._living: dict[int, Process] = {}
        """By number, the last process of each worker."""
        self._stop = asyncio.Event()
        self._by_signal: signal.Signals | None = None

    async def run(self) -> int:
        """Serve until a signal comes. The exit code: 0; a worker's own if they cannot start; 130 after an interrupt."""
        loop = asyncio.get_running_loop()
        for by in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(by, self._signalled, by)
        keeping: list[asyncio.Task[None]] = []
        try:
            # The first alone: it makes the folder, or says for all what is wrong.
            for numbers in (range(1), range(1, self._workers)):
                born = await asyncio.gather(*(self._born(number) for number in numbers))
                for number, (_, process) in zip(numbers, born, strict=True):
                    if process is not None:
                        keeping.append(asyncio.create_task(self._keep(number, process)))
                if (failed := next((code for code, process in born if process is None), None)) is not None:
                    return self._code() if self._stop.is_set() else max(failed, 1)
            self._on_ready()
            await self._stop.wait()
            return self._code()
        finally:
            self._stop.set()
            self._send(signal.SIGTERM)
            await asyncio.gather(*keeping)
            await asyncio.gather(*(self._buried(process) for process in list(self._living.values())))

    def _code(self) -> int:
        return 130 if self._by_signal is signal.SIGINT else 0

    def _signalled(self, number: signal.Signals) -> None:
        """The first signal stops all; an interrupt after that goes on to them, and cuts what they still wait for."""
        if self._stop.is_set():
            self._send(number)
        self._by_signal = self._by_signal or number
        self._stop.set()

    def _send(self, number: signal.Signals) -> None:
        for process in self._living.values():
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)

    async def _born(self, number: int) -> tuple[int, Process | None]:
        """A worker that serves; or the exit code of one that died before it did."""
        order = replace(self._order, warns=number == 0)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "proxy.worker", stdin=PIPE, stdout=PIPE, pass_fds=(order.listener,)
        )
        self._living[number] = process
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101
        if self._stop.is_set():
            self._send(signal.SIGTERM)
        process.stdin.write(pickle.dumps(order))
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        if await process.stdout.readline() == READY:
            log.info("worker %d serves (process %d)", number + 1, process.pid)
            return 0, process
        return await self._buried(process), None

    async def _keep(self, number: int, process: Process) -> None:
        """Replace the worker whenever it dies, until everything stops."""
        loop = asyncio.get_running_loop()
        deaths, born = 0, loop.time()
        current: Process | None = process
        while True:
            if current is not None:
                await self._death_of(current)
            if self._stop.is_set():
                return
            deaths = 0 if loop.time() - born > YOUNG else deaths + 1
            pause = delay(deaths - 1 if deaths else 0)
            how = _how(self._living[number])
            log.error("worker %d has died (%s); another takes its place in %g s", number + 1, how, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause or 0.001)
            if self._stop.is_set():
                return
            born = loop.time()
            _, current = await self._born(number)

    async def _death_of(self, process: Process) -> None:
        """Return when it has died; after a stop it has its time, and is killed then."""
        dying = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({dying, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not dying.done():
                await self._buried(process)
        finally:
            stopping.cancel()
            await asyncio.gather(dying, stopping, return_exceptions=True)

    async def _buried(self, process: Process) -> int:
        """The exit code, once it has ended; it is killed if it outlives every grace."""
        try:
            return await asyncio.wait_for(process.wait(), LAST_GRACE)
        except TimeoutError:
            log.error("process %d does not stop: it is killed, and the next start goes on with its jobs", process.pid)
            process.kill()
            return await process.wait()


def _how(process: Process) -> str:
    """By which signal, or with which exit code."""
    code = process.returncode or 0
    return f"signal {-code}" if code < 0 else f"exit code {code}"


async def supervise(order: Order, *, workers: int, on_ready: Callable[[], None]) -> int:
    """Serve with so many processes until a signal comes; the exit code."""
    return await Supervisor(order, workers=workers, on_ready=on_ready).run()


def shared_state(*, session_affinity: bool) -> Sequence[str]:
    """What the owner of several workers should be told about his configuration."""
    if not session_affinity:
        return ()
    told = (
        "routing.session-affinity holds within each worker: a conversation that reaches another one may be served by "
        "another credential there"
    )
    return (told,)
