"""The embedded simulator in the place of Google: its credentials, treated as Google's own and not as a relay's."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from proxy.app import Surroundings
from proxy.credentials import load
from proxy.wiring import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedGoogle:
    """Where a running simulator is and what opens it: enough to use it from another process."""

    base_url: str
    api_key: str = field(repr=False)
    service_account: Mapping[str, str] = field(repr=False)

    def surroundings(self) -> Surroundings:
        """Surroundings in which an API key and a service account open it."""
        key = load.gemini_api_key(self.api_key, base_url=self.base_url)
        account = load.from_google_json(dict(self.service_account), base_url=self.base_url)
        return Surroundings(
            entries=[
                Entry(credential=key, concurrency=2, per_minute=None, simulated=True),
                Entry(credential=account, concurrency=4, per_minute=None, simulated=True),
            ],
            storage_base_url=self.base_url,
        )


@asynccontextmanager
async def simulated_google(*, latency: float) -> AsyncIterator[SimulatedGoogle]:
    """A running simulator in this process."""
    from proxy.simulator import SimulatorSettings, running_simulator

    settings = SimulatorSettings(video_latency=latency, render_ahead=True)
    async with running_simulator(settings) as google:
        yield SimulatedGoogle(
            base_url=google.base_url, api_key=google.api_key, service_account=google.service_account()
        )


@asynccontextmanager
async def simulated_surroundings(*, latency: float) -> AsyncIterator[Surroundings]:
    """A running simulator, and the surroundings that open it."""
    async with simulated_google(latency=latency) as google:
        yield google.surroundings()
