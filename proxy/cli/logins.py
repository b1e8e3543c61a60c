"""`mediashim logins`: who is signed in, and `mediashim logins remove EMAIL`."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proxy.config import ConfigError, load_config
from proxy.credentials.login_file import login_folder, login_path, read_login

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("logins", help="list or remove what `mediashim login` keeps")
    parser.add_argument("action", nargs="?", choices=("list", "remove"), default="list")
    parser.add_argument("email", nargs="?", help="the account to remove")
    parser.add_argument("--config", type=Path, metavar="FILE", help="config.yaml (default: $MEDIASHIM_CONFIG, or none)")
    parser.add_argument("--data-dir", metavar="DIR", help="folder that keeps the logins")
    parser.set_defaults(run=lambda options: run(options, os.environ))


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Do it; 1 when the account is not there or cannot be read, 2 for a wrong configuration or command line."""
    overrides = {"data-dir": options.data_dir} if options.data_dir else {}
    try:
        folder = login_folder(load_config(options.config, environ, overrides).config.data_dir)
    except ConfigError as error:
        return _fail(str(error), 2)
    if options.action == "list":
        return _list(folder)
    return _remove(folder, options.email) if options.email else _fail("remove needs an e-mail address", 2)


def _list(folder: Path) -> int:
    readable = True
    for path in sorted(folder.glob("*.json")):
        try:
            login = read_login(path)
        except ValueError as error:
            readable = False
            _fail(f"{path} {error}", 1)
        else:
            print(f"{login.email}\tproject {login.project_id}")
    return 0 if readable else 1


def _remove(folder: Path, email: str) -> int:
    try:
        login_path(folder, email).unlink()
    except (OSError, ValueError) as error:
        return _fail(f"{email} is not removed: {getattr(error, 'strerror', None) or error}", 1)
    print(f"Removed. The grant itself ends at https://myaccount.google.com/connections, signed in as {email}.")
    return 0


def _fail(text: str, code: int) -> int:
    print(f"mediashim logins: {text}", file=sys.stderr)
    return code
