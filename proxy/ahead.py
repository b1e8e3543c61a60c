"""What the first requests would wait for, made in the quiet after the start.

pydantic builds a wire model when it is first used (`defer_build`), so that a start builds none; the chat's and Google's
answer's take 15 ms together. Those that most requests need are built once the first health checks are through, one in
a turn of the loop. All others take less than 5 ms each and are left to who speaks their protocol.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel

from translators.wire.google import GenerateContentAnswer
from translators.wire.openai import ChatCompletionRequest
from translators.wire.video import VideoConfig

MODELS: Final[Sequence[type[BaseModel]]] = (ChatCompletionRequest, GenerateContentAnswer, VideoConfig)
QUIET: Final = 0.25
"""Seconds from the start to the first of them."""
BETWEEN: Final = 0.05
"""Seconds from one to the next, in which requests are served."""


def build_soon(loop: asyncio.AbstractEventLoop, models: Sequence[type[BaseModel]] = MODELS) -> None:
    """Have each model built on the loop; one that a request has needed in the meantime is left as it is."""
    for place, model in enumerate(models):
        loop.call_later(QUIET + place * BETWEEN, model.model_rebuild)
