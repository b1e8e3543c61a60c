"""Noticing that the client has gone.

uvicorn swallows what is sent to a closed connection (0.54: `send` returns at once), so only `receive` tells; a response
that does not listen encodes a whole video for nobody.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

T = TypeVar("T")


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
    waiting = asyncio.current_task()
    if waiting is None:
        raise RuntimeError("while_connected was not awaited by a task")
    cancelled_before = waiting.cancelling()
    listener = asyncio.create_task(_interrupt(waiting, receive))
    try:
        return await work
    except asyncio.CancelledError:
        # Ours if the listener has ended, and nobody else has cancelled as well (asyncio.timeout tells them apart so).
        if not _has_ended(listener) or waiting.cancelling() > cancelled_before + 1:
            raise
        if (failure := listener.exception()) is not None:
            raise failure from None  # a receive that failed is not a client that went
        raise ClientGone from None
    finally:
        if _has_ended(listener):
            waiting.uncancel()
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


def _has_ended(listener: "asyncio.Task[None]") -> bool:
    return listener.done() and not listener.cancelled()


async def _interrupt(waiting: "asyncio.Task[object]", receive: Receive) -> None:
    """Cancel a task when the client has gone, or when nobody can tell whether it has."""
    try:
        await disconnected(receive)
    except asyncio.CancelledError:
        raise
    except BaseException:
        waiting.cancel()
        raise
    waiting.cancel()
