"""What the first requests would wait for, made in the quiet after the start.

pydantic builds a wire model when it is first used (`defer_build`), so that a start builds none. A first chat would wait
for two, its own and that of Google's answer, 10 ms: they are built once the first health checks are through, each in a
turn of the loop. All others take 1 to 4 ms and are left to who speaks their protocol. `allocator` comes last: what it
needs takes 4 ms to import.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel

from proxy import collection
from translators.wire.google import GenerateContentAnswer
from translators.wire.openai import ChatCompletionRequest

MODELS: Final[Sequence[type[BaseModel]]] = (ChatCompletionRequest, GenerateContentAnswer)
QUIET: Final = 0.25
"""Seconds from the start to the first of them."""
BETWEEN: Final = 0.05
"""Seconds from one to the next, in which requests are served."""


def prepare(loop: asyncio.AbstractEventLoop) -> None:
    """For a server that has started: the collector settles at once, the rest is done in the quiet."""
    collection.settle()
    build_soon(loop)
    loop.call_later(QUIET + len(MODELS) * BETWEEN, _keep_memory)


def build_soon(loop: asyncio.AbstractEventLoop, models: Sequence[type[BaseModel]] = MODELS) -> None:
    """Have each model built on the loop; one that a request has needed in the meantime is left as it is."""
    for place, model in enumerate(models):
        loop.call_later(QUIET + place * BETWEEN, model.model_rebuild)


def _keep_memory() -> None:
    from proxy.allocator import keep_freed_memory

    keep_freed_memory()
