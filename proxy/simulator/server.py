"""A real server for the simulator, on a real port, in the caller's own event loop.

Dropping a connection: uvicorn keeps its live protocol objects in `server_state.connections`, each with the peer's
address and its asyncio transport; ASGI's `scope["client"]` is that same address, which finds the one socket to abort.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import uvicorn

from proxy.simulator.app import create_simulator
from proxy.simulator.faults import FaultBook
from proxy.simulator.ledger import RecordedRequest, Submit
from proxy.simulator.settings import CLOUD_PLATFORM, SimulatorSettings
from proxy.simulator.world import World


class RunningSimulator:
    """A Google that listens: where it is, how to get in, what happened, and what shall go wrong."""

    def __init__(self, world: World, base_url: str, download_origin: str | None) -> None:
        self.world = world
        self.base_url = base_url
        """`http://127.0.0.1:PORT`; no version in it."""
        self.download_origin = download_origin or base_url
        """Where file contents are served."""

    @property
    def settings(self) -> SimulatorSettings:
        """The settings it runs with."""
        return self.world.settings

    @property
    def api_key(self) -> str:
        """The first valid API key."""
        return self.settings.api_keys[0]

    @property
    def project(self) -> str:
        """The Google Cloud project that its credentials belong to."""
        return self.settings.project

    @property
    def token_uri(self) -> str:
        """The OAuth endpoint."""
        return f"{self.base_url}/token"

    @property
    def faults(self) -> FaultBook:
        """The fault rules in force."""
        return self.world.faults

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request so far, oldest first."""
        return list(self.world.ledger.requests)

    @property
    def submits(self) -> list[Submit]:
        """Every accepted paid job so far, oldest first."""
        return list(self.world.ledger.submits)

    def requests_for(self, verb: str) -> list[RecordedRequest]:
        """The requests of one method, e.g. `predictLongRunning` or `fetchPredictOperation`."""
        return [request for request in self.requests if request.verb == verb]

    def service_account(self) -> dict[str, str]:
        """A new service account's key file, whose `token_uri` is this simulator."""
        return self.world.tokens.service_account(self.project, self.token_uri)

    def authorized_user(self, *scopes: str) -> dict[str, str]:
        """A new user's credentials file with a refresh token; by default for cloud-platform."""
        granted = frozenset(scopes or (CLOUD_PLATFORM,))
        return self.world.tokens.authorized_user(self.project, self.token_uri, granted)

    def auth_files(self, email: str = "someone@simulated.example") -> dict[str, dict[str, Any]]:
        """What CLIProxyAPI keeps in its `auth-dir` for an account: file name -> document, two new credentials.

        A service account in its wrapper (v7.2.140), and a login of the Gemini CLI (until v7.2.19), each with the
        `base_url` of this simulator, which mediashim reads beside CLIProxyAPI's own members.
        """
        user = self.authorized_user()
        token = {
            "access_token": self.access_token(),
            "token_type": "Bearer",
            "expiry": (self.settings.now() + self.settings.token_lifetime).isoformat(),
            "scopes": [CLOUD_PLATFORM],
            "universe_domain": "googleapis.com",
            **{name: user[name] for name in ("refresh_token", "client_id", "client_secret", "token_uri")},
        }
        account = self.service_account()
        common = {"project_id": self.project, "base_url": self.base_url}
        wrapper = {"type": "vertex", "service_account": account, "email": account["client_email"], **common}
        login = {"type": "gemini", "token": token, "email": email, "auto": False, "checked": True, **common}
        return {
            f"vertex-{self.project}.json": {**wrapper, "location": "us-central1"},
            f"gemini-{email}-{self.project}.json": login,
        }

    def access_token(self, *scopes: str) -> str:
        """An access token without the exchange; by default for cloud-platform."""
        return self.world.tokens.issue(frozenset(scopes or (CLOUD_PLATFORM,)))


@contextlib.asynccontextmanager
async def running_simulator(
    settings: SimulatorSettings | None = None, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[RunningSimulator]:
    """Serve on `host`:`port` (0: any free one) in this event loop until the context ends; hanging calls end with it."""
    world = World(settings or SimulatorSettings())
    app = create_simulator(world=world)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(world.close)
        main, base_url = await stack.enter_async_context(_listening(app, host, port))
        servers = [main]
        if world.settings.separate_download_host:
            second, world.download_origin = await stack.enter_async_context(_listening(app, host, 0))
            servers.append(second)
        world.drop_connection = _dropper(servers)
        yield RunningSimulator(world, base_url, world.download_origin)


@contextlib.asynccontextmanager
async def _listening(app: Any, host: str, port: int) -> AsyncIterator[tuple[uvicorn.Server, str]]:
    listener = socket.create_server((host, port), backlog=2048)
    # asyncio does this for sockets it made itself; without it, each answer in two writes waits 40 ms for Linux's
    # delayed acknowledgement. Accepted connections inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    address = f"http://{host}:{listener.getsockname()[1]}"
    config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield server, address
    finally:
        await _stop(server)


async def _stop(server: uvicorn.Server) -> None:
    # uvicorn's own shutdown sleeps a tenth of a second whatever there is to wait for; hundreds of tests would pay it.
    for listener in server.servers:
        listener.close()
    for protocol in list(server.server_state.connections):
        protocol.transport.abort()
    unfinished = list(server.server_state.tasks)
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)
    for listener in server.servers:
        await listener.wait_closed()


def _dropper(servers: list[uvicorn.Server]) -> Callable[[tuple[str, int], bool], bool]:
    def drop(peer: tuple[str, int], abort: bool) -> bool:  # noqa: FBT001  # a callback's plain signature
        for server in servers:
            for protocol in list(server.server_state.connections):
                if getattr(protocol, "client", None) == peer:
                    protocol.transport.abort() if abort else protocol.transport.close()
                    return True
        return False

    return drop
