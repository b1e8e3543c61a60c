"""`mediashim login`: sign in to Google in a browser, with an OAuth client of one's own, for Vertex AI."""

import argparse
import os
import secrets
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from proxy.config import Config, ConfigError, load_config
from proxy.credentials.consent_answer import Loopback
from proxy.credentials.load import read_json_object
from proxy.credentials.login_file import Login, login_folder, write_login
from proxy.credentials.oauth_consent import Consent, LoginError, OAuthClient, client_of_file, consent_url
from proxy.credentials.oauth_login import Account, Endpoints
from proxy.credentials.token_transport import TokenTransport
from proxy.forward_proxy import forward_proxy

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = Any

NO_CLIENT = (
    "An OAuth client is needed: create one of type Desktop app in the Google Cloud console (APIs & Services, "
    "Credentials), then give --client-file client_secret.json, or --client-id and $MEDIASHIM_OAUTH_CLIENT_SECRET, or "
    "oauth-client in config.yaml."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """The person at the keyboard: where lines are typed, and how a browser is opened."""

    typed: TextIO
    open_browser: Callable[[str], object] = webbrowser.open
    endpoints: Endpoints = field(default_factory=Endpoints)


def add_parser(subparsers: SubParsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser("login", help="sign in to Google for Vertex AI, with your own OAuth client")
    parser.add_argument("--config", type=Path, metavar="FILE", help="config.yaml (default: $MEDIASHIM_CONFIG, or none)")
    parser.add_argument("--data-dir", metavar="DIR", help="folder that keeps the login (in it: logins/EMAIL.json)")
    parser.add_argument("--client-file", type=Path, metavar="FILE", help="client_secret.json of the OAuth client")
    parser.add_argument("--client-id", help="id of the OAuth client")
    parser.add_argument(
        "--client-secret", help="its secret (better: $MEDIASHIM_OAUTH_CLIENT_SECRET, which no one sees)"
    )
    parser.add_argument(
        "--project", help="Google Cloud project to use (default: the account's only one, or a question)"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="open none: print the address, take the answer pasted"
    )
    parser.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help="longest wait (default: 600)")
    parser.set_defaults(run=lambda options: run(options, os.environ, Terminal(typed=sys.stdin)))


def run(options: argparse.Namespace, environ: Mapping[str, str], terminal: Terminal) -> int:
    """Sign in and keep the login; 1 with one line on standard error when that fails, 2 for a wrong configuration."""
    overrides = {"data-dir": options.data_dir} if options.data_dir else {}
    try:
        config = load_config(options.config, environ, overrides).config
        login = sign_in(options, config, client_of(options, config), terminal)
        path = write_login(login_folder(config.data_dir), login)
    except ConfigError as error:
        return _fail(str(error), 2)
    except (LoginError, OSError, ValueError) as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return 130
    print(f"Signed in as {login.email} for project {login.project_id}; kept in {path}.")
    print("A running mediashim uses an account it does not know yet after a restart.")
    return 0


def client_of(options: argparse.Namespace, config: Config) -> OAuthClient:
    """The OAuth client: of the options, else of the configuration. Raises LoginError when there is none."""
    if options.client_file is not None:
        try:
            return client_of_file(read_json_object(options.client_file))
        except ValueError as error:
            raise LoginError(f"{options.client_file} {error}") from None
    client_id = options.client_id or config.oauth_client.client_id
    client_secret = options.client_secret or config.oauth_client.client_secret.get_secret_value()
    if not client_id or not client_secret:
        raise LoginError(NO_CLIENT)
    return OAuthClient(client_id=client_id, client_secret=client_secret)


def sign_in(options: argparse.Namespace, config: Config, client: OAuthClient, terminal: Terminal) -> Login:
    """Ask the user to agree, and Google for tokens. Raises LoginError."""
    proxy_url = forward_proxy(None, config.proxy_url.get_secret_value() or None)
    account = Account(terminal.endpoints, TokenTransport(proxy_url=proxy_url))
    with Loopback() as loopback:
        consent = Consent(
            client=client,
            redirect_uri=loopback.redirect_uri,
            state=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
        )
        _send_there(consent_url(terminal.endpoints.consent, consent), options, terminal)
        code = loopback.code(consent, typed=terminal.typed, seconds=options.timeout, complain=_complain)
    granted = account.redeem(consent, code)
    expiry = granted.expiry(datetime.now(UTC))
    email = account.email(granted)
    return Login(
        access_token=granted.access_token,
        refresh_token=granted.refresh_token,
        token_type=granted.token_type,
        expiry=expiry,
        client_id=client.client_id,
        client_secret=client.client_secret,
        email=email,
        project_id=options.project or choose_project(account.projects(granted), terminal.typed),
    )


def _send_there(url: str, options: argparse.Namespace, terminal: Terminal) -> None:
    print(f"Sign in to Google at this address:\n\n  {url}\n")
    print(
        "If the browser is on another machine, it ends at a page that cannot be shown: paste that page's address here."
    )
    sys.stdout.flush()
    if not options.no_browser:
        terminal.open_browser(url)


def choose_project(projects: Sequence[str], typed: TextIO) -> str:
    """The only project, or the one that is typed, by number or id. Raises LoginError."""
    match projects:
        case []:
            raise LoginError("The account has no Google Cloud project. Create one, or name one with --project.")
        case [only]:
            return only
    for number, project in enumerate(projects, 1):
        print(f"  {number}. {project}")
    print("Which project shall pay for what is made? Number or id: ", end="", flush=True)
    while line := typed.readline():
        word = line.strip()
        if word in projects:
            return word
        if word.isdecimal() and 1 <= int(word) <= len(projects):
            return projects[int(word) - 1]
        print(f"Not one of them. 1 to {len(projects)}, or the id: ", end="", flush=True)
    raise LoginError(f"The account has several projects: {', '.join(projects)}. Name one with --project.")


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(text: str, code: int) -> int:
    _complain(f"mediashim login: {text}")
    return code
