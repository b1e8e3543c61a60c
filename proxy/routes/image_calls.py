"""The calls of one Images API request: some at a time, each with its own success or failure."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from proxy.routes.content_chat import ContentChat
from proxy.routes.whole_content import whole_completion
from translators.errors import ApiError

Outcome = Mapping[str, Any] | ApiError
"""A chat completion, or why there is none."""


async def outcomes(contents: Sequence[ContentChat], *, at_once: int) -> AsyncGenerator[tuple[int, Outcome], None]:
    """Each call's number and outcome, as soon as it is there. Closing it ends the calls that still run."""
    room = asyncio.Semaphore(at_once)

    async def outcome(number: int, content: ContentChat) -> tuple[int, Outcome]:
        async with room:
            try:
                return number, await whole_completion(content)
            except ApiError as error:
                return number, error

    tasks = [asyncio.create_task(outcome(number, content)) for number, content in enumerate(contents)]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
