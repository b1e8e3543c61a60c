"""No secret of a credential's file, and no token made of it, is in any line of a log, whoever writes it."""

import io
import json
import logging
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from proxy import logs
from proxy.config import load_config, secrets_of
from proxy.credentials.credential import Credential, CredentialKind
from proxy.credentials.login_file import Login, login_folder, write_login
from proxy.credentials.secret_parts import secret_parts
from proxy.credentials.tokens import Tokens
from proxy.simulator import running_simulator
from proxy.wiring import entries_of
from tests.proxy.conftest import Serve
from tests.proxy.e2e.serving import running_proxy

ANSWERS = {
    "echoed": (400, {}),
    "web page": (502, None),
    "given": (200, {"expires_in": 3600, "token_type": "Bearer"}),
}


@pytest.fixture(autouse=True)
def lines() -> Iterator[io.StringIO]:
    """What the program logs, at debug level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("debug", "plain", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


class Files:
    """One credential of each kind of file, all of its secrets without a telling look."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.known: list[str] = []
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.known += key.decode().splitlines()[1:-1]
        account = {
            "type": "service_account",
            "project_id": "p1",
            "client_email": "a@p1.iam.gserviceaccount.com",
            "private_key_id": self.secret(),
            "private_key": key.decode(),
            "token_uri": endpoint,
        }
        user = {"client_id": "id", "client_secret": self.secret(), "refresh_token": self.secret()}
        cli = {"token": {**user, "refresh_token": self.secret(), "access_token": self.secret(), "token_uri": endpoint}}
        documents: dict[str, Any] = {
            "vertex": {"type": "vertex", "service_account": account, "headers": {"x-own": self.secret()}},
            "gemini": {"type": "gemini", "project_id": "p2", "email": "b@example.com", **cli},
            "user": {"type": "authorized_user", "quota_project_id": "p3", "token_uri": endpoint, **user},
        }
        auth_dir = folder / "auths"
        auth_dir.mkdir()
        for name, document in documents.items():
            (auth_dir / f"{name}.json").write_text(json.dumps(document))
        login = Login(
            access_token=self.secret(),
            refresh_token=self.secret(),
            expiry=datetime.now(UTC) - timedelta(hours=1),
            client_id="id",
            client_secret=self.secret(),
            email="c@example.com",
            project_id="p4",
        )
        write_login(login_folder(folder / "data"), login)
        options = {"auth-dir": str(auth_dir), "data-dir": str(folder / "data"), "proxy-url": ""}
        self.config = load_config(None, {}, options).config

    def secret(self) -> str:
        """A new one, which is looked for afterwards."""
        self.known.append(secrets.token_hex(20))
        return self.known[-1]


@pytest.mark.parametrize("answer", ANSWERS)
async def test_nothing_of_a_refresh_is_logged(
    answer: str, serve: Serve, tmp_path: Path, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint repeats all it is sent, or falls over, or gives tokens that somebody logs: none of it is told."""
    given: list[str] = []

    async def endpoint(request: web.Request) -> web.Response:
        sent = await request.text()
        form = await request.post()
        given.extend(str(form[name]) for name in ("assertion", "refresh_token") if name in form)
        status, body = ANSWERS[answer]
        if body is None:
            return web.Response(status=status, text=f"<html>{sent}</html>", content_type="text/html")
        if status != 200:
            return web.json_response({"error": "invalid_grant", "error_description": sent}, status=status)
        given.extend((secrets.token_hex(20), secrets.token_hex(20)))
        return web.json_response({**body, "access_token": given[-1], "refresh_token": given[-2]})

    here = await serve(endpoint)
    monkeypatch.setattr("proxy.credentials.tokens.TOKEN_ENDPOINT", here)
    files = Files(tmp_path, here)
    entries = entries_of(files.config)
    assert len(entries) == 4
    async with running_simulator() as unused, running_proxy(tmp_path / "data", unused, entries) as proxy:
        body = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hi"}]}
        answers = [(await proxy.ask(body)).text for _ in range(4)] if answer != "given" else []
        tokens = Tokens(now=lambda: datetime.now(UTC))
        for entry in entries if answer == "given" else ():
            await tokens.token(entry.credential)
    assert given
    for secret in (*files.known, *given):
        logging.getLogger("somebody.else").debug("it is %s, %r", secret, {"x": secret})
    told = lines.getvalue() + "".join(answers)
    assert "somebody.else" in told
    for secret in (*files.known, *given):
        assert secret not in told


def test_the_parts_of_every_kind() -> None:
    """Keys, JSON at any depth, headers that are no copies of the caller's, the proxy's password."""
    credential = Credential(
        id="c",
        kind=CredentialKind.EXTERNAL_ACCOUNT,
        secret="the-key",
        project="p",
        info={
            "type": "external_account",
            "credential_source": {"headers": {"Authorization": "Bearer source"}, "url": "https://h"},
            "more": [{"client_secret": "deep"}, "word"],
        },
        headers={"x-own": "own", "x-copied": "$X-Caller"},
        proxy_url="http://user:p%40ss@proxy:1",
    )
    assert secret_parts(credential) == {"the-key", "Bearer source", "deep", "own", "p%40ss", "p@ss"}


def test_the_configurations_secrets_are_a_subset(tmp_path: Path) -> None:
    """What `secrets_of` knows of a key, its credential knows too."""
    key = secrets.token_hex(20)
    config = load_config(None, {}, {"gemini-api-key": [{"api-key": key, "base-url": "http://h"}]}).config
    [entry] = entries_of(config)
    assert key in secret_parts(entry.credential) & secrets_of(config)
