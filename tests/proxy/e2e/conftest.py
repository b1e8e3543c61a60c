"""Proxies and Googles that end with their test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.wiring import Entry
from tests.proxy.blocking import nothing_blocks
from tests.proxy.e2e.serving import RunningProxy, running_proxy

Start = Callable[..., Awaitable[tuple[RunningSimulator, RunningProxy]]]


@pytest.fixture(autouse=True)
def _nothing_blocks() -> Iterator[None]:
    with nothing_blocks():
        yield


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts both: `google, proxy = await start(lambda google: [relay(google)], video_latency=0.2)`.

    `config` holds settings of config.yaml, all else those of the simulator; a second call in one test is a restart of
    neither, but a second pair.
    """
    async with AsyncExitStack() as stack:

        async def started(
            entries: Callable[[RunningSimulator], Sequence[Entry]],
            *,
            config: dict[str, Any] | None = None,
            folder: Path | None = None,
            **settings: Any,
        ) -> tuple[RunningSimulator, RunningProxy]:
            chosen = {"alive_veo_on_gemini": True, "video_latency": 0.05, **settings}
            google = await stack.enter_async_context(running_simulator(SimulatorSettings(**chosen)))
            proxy = running_proxy(folder or tmp_path, google, list(entries(google)), **(config or {}))
            return google, await stack.enter_async_context(proxy)

        yield started
