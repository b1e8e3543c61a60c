"""A coroutine's first step at once, for the Python that cannot begin a task that way (3.11).

aiohttp begins the task that writes a request eagerly from 3.12 on; before, each request waits for a turn of the loop.
"""

import sys
from collections.abc import Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, Final

NEEDED: Final = sys.version_info < (3, 12)


def begun(work: Coroutine[Any, None, None]) -> Coroutine[Any, None, None]:
    """`work`, run up to where it first waits; what is left of it, to be awaited. Raises what its first step raises."""
    try:
        waits_for = work.send(None)
    except StopIteration:
        return _nothing()
    return _rest(work, waits_for)


async def _nothing() -> None:
    """All of it is done."""


@coroutine
def _rest(work: Coroutine[Any, None, None], waits_for: Any) -> Generator[Any, None, None]:
    """Hand on what it waits for, and to it what comes of that, until it ends."""
    while True:
        try:
            answer = yield waits_for
        except GeneratorExit:
            work.close()
            raise
        except BaseException as failure:  # noqa: BLE001 - a cancellation, say: what comes of it is for `work` to say
            step = partial(work.throw, failure)
        else:
            step = partial(work.send, answer)
        try:
            waits_for = step()
        except StopIteration:
            return
