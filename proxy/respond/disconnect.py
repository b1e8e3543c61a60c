"""Noticing that the client has gone.

uvicorn swallows what is sent to a closed connection (0.54: `send` returns at once), so only `receive` tells; a response
that does not listen encodes a whole video for nobody.
"""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Final, TypeVar

from starlette.types import Receive

T = TypeVar("T")

LISTEN_AFTER: Final = 0.05
"""Seconds. Listening takes a task, and an answer that is there sooner has no use for one."""


class ClientGone(Exception):
    """The client closed its connection before the answer was complete."""


async def disconnected(receive: Receive) -> None:
    """Return when the client has gone. Only for a request whose body was read: what is left of it is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def while_connected(receive: Receive, work: Awaitable[T]) -> T:
    """The result of `work`, which is cancelled, and waited for, when the client goes. Raises ClientGone then.

    For a job that must go on, `work` is waiting for the job (a subscription), never the job itself. It is awaited by
    the caller's own task: a second one for each of thousands who wait is memory for nothing.
    """
    async with _Listener(receive):
        return await work


class _Listener:
    """Interrupts the task that enters it when the client goes, as asyncio.timeout does when time is up."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._listening: asyncio.Task[None] | None = None
        self._interrupted = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be interrupted")
        self._task = task
        self._others = task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(LISTEN_AFTER, self._listen)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        listening, self._listening = self._listening, None
        if listening is None:
            return
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        # A cancellation that came from elsewhere as well goes on.
        if self._interrupted and self._task.uncancel() <= self._others and isinstance(error, asyncio.CancelledError):
            listening.result()  # a receive that failed is not a client that went
            raise ClientGone from None

    def _listen(self) -> None:
        self._listening = asyncio.create_task(disconnected(self._receive))
        self._listening.add_done_callback(self._interrupt)

    def _interrupt(self, listening: "asyncio.Task[None]") -> None:
        if listening is self._listening and not listening.cancelled():
            self._interrupted = True
            self._task.cancel()
