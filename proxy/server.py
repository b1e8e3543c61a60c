"""The HTTP server around the application: uvicorn, told early when it is time to go."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.loops.auto import auto_loop_factory

from proxy.config import Config
from proxy.one_write import OneWrite

GRACE = 25
"""Seconds from SIGTERM until connections that are still open are cut."""

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept, as nginx does: longer than clients do (httpx 5, undici 4, aiohttp 15), since
whoever sends a request on a connection that is just being closed cannot know whether it was heard. uvicorn's own 5 s
also cut off requests that had come while the loop was busy (of 10,000 that came at once, 3 to 600)."""

BACKLOG = 2048
"""Connections that the kernel holds until they are accepted."""


class Server(uvicorn.Server):
    """uvicorn, which lets those who wait for a job go as soon as a signal comes; by itself it would wait for them."""

    def __init__(self, config: uvicorn.Config, *, on_start: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)
        if self.started:
            self._on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._on_stop()
        super().handle_exit(sig, frame)


def run(serving: Coroutine[Any, Any, int]) -> int:
    """The result of a coroutine, on the loop that uvicorn would choose.

    uvicorn chooses one only where it also runs it; `asyncio.run` would take the standard library's slow one.
    """
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(serving)


class AddressUnusable(Exception):
    """The proxy cannot listen where it should; the message says where, why, and the way out."""


def listening(config: Config) -> socket.socket:
    """A socket bound as configured, before anything else is opened. Raises AddressUnusable."""
    everywhere = not config.host
    host = config.host or "::"
    try:
        family = socket.getaddrinfo(host, config.port, type=socket.SOCK_STREAM)[0][0]
        dual = everywhere and socket.has_dualstack_ipv6()
        if everywhere and not dual:
            host, family = "0.0.0.0", socket.AF_INET  # noqa: S104 - `host: ""` asks for every address
        listener = socket.create_server((host, config.port), family=family, backlog=BACKLOG, dualstack_ipv6=dual)
    except OSError as error:
        raise AddressUnusable(
            f"cannot listen on {config.host or 'every address'}, port {config.port}: {error.strerror or error}. "
            "Choose another one with --host and --port (host and port in config.yaml)."
        ) from None
    # asyncio sets this on sockets of its own making only; accepted connections inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def server_for(app: Starlette, config: Config, *, on_start: Callable[[], None] = lambda: None) -> Server:
    """The server of one configuration, ready to `serve()`; `on_start` is called once it listens."""
    tls = config.tls

    def stop() -> None:
        services = getattr(app.state, "services", None)
        if services is not None:
            services.stop()

    return Server(
        uvicorn.Config(
            app,
            host=config.host or "::",
            port=config.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            http=OneWrite,
            ws="none",  # no route is one; by itself uvicorn imports a library for them
            lifespan="on",
            # asyncio accepts so many connections in one go (3.11): one of several workers must not take a whole burst.
            backlog=BACKLOG if config.workers == 1 else 1,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
            ssl_certfile=tls.cert if tls.enable else None,
            ssl_keyfile=tls.key if tls.enable else None,
        ),
        on_start=on_start,
        on_stop=stop,
    )
