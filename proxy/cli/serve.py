"""`mediashim serve`: the proxy, until it is stopped."""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from uvicorn.loops.auto import auto_loop_factory

from proxy import collection, logs
from proxy.app import Surroundings, create_app
from proxy.auth import check_exposure
from proxy.config import Config, ConfigError, Loaded, load_config, secrets_of
from proxy.server import AddressUnusable, listening, server_for
from proxy.services import Services
from proxy.simulated import simulated_surroundings

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any

log = logging.getLogger("mediashim")

NO_CREDENTIAL = (
    "no Google credential is configured, so every request for a model will be refused. Set GEMINI_API_KEY, or "
    "GOOGLE_APPLICATION_CREDENTIALS with GOOGLE_CLOUD_PROJECT, or list credentials in config.yaml (gemini-api-key, "
    "vertex); --simulate needs none."
)


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("serve", help="run the proxy")
    parser.add_argument("--config", type=Path, metavar="FILE", help="config.yaml (default: $MEDIASHIM_CONFIG, or none)")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8317)")
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
    overrides = {
        name: value
        for name, value in (("host", args.host), ("port", args.port), ("data-dir", args.data_dir))
        if value is not None
    }
    try:
        loaded = load_config(args.config, os.environ, overrides)
        check_exposure(loaded.config)
        logs.configure(loaded.config.log_level, loaded.config.log.format, secrets_of(loaded.config))
        # uvicorn chooses a loop only where it also runs it; asyncio.run would take the standard library's slow one.
        with listening(loaded.config) as listener, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            return runner.run(_serve(loaded, listener, simulate=args.simulate, latency=args.latency))
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
        server = server_for(app, loaded.config, on_start=lambda: _started(app, loaded.config, listener))
        await server.serve(sockets=[listener])
        return 0 if server.started else 1


@asynccontextmanager
async def _surroundings(*, simulate: bool, latency: float) -> AsyncIterator[Surroundings | None]:
    if not simulate:
        yield None
        return
    async with simulated_surroundings(latency=latency) as around:
        log.info("a simulated Google is used: nothing is real, and nothing is paid for")
        yield around


def _started(app: Starlette, config: Config, listener: socket.socket) -> None:
    _greet(app, config, listener)
    collection.settle()


def _greet(app: Starlette, config: Config, listener: socket.socket) -> None:
    """Where the proxy is, once it is there; and what is missing before it can be of use."""
    host = f"[{config.host}]" if ":" in config.host else config.host or "localhost"
    scheme = "https" if config.tls.enable else "http"
    log.info("mediashim listens on %s://%s:%d/v1", scheme, host, listener.getsockname()[1])
    services: Services = app.state.services
    if not services.offers:
        log.warning(NO_CREDENTIAL)
