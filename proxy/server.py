"""The HTTP server around the application: uvicorn, told early when it is time to go."""

from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from proxy.config import Config

GRACE = 25
"""Seconds from SIGTERM until connections that are still open are cut."""


class Server(uvicorn.Server):
    """uvicorn, which lets those who wait for a job go as soon as a signal comes; by itself it would wait for them."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._on_stop()
        super().handle_exit(sig, frame)


def server_for(app: Starlette, config: Config) -> Server:
    """The server of one configuration, ready to `serve()`."""
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
            lifespan="on",
            timeout_graceful_shutdown=GRACE,
            ssl_certfile=tls.cert if tls.enable else None,
            ssl_keyfile=tls.key if tls.enable else None,
        ),
        stop,
    )
