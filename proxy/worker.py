"""One of several processes that serve the same address: `python -m proxy.worker`, started by `supervisor.py` alone.

What to do comes over standard input, since a command line can be read by everyone on the machine. The pipe stays open
as long as the supervisor lives; its end means that nobody would replace this process any more, or stop it, so it stops
by itself. Standard output carries one line back: that it serves.
"""

import asyncio
import logging
import os
import pickle
import signal
import socket
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.applications import Starlette

from proxy import ahead, logs
from proxy.app import Surroundings, create_app
from proxy.config import Config, ConfigError, secrets_of
from proxy.server import Server, run, server_for
from proxy.services import Services
from proxy.simulated import SimulatedGoogle

log = logging.getLogger("mediashim")

READY = b"ready\n"
"""What a worker writes once it serves."""
NO_CREDENTIAL = (
    "no Google credential is configured, so every request for a model will be refused. Set GEMINI_API_KEY, or "
    "GOOGLE_APPLICATION_CREDENTIALS with GOOGLE_CLOUD_PROJECT, or list credentials in config.yaml (gemini-api-key, "
    "vertex); --simulate needs none."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a worker is to run: the supervisor's own configuration, so that a replaced one has no other than the rest."""

    config: Config = field(repr=False)
    listener: int
    """The descriptor of the socket that all workers accept from."""
    simulated: SimulatedGoogle | None = None
    counts_folder: Path | None = None
    """Where the workers leave what they have counted."""
    warns: bool = False
    """It says what is missing in the configuration; one for all."""


def main() -> int:
    """Serve until told to stop; 2 for a configuration that cannot be used, 1 for any other failure to start."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own supervisor's, over a pipe nobody else has
    config = order.config
    logs.configure(config.log_level, config.log.format, secrets_of(config))
    try:
        with socket.socket(fileno=order.listener) as listener:
            return run(_serve(order, listener))
    except ConfigError as error:
        print(f"mediashim serve: {error}", file=sys.stderr)  # noqa: T201 - as the command line says it
        return 2
    except KeyboardInterrupt:
        return 0


async def _serve(order: Order, listener: socket.socket) -> int:
    around = order.simulated.surroundings() if order.simulated is not None else Surroundings()
    app = create_app(order.config, replace(around, counts_folder=order.counts_folder))
    server = server_for(app, order.config, on_start=lambda: _greet(app, warns=order.warns))
    _stop_with_supervisor(server)
    await server.serve(sockets=[listener])
    return 0 if server.started else 1


def _stop_with_supervisor(server: Server) -> None:
    """The pipe's end is the supervisor's: a parent killed outright sends no signal."""
    loop, pipe = asyncio.get_running_loop(), sys.stdin.fileno()

    def ended() -> None:
        if not os.read(pipe, 1):
            loop.remove_reader(pipe)
            log.warning("the supervisor has gone: this worker stops")
            server.handle_exit(signal.SIGTERM, None)

    loop.add_reader(pipe, ended)


def _greet(app: Starlette, *, warns: bool) -> None:
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads the pipe from now on
    services: Services = app.state.services
    if warns and not services.offers:
        log.warning(NO_CREDENTIAL)
    ahead.prepare(asyncio.get_running_loop())


if __name__ == "__main__":
    sys.exit(main())
