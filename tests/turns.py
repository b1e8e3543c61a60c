"""How often others had their turn: what holds the event loop gives them none, and no clock is needed to see it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """The turns that another task had."""

    def __init__(self) -> None:
        self.count = 0

    async def take(self) -> None:
        """Take every turn there is."""
        while True:
            self.count += 1
            await asyncio.sleep(0)


@asynccontextmanager
async def turns_of_others() -> AsyncIterator[Turns]:
    """The turns of a task that is always ready, as long as the block lasts."""
    turns = Turns()
    taking = asyncio.create_task(turns.take())
    try:
        yield turns
    finally:
        taking.cancel()
