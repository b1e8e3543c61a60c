"""google-genai made to talk to a listener on loopback, and what it posted there."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from google import genai
from google.auth.credentials import Credentials
from google.genai import types

Listener = tuple[str, list[Any]]
"""A base URL, and the bodies that were posted to it."""
ANSWER = {"candidates": [], "predictions": [], "name": "models/m/operations/1", "id": "v1_a", "status": "in_progress"}
"""Something of every method, so that the SDK is content."""


class FakeCredentials(Credentials):
    """Credentials that never ask Google for a token."""

    def __init__(self) -> None:
        super().__init__()
        self.token = "not-a-token"

    def refresh(self, request: object) -> None:
        """Keep the token."""


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A base URL on loopback, and the bodies that were posted to it."""
    bodies: list[Any] = []

    async def keep(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response(ANSWER)

    app = web.Application()
    app.router.add_post("/{path:.*}", keep)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", bodies
    await runner.cleanup()


async def posted(listener: Listener, surface: str, call: Callable[[genai.client.AsyncClient], Any]) -> Any:
    """The one body that the SDK posts for a call; a single attempt, because it repeats paid ones of itself."""
    base_url, bodies = listener
    options = types.HttpOptions(base_url=base_url, retry_options=types.HttpRetryOptions(attempts=1))
    if surface == "vertex":
        client = genai.Client(
            enterprise=True, project="p", location="us-central1", credentials=FakeCredentials(), http_options=options
        )
    else:
        client = genai.Client(api_key="not-a-key", http_options=options)
    async with client.aio as aio:
        await call(aio)
    client.close()
    assert len(bodies) == 1
    return bodies[0]
