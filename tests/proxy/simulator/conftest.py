"""A clock that tests turn by hand, a simulated Google, and a client that holds its API key."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator


class HandClock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def start(clock: HandClock) -> AsyncIterator[Callable[..., Any]]:
    """Starts simulators: `google, client = await start(alive_veo_on_gemini=True)`; the client shows the API key."""
    async with AsyncExitStack() as stack:

        async def started(**settings: Any) -> tuple[RunningSimulator, httpx2.AsyncClient]:
            chosen = SimulatorSettings(**{"now": clock, "video_latency": 60.0, **settings})
            google = await stack.enter_async_context(running_simulator(chosen))
            client = await stack.enter_async_context(
                httpx2.AsyncClient(base_url=google.base_url, headers={"x-goog-api-key": google.api_key}, timeout=30)
            )
            return google, client

        yield started


@pytest.fixture
def veo_body() -> Callable[..., dict[str, Any]]:
    """A small predictLongRunning body with the given parameters."""

    def body(instance: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
        return {"instances": [{"prompt": "a fox in the snow", **(instance or {})}], "parameters": parameters}

    return body
