"""The whole proxy on a real port in front of a simulated Google, as a client of the Videos API meets it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from proxy.app import Surroundings, create_app
from proxy.clock import SystemClock
from proxy.config import load_config
from proxy.credentials import load
from proxy.server import server_for
from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.wiring import Entry

VEO, OMNI = "veo-3.1-generate-001", "gemini-omni-1.2-flash"
AT_ONCE = 3
"""Videos of one model that Vertex is given at one time."""
SMALL: Mapping[str, Mapping[str, Any]] = {VEO: {"seconds": "4"}, OMNI: {"seconds": "3", "size": "640x360"}}
"""What to ask for where any video will do: the simulator really makes them."""


class Clock(SystemClock):
    """The machine's clock, which a test may put forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The time, by what it was put forward."""
        return super().now() + self._ahead

    def forward(self, by: timedelta) -> None:
        """Put it forward."""
        self._ahead += by


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A running proxy with two callers, and the Google behind it."""

    base_url: str
    google: RunningSimulator
    client: httpx2.AsyncClient
    """Alice's, at the root of the proxy."""
    keys: dict[str, str] = field(repr=False)
    media_folder: Path
    clock: Clock

    def openai(self, who: str = "alice") -> openai.AsyncOpenAI:
        """OpenAI's own client, pointed at the proxy."""
        return openai.AsyncOpenAI(api_key=self.keys[who], base_url=f"{self.base_url}/v1", max_retries=0)

    def bearer(self, who: str) -> dict[str, str]:
        """The header of one caller."""
        return {"authorization": f"Bearer {self.keys[who]}"}

    def sent(self, verb: str) -> list[Any]:
        """The bodies of all calls of this kind that Google took, oldest first."""
        return [request.body for request in self.google.requests if request.verb == verb and request.accepted]

    def later(self, **by: float) -> None:
        """Put the proxy's clock forward."""
        self.clock.forward(timedelta(**by))

    def stored(self) -> list[str]:
        """The videos that the proxy keeps."""
        return sorted(path.name for path in self.media_folder.glob("*.mp4"))

    async def json(self, path: str, who: str = "alice") -> dict[str, Any]:
        """What a GET answers."""
        answer = await self.client.get(path, headers=self.bearer(who))
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def ended(self, path: str, who: str = "alice") -> dict[str, Any]:
        """The job behind an address, once it has ended."""
        async with asyncio.timeout(30):
            while (job := await self.json(path, who))["status"] in ("queued", "in_progress", "pending"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # the proxy tells a client of the Videos API nothing by itself
        return job


Start = Callable[..., Awaitable[Proxy]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a proxy; `latency` is Google's, in seconds, everything else is configuration."""
    async with AsyncExitStack() as stack:

        async def started(*, latency: float = 0.05, veo_on_gemini: bool = False, **overrides: Any) -> Proxy:
            settings = SimulatorSettings(video_latency=latency, alive_veo_on_gemini=veo_on_gemini)
            google = await stack.enter_async_context(running_simulator(settings))
            return await stack.enter_async_context(running_proxy(google, tmp_path, overrides))

        yield started


@asynccontextmanager
async def running_proxy(google: RunningSimulator, folder: Path, overrides: dict[str, Any]) -> AsyncIterator[Proxy]:
    """A proxy on a free port, with an API key and a service account that the simulator opens to."""
    keys = {who: f"{who}-{secrets.token_urlsafe(12)}" for who in ("alice", "bob")}
    own = {"alice": overrides.pop("alice", {})}
    settings = {
        "port": 0,
        "data-dir": str(folder / "data"),
        "api-keys": [{"key": key, "name": who, **own.get(who, {})} for who, key in keys.items()],
        "video": {"poll-min-interval": 0.05, "poll-max-interval": 0.3},
        **overrides,
    }
    clock = Clock()
    relay = google.settings.alive_veo_on_gemini
    key = load.gemini_api_key(google.api_key, base_url=google.base_url)
    account = load.from_google_json(google.service_account(), base_url=google.base_url)
    around = Surroundings(
        entries=[
            Entry(credential=key, concurrency=2, per_minute=None, simulated=not relay),
            *([] if relay else [Entry(credential=account, concurrency=AT_ONCE, per_minute=None, simulated=True)]),
        ],
        storage_base_url=google.base_url,
        clock=clock,
    )
    config = load_config(None, {}, settings).config
    server = server_for(create_app(config, around), config)
    serving = asyncio.create_task(server.serve())
    try:
        base_url = f"http://127.0.0.1:{await _port(server, serving)}"
        async with httpx2.AsyncClient(
            base_url=base_url, headers={"authorization": f"Bearer {keys['alice']}"}, timeout=60
        ) as client:
            yield Proxy(
                base_url=base_url,
                google=google,
                client=client,
                keys=keys,
                media_folder=folder / "data" / "media",
                clock=clock,
            )
    finally:
        server.should_exit = True
        server._on_stop()
        await serving


async def _port(server: Any, serving: "asyncio.Task[None]") -> int:
    while not server.started:
        assert not serving.done(), "the proxy did not start"
        await asyncio.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
