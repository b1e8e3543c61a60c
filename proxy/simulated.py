"""The embedded simulator in the place of Google: its credentials, treated as Google's own and not as a relay's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from proxy.app import Surroundings
from proxy.credentials import load
from proxy.wiring import Entry


@asynccontextmanager
async def simulated_surroundings(*, latency: float) -> AsyncIterator[Surroundings]:
    """A running simulator, and surroundings in which an API key and a service account open it."""
    from proxy.simulator import SimulatorSettings, running_simulator

    settings = SimulatorSettings(video_latency=latency, render_ahead=True)
    async with running_simulator(settings) as google:
        key = load.gemini_api_key(google.api_key, base_url=google.base_url)
        account = load.from_google_json(google.service_account(), base_url=google.base_url)
        yield Surroundings(
            entries=[
                Entry(credential=key, concurrency=2, per_minute=None, simulated=True),
                Entry(credential=account, concurrency=4, per_minute=None, simulated=True),
            ],
            storage_base_url=google.base_url,
        )
