"""`mediashim COMMAND`: each command is a module of `proxy.cli`, imported when it is asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from proxy import __version__, collection

COMMANDS = ("serve", "demo", "simulate", "health", "login", "logins")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="mediashim",
        description="OpenAI's API in front of Google's video, image and text models.",
    )
    parser.add_argument("--version", action="version", version=f"mediashim {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    words = list(sys.argv[1:] if arguments is None else arguments)
    asked = [word for word in words[:1] if word in COMMANDS]
    with collection.paused():
        for command in asked or COMMANDS:
            importlib.import_module(f"proxy.cli.{command}").add_parser(subparsers)
    chosen = parser.parse_args(words)
    result: int = chosen.run(chosen)
    return result


if __name__ == "__main__":
    sys.exit(main())
