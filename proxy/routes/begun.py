"""Holding a stream's status back for a moment, so that a quick failure still has its true one."""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

T = TypeVar("T")


async def begun(items: AsyncGenerator[T, None], patience: float) -> AsyncGenerator[T, None]:
    """The same items, once the first is there or `patience` seconds have passed (0: no end).

    A failure before that is raised here, where it can still be answered with its own status; a later one comes out of
    the items. Waiting longer would leave the client without a byte, and gateways cut that off.
    """
    first = asyncio.ensure_future(anext(items))
    await asyncio.wait({first}, timeout=patience or None)
    if first.done() and first.exception() is not None:
        first.result()
    return _resumed(first, items)


async def _resumed(first: "asyncio.Future[T]", items: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    try:
        yield await first
        async for item in items:
            yield item
    finally:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await items.aclose()
