"""Noticing that the client has gone.

uvicorn swallows what is sent to a closed connection (0.54: `send` returns at once), so only `receive` tells; a response
that does not listen encodes a whole video for nobody.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

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

    For a job that must go on, `work` is waiting for the job (a subscription), never the job itself.
    """
    working = asyncio.ensure_future(work)
    gone = asyncio.create_task(disconnected(receive))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            gone.result()  # a receive that failed is not a client that went
            raise ClientGone
        return working.result()
    finally:
        await _end(working, gone)


async def _end(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
