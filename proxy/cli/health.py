"""`mediashim health`: is the proxy on this machine up? For container health checks, which have no curl.

Also runnable as `python -m proxy.cli.health`.
"""

import argparse
import http.client
import os
import ssl
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from proxy.config import Config, ConfigError, load_config

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any

_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - recognised, not bound to
"""Where to knock when the proxy listens on all addresses."""


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """0 when GET /healthz answers 200, else 1 with one line on standard error that says what happened instead."""
    parser = argparse.ArgumentParser(prog="mediashim health", description="Ask the proxy whether it is up.")
    _add_options(parser)
    return _check(parser.parse_args(arguments), environ)


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("health", help="ask a running proxy whether it is up")
    _add_options(parser)
    parser.set_defaults(run=lambda options: _check(options, os.environ))


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration that the proxy was started with")
    parser.add_argument("--url", help="where it listens, instead of what configuration and environment say")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="longest wait (default: 5)")


def _check(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    try:
        url = options.url or listening_url(load_config(options.config, environ).config)
        status = ask(url, options.timeout)
    except ConfigError as error:
        complaint = str(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        complaint = f"{url} does not answer: {str(error) or type(error).__name__}"
    else:
        if status == http.client.OK:
            return 0
        complaint = f"{url} answers {status}"
    print(complaint, file=sys.stderr)
    return 1


def listening_url(config: Config) -> str:
    """The proxy's URL as seen from its own machine."""
    host = _EVERYWHERE.get(config.host, config.host)
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"{'https' if config.tls.enable else 'http'}://{bracketed}:{config.port}"


def ask(url: str, timeout: float) -> int:
    """The status of GET /healthz there; raises OSError, HTTPException or ValueError when there is no answer."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http(s) URL")
    connection = _connection(parts.scheme, parts.hostname, parts.port, timeout)
    try:
        connection.request("GET", "/healthz", headers={"connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout)
    # The certificate names the public host and not this loopback address; nothing secret is sent.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


if __name__ == "__main__":
    raise SystemExit(main())
