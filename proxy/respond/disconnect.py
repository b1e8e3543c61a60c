"""Noticing that the client has gone.

uvicorn swallows what is sent to a closed connection (0.54: `send` returns at once), so only `receive` tells; a response
that does not listen encodes a whole video for nobody.
"""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from starlette.types import Receive

T = TypeVar("T")

LISTEN_AFTER: Final = 0.05
"""Seconds. Listening takes a task, and an answer that is there sooner has no use for one."""


class ClientGone(Exception):
    """The client closed its connection before the answer was complete."""


class StandsBy(Protocol):
    """How work waits so long that its own task had better listen (`standby.py`)."""

    def begin(self, listener: "Listener") -> None:
        """The work begins."""
        ...

    async def end(self) -> None:
        """The work has ended."""
        ...


async def disconnected(receive: Receive) -> None:
    """Return when the client has gone. Only for a request whose body was read: what is left of it is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def while_connected(
    receive: Receive, work: Awaitable[T], *, at_once: bool = False, standby: StandsBy | None = None
) -> T:
    """The result of `work`, which is cancelled, and waited for, when the client goes. Raises ClientGone then.

    For a job that must go on, `work` is waiting for the job (a subscription), never the job itself. It is awaited by
    the caller's own task: a second one for each of thousands who wait is memory for nothing. Who must know whether the
    answer has arrived listens `at_once`; everybody else can spare the task while the answer is quick. Work that waits
    by `standby` needs none while it waits.
    """
    try:
        async with Listener(receive, delay=0 if at_once else LISTEN_AFTER) as listener:
            if standby is not None:
                standby.begin(listener)
            return await work
    finally:
        # Not inside: the work is done, and a client that goes now has its result.
        if standby is not None:
            await standby.end()


class Listener:
    """Interrupts the task that enters it when the client goes, as asyncio.timeout does when time is up."""

    __slots__ = (
        *("_called", "_delay", "_failed", "_interrupted", "_listening"),
        *("_others", "_receive", "_standing", "_task", "_timer"),
    )

    def __init__(self, receive: Receive, *, delay: float) -> None:
        self._receive = receive
        self._delay = delay
        self._listening: asyncio.Task[None] | None = None
        self._interrupted = False
        self._failed: Exception | None = None
        self._standing = False
        self._called = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be interrupted")
        self._task = task
        self._others = task.cancelling()
        self.listen_later()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.listen_no_more()
        # A cancellation that came from elsewhere as well goes on.
        if self._interrupted and self._task.uncancel() <= self._others and isinstance(error, asyncio.CancelledError):
            if self._failed is not None:  # a receive that failed is not a client that went
                raise self._failed
            raise ClientGone from None

    async def stand_by(self) -> None:
        """Listen in the task itself, which has nothing else to do until `call`.

        After `listen_no_more`; what happens while that is awaited, and calls nobody, is looked for in between.
        """
        self._standing = True
        try:
            await disconnected(self._receive)
        except asyncio.CancelledError:
            # One that came from elsewhere as well goes on.
            if not self._called or self._task.uncancel() > self._others:
                raise
            self.listen_later()
        except Exception as error:  # noqa: BLE001 - for whoever began to listen, not for the work
            await self._interrupted_by(error)
        else:
            await self._interrupted_by(None)
        finally:
            self._standing = self._called = False

    def call(self) -> None:
        """End standing by; nothing if the task does not."""
        if self._standing and not self._called:
            self._called = True
            self._task.cancel()

    def listen_later(self) -> None:
        """Listen in a second task, after a while."""
        self._timer = asyncio.get_running_loop().call_later(self._delay, self._listen)

    async def listen_no_more(self) -> None:
        """Put the second task away."""
        self._timer.cancel()
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def _listen(self) -> None:
        self._listening = asyncio.create_task(disconnected(self._receive))
        self._listening.add_done_callback(self._heard)

    def _heard(self, listening: "asyncio.Task[None]") -> None:
        if listening is self._listening and not listening.cancelled():
            failed = listening.exception()
            self._interrupt(failed if isinstance(failed, Exception) else None)

    def _interrupt(self, failed: Exception | None) -> None:
        self._interrupted = True
        self._failed = failed
        self._task.cancel()

    async def _interrupted_by(self, failed: Exception | None) -> None:
        """The work ends where it stands by, as it would anywhere else."""
        self._interrupt(failed)
        await asyncio.sleep(0)
