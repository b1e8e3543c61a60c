"""`mediashim serve`: the proxy, until it is stopped."""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette

from proxy import ahead, logs, server
from proxy.app import Surroundings, create_app
from proxy.auth import check_exposure
from proxy.config import Config, ConfigError, Loaded, load_config, secrets_of
from proxy.run_folder import run_folder
from proxy.server import AddressUnusable, listening, server_for
from proxy.services import Services
from proxy.simulated import SimulatedGoogle, simulated_google, simulated_surroundings
from proxy.supervisor import shared_state, supervise
from proxy.worker import NO_CREDENTIAL, Order

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any

log = logging.getLogger("mediashim")

SIMULATED = "a simulated Google is used: nothing is real, and nothing is paid for"


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("serve", help="run the proxy")
    parser.add_argument("--config", type=Path, metavar="FILE", help="config.yaml (default: $MEDIASHIM_CONFIG, or none)")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8317)")
    parser.add_argument("--workers", type=int, help="processes that serve (default: 1)")
    parser.add_argument("--data-dir", metavar="DIR", help="folder for jobs and videos")
    parser.add_argument(
        "--simulate", action="store_true", help="use the embedded simulator instead of Google: no credential, no cost"
    )
    parser.add_argument(
        "--latency", type=float, default=4.0, help="seconds a simulated video takes (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 2 for a configuration that cannot be used, 1 for an address that cannot."""
    said = {"host": args.host, "port": args.port, "workers": args.workers, "data-dir": args.data_dir}
    overrides = {name: value for name, value in said.items() if value is not None}
    try:
        loaded = load_config(args.config, os.environ, overrides)
        check_exposure(loaded.config)
        logs.configure(loaded.config.log_level, loaded.config.log.format, secrets_of(loaded.config))
        with listening(loaded.config) as listener:
            serve = _serve if loaded.config.workers == 1 else _serve_by_several
            return server.run(serve(loaded, listener, simulate=args.simulate, latency=args.latency))
    except ConfigError as error:
        print(f"mediashim serve: {error}", file=sys.stderr)
        return 2
    except AddressUnusable as error:
        print(f"mediashim serve: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _serve(loaded: Loaded, listener: socket.socket, *, simulate: bool, latency: float) -> int:
    for note in loaded.notes:
        log.info("%s", note)
    async with _surroundings(simulate=simulate, latency=latency) as around:
        app = create_app(loaded.config, around)
        serving = server_for(app, loaded.config, on_start=lambda: _started(app, loaded.config, listener))
        await serving.serve(sockets=[listener])
        return 0 if serving.started else 1


async def _serve_by_several(loaded: Loaded, listener: socket.socket, *, simulate: bool, latency: float) -> int:
    """One supervisor, which has the simulator if there is one, and as many workers as the configuration says."""
    config = loaded.config
    for note in (*loaded.notes, *shared_state(session_affinity=config.routing.session_affinity)):
        log.info("%s", note)

    def greet() -> None:
        log.info("mediashim listens on %s, with %d workers", _address(config, listener), config.workers)

    async with _simulated(simulate=simulate, latency=latency) as google:
        with run_folder(config.data_dir) if config.metrics.enabled else nullcontext() as counts:
            order = Order(config=config, listener=listener.fileno(), simulated=google, counts_folder=counts)
            return await supervise(order, workers=config.workers, on_ready=greet)


@asynccontextmanager
async def _simulated(*, simulate: bool, latency: float) -> AsyncIterator[SimulatedGoogle | None]:
    if not simulate:
        yield None
        return
    async with simulated_google(latency=latency) as google:
        log.info(SIMULATED)
        yield google


@asynccontextmanager
async def _surroundings(*, simulate: bool, latency: float) -> AsyncIterator[Surroundings | None]:
    if not simulate:
        yield None
        return
    async with simulated_surroundings(latency=latency) as around:
        log.info(SIMULATED)
        yield around


def _started(app: Starlette, config: Config, listener: socket.socket) -> None:
    _greet(app, config, listener)
    ahead.prepare(asyncio.get_running_loop())


def _greet(app: Starlette, config: Config, listener: socket.socket) -> None:
    """Where the proxy is, once it is there; and what is missing before it can be of use."""
    log.info("mediashim listens on %s", _address(config, listener))
    services: Services = app.state.services
    if not services.offers:
        log.warning(NO_CREDENTIAL)


def _address(config: Config, listener: socket.socket) -> str:
    """The base URL, as a client on this machine may use it."""
    host = f"[{config.host}]" if ":" in config.host else config.host or "localhost"
    scheme = "https" if config.tls.enable else "http"
    return f"{scheme}://{host}:{listener.getsockname()[1]}/v1"
