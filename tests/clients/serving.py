"""The whole program on a real port, in front of a simulated Google or of any other upstream."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proxy.app import Surroundings, create_app
from proxy.config import load_config
from proxy.credentials import load
from proxy.server import server_for
from proxy.simulator import RunningSimulator
from proxy.wiring import Entry

QUICK = {"video.poll-min-interval": 0.05, "video.poll-max-interval": 0.1, "video.polls-per-minute": 6000}
"""A simulated video takes a moment, not minutes."""


@dataclass(frozen=True, slots=True)
class Mediashim:
    """A proxy that listens, and the Google behind it."""

    base_url: str
    """As an OpenAI client wants it: with `/v1`."""
    google: RunningSimulator

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.base_url.removesuffix("/v1")


def google_itself(google: RunningSimulator, *, key: bool = True, account: bool = True) -> Surroundings:
    """The simulator as Google's own host, opened by an API key, a service account, or both."""
    credentials = [
        *([load.gemini_api_key(google.api_key, base_url=google.base_url)] if key else []),
        *([load.from_google_json(google.service_account(), base_url=google.base_url)] if account else []),
    ]
    return Surroundings(
        entries=[Entry(credential=each, concurrency=4, per_minute=None, simulated=True) for each in credentials],
        storage_base_url=google.base_url,
    )


@asynccontextmanager
async def serving(
    data_dir: Path, settings: Mapping[str, Any], around: Surroundings | None = None
) -> AsyncIterator[str]:
    """The proxy's base URL. `settings` are keys of config.yaml, dotted where they are nested."""
    config = load_config(None, {}, {**QUICK, "port": 0, "data-dir": str(data_dir), **settings}).config
    app = create_app(config, around)
    server = server_for(app, config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            assert not task.done(), "the proxy did not start"
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    finally:
        if server.started:
            app.state.services.stop()
        server.should_exit = True
        await task
