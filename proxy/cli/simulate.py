"""`mediashim simulate`: the small Google alone, as its own process, until it is stopped."""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proxy.simulator import RulesFileError, RunningSimulator, SimulatorSettings, load_rules, running_simulator

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("simulate", help="run a small Google on this machine: no account, no cost")
    parser.add_argument("--port", type=int, required=True, help="port to listen on; 0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=4.0, help="seconds a video takes (default: %(default)s)")
    parser.add_argument("--rules", type=Path, metavar="FILE", help="scripted faults, YAML or JSON")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="append every accepted paid job to this file")
    parser.add_argument("--alive-veo", action="store_true", help="serve Veo to API keys too, as relays do")
    parser.add_argument("--api-key", metavar="KEY", help="the API key to accept (default: a new one, printed)")
    parser.add_argument(
        "--service-account", type=Path, metavar="FILE", help="write a service account's key file here, for Vertex"
    )
    parser.add_argument(
        "--auth-dir", type=Path, metavar="FOLDER", help="write CLIProxyAPI's credential files here: Vertex, Gemini CLI"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0 then, 2 if the rules file is no rules file."""
    try:
        settings = settings_from(args)
    except RulesFileError as error:
        print(f"mediashim simulate: {error}", file=sys.stderr)
        return 2
    asyncio.run(_serve(settings, args))
    return 0


def settings_from(args: argparse.Namespace) -> SimulatorSettings:
    """The settings that the options mean. Raises RulesFileError."""
    chosen: dict[str, Any] = {"api_keys": (args.api_key,)} if args.api_key else {}
    return SimulatorSettings(
        video_latency=args.latency,
        alive_veo_on_gemini=args.alive_veo,
        journal=args.journal,
        faults=load_rules(args.rules) if args.rules else (),
        render_ahead=True,
        **chosen,
    )


async def _serve(settings: SimulatorSettings, args: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on a loop
            loop.add_signal_handler(number, stopped.set)
    async with running_simulator(settings, host=args.host, port=args.port) as google:
        if args.service_account:
            _write_private(args.service_account, json.dumps(google.service_account(), indent=2))
        if args.auth_dir:
            write_auth_dir(args.auth_dir, google)
        print(greeting(google, args.service_account, args.auth_dir), flush=True)
        await stopped.wait()


def write_auth_dir(folder: Path, google: RunningSimulator) -> None:
    """Put into a folder what CLIProxyAPI keeps in its `auth-dir`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, document in google.auth_files().items():
        _write_private(folder / name, json.dumps(document, indent=2))


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def greeting(google: RunningSimulator, service_account: Path | None, auth_dir: Path | None = None) -> str:
    """How to point something at it. The key is no secret: it opens this simulator alone."""
    lines = [
        f"Simulated Google at {google.base_url}  (API key {google.api_key})",
        "",
        "  mediashim:     GEMINI_API_KEY={key} with base-url: {url} in config.yaml",
        "  google-genai:  genai.Client(api_key='{key}', http_options={{'base_url': '{url}'}})",
        "  curl:          curl -H 'x-goog-api-key: {key}' {url}/v1beta/models",
    ]
    if service_account is not None:
        lines.append(f"  Vertex:        service account {service_account}, project {google.project}, same base URL")
    if auth_dir is not None:
        lines.append(
            f"  CLIProxyAPI:   auth-dir: {auth_dir} in config.yaml, with code-assist: true for Gemini Code Assist"
        )
    return "\n".join(line.format(key=google.api_key, url=google.base_url) for line in lines)
