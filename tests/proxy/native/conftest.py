"""The whole proxy as Google's own clients meet it: two callers, and a simulated Google behind it."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from google import genai
from google.auth.credentials import Credentials
from google.genai import types

from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.wiring import Entry
from tests.proxy.conftest import Serve
from tests.proxy.e2e.serving import RunningProxy, running_proxy

VEO, OMNI, TEXT, BANANA = (
    "veo-3.1-generate-001",
    "gemini-omni-1.2-flash",
    "gemini-2.5-flash",
    "gemini-nano-banana-2.1",
)


class Token(Credentials):
    """An OAuth token that is the key of a caller of the proxy."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def refresh(self, request: object) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A proxy and the Google behind it."""

    google: RunningSimulator
    proxy: RunningProxy
    keys: dict[str, str] = field(repr=False)

    def headers(self, who: str = "alice") -> dict[str, str]:
        """The header of one caller, as Google's clients send it."""
        return {"x-goog-api-key": self.keys[who]}

    async def submitted(self) -> bool:
        """Whether Google has taken on a paid job."""
        return bool(self.google.submits)

    async def get(self, path: str, who: str = "alice", **more: Any) -> httpx2.Response:
        """GET as one caller."""
        return await self.proxy.client.get(path, headers={**self.headers(who), **more.pop("headers", {})}, **more)

    async def post(self, path: str, body: Any, who: str = "alice", **headers: str) -> httpx2.Response:
        """POST as one caller."""
        return await self.proxy.client.post(path, json=body, headers={**self.headers(who), **headers})

    def api_key_client(self, who: str = "alice", *, base_url: str | None = None, **options: Any) -> genai.Client:
        """Google's own client with an API key."""
        options = {"base_url": base_url or self.proxy.base_url, **options}
        return genai.Client(api_key=self.keys[who], http_options=types.HttpOptions(**options))

    def vertex_client(self, who: str = "alice", *, base_url: str | None = None) -> genai.Client:
        """Google's own client in Vertex mode."""
        return genai.Client(
            enterprise=True,
            project="p",
            location="us-central1",
            credentials=Token(self.keys[who]),
            http_options=types.HttpOptions(base_url=base_url or self.proxy.base_url),
        )


Start = Callable[..., Awaitable[Both]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start both: `await start(lambda google: [vertex(google)], video_latency=0.1)`."""
    async with AsyncExitStack() as stack:

        async def started(
            entries: Callable[[RunningSimulator], list[Entry]], *, config: dict[str, Any] | None = None, **settings: Any
        ) -> Both:
            chosen = {"alive_veo_on_gemini": True, "video_latency": 0.05, **settings}
            google = await stack.enter_async_context(running_simulator(SimulatorSettings(**chosen)))
            keys = {who: f"{who}-{secrets.token_urlsafe(12)}" for who in ("alice", "bob")}
            callers = [{"key": key, "name": who} for who, key in keys.items()]
            proxy = running_proxy(tmp_path, google, entries(google), api_keys=callers, **(config or {}))
            return Both(google=google, proxy=await stack.enter_async_context(proxy), keys=keys)

        yield started


Swallowing = Callable[..., Awaitable[str]]


@pytest.fixture
async def swallowing(serve: Serve) -> AsyncIterator[Swallowing]:
    """A gateway before the proxy that hands POSTs on and keeps so many answers to itself.

    Instead it drops the connection, or answers with `status`.
    """
    async with httpx2.AsyncClient(timeout=60) as client:

        async def started(both: Both, times: int, status: int | None = None) -> str:
            left = [None] * times

            async def hand_on(request: web.Request) -> web.StreamResponse:
                kept = {name: value for name, value in request.headers.items() if name.lower() != "host"}
                url = f"{both.proxy.base_url}{request.path_qs}"
                answer = await client.request(request.method, url, headers=kept, content=await request.read())
                if request.method == "POST" and left:
                    left.pop()
                    if status is not None:
                        return web.Response(status=status)
                    assert request.transport is not None
                    request.transport.abort()
                told = {"content-type": answer.headers["content-type"]}
                return web.Response(status=answer.status_code, body=answer.content, headers=told)

            return await serve(hand_on)

        yield started
