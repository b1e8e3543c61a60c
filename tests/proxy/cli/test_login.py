"""`mediashim login` against the simulator's consent screen: what is kept, what is asked, and every way it can fail."""

import argparse
import asyncio
import io
import json
import os
import stat
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from proxy.__main__ import main
from proxy.cli import login
from proxy.config import load_config
from proxy.credentials import load
from proxy.credentials.credential import CredentialKind
from proxy.credentials.login_file import read_login
from proxy.credentials.oauth_consent import CLOUD_PLATFORM
from proxy.credentials.oauth_login import Endpoints
from proxy.credentials.token_errors import TokenRefreshError
from proxy.credentials.tokens import Tokens
from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.wiring import entries_of
from translators.wire.call import Surface

EMAIL = "someone@simulated.example"


def endpoints(google: RunningSimulator) -> Endpoints:
    base = google.base_url
    return Endpoints(
        consent=f"{base}/o/oauth2/v2/auth",
        token=f"{base}/token",
        user=f"{base}/oauth2/v2/userinfo",
        projects=f"{base}/v1/projects",
    )


def landing(url: str) -> str:
    """Where the consent screen sends the browser, not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(url, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["location"])
    raise AssertionError("no redirect")


class Person:
    """Someone at a terminal: what they typed before, and what they do when a browser opens."""

    def __init__(self, google: RunningSimulator, *typed: str, browse: Callable[[str], Any] | None = None) -> None:
        # A pipe, as a terminal is none of a test's business; lines are there before they are asked for.
        reading, writing = os.pipe()
        os.write(writing, "".join(f"{line}\n" for line in typed).encode())
        os.close(writing)
        self.typed = os.fdopen(reading, buffering=1)
        self.visit: asyncio.Future[Any] | None = None
        self.pages: list[str] = []
        self._google = google
        self._browse = browse or self._follow
        self._loop = asyncio.get_running_loop()

    def _follow(self, url: str) -> None:
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.pages.append(answer.read().decode())

    def open_browser(self, url: str) -> None:
        self.visit = self._loop.run_in_executor(None, self._browse, url)

    async def signs_in(self, folder: Path, *arguments: str, environ: dict[str, str] | None = None) -> int:
        parser = argparse.ArgumentParser()
        login.add_parser(parser.add_subparsers())
        options = parser.parse_args(["login", "--data-dir", str(folder), *arguments])
        terminal = login.Terminal(typed=self.typed, open_browser=self.open_browser, endpoints=endpoints(self._google))
        try:
            code = await asyncio.to_thread(login.run, options, environ or {}, terminal)
            if self.visit is not None:
                await self.visit
        finally:
            self.typed.close()
        return code


def client_file(google: RunningSimulator, folder: Path) -> str:
    path = folder / "client_secret.json"
    path.write_text(json.dumps(google.world.consent.new_client()))
    return str(path)


async def signed_in(google: RunningSimulator, folder: Path) -> Path:
    assert await Person(google).signs_in(folder, "--client-file", client_file(google, folder)) == 0
    return folder / "logins" / f"{EMAIL}.json"


async def test_a_browser_that_comes_back_leaves_a_login(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file has exactly the eight fields, mode 0600 in a folder of 0700, and nothing secret is printed."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
    kept = json.loads(path.read_text())

    assert set(kept) == {
        *("access_token", "refresh_token", "token_type", "expiry"),
        *("client_id", "client_secret", "email", "project_id"),
    }
    assert (kept["email"], kept["project_id"], kept["token_type"]) == (EMAIL, google.project, "Bearer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    said = "".join(capsys.readouterr())
    assert not any(kept[name] in said for name in ("access_token", "refresh_token", "client_secret"))


async def test_a_headless_machine_takes_the_pasted_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--no-browser opens none; the address that the browser ended at is pasted, and another one is refused."""
    reading, writing = os.pipe()
    async with running_simulator() as google:
        person = Person(google)
        person.typed.close()
        person.typed = os.fdopen(reading, buffering=1)
        arguments = ("--no-browser", "--client-file", client_file(google, tmp_path))
        signing = asyncio.create_task(person.signs_in(tmp_path, *arguments))
        said = ""
        while "http" not in said or "\n\n" not in said.partition("http")[2]:
            await asyncio.sleep(0.01)
            said += capsys.readouterr().out
        url = next(line.strip() for line in said.splitlines() if "/o/oauth2/" in line)
        there = await asyncio.to_thread(landing, url)
        os.write(writing, b"http://127.0.0.1:1/?state=another&code=x\n")
        os.write(writing, f"{there}\n".encode())
        os.close(writing)
        assert await signing == 0
    assert person.visit is None
    assert "its `state` differs" in capsys.readouterr().err


async def test_a_redirect_with_another_state_is_turned_away(tmp_path: Path) -> None:
    """A page that knows the port cannot slip in a code of its own; the true answer still counts."""
    refused: list[int] = []

    def attacked(url: str) -> None:
        there = landing(url)
        for forged in (f"{there.partition('?')[0]}?code=forged&state=guess", f"{there.partition('?')[0]}/favicon.ico"):
            try:
                urllib.request.urlopen(forged, timeout=10)
            except urllib.error.HTTPError as answer:
                with answer:
                    refused.append(answer.code)
        with urllib.request.urlopen(there, timeout=10) as answer:
            answer.read()

    async with running_simulator() as google:
        person = Person(google, browse=attacked)
        assert await person.signs_in(tmp_path, "--client-file", client_file(google, tmp_path)) == 0
    assert refused == [404, 404]


@pytest.mark.parametrize(("typed", "chosen"), [("9\n\n2\n", "three"), ("two\n", "two")])
def test_a_project_is_chosen_by_number_or_id(typed: str, chosen: str) -> None:
    """What is none of them is asked for again."""
    assert login.choose_project(["one", "three", "two"], io.StringIO(typed)) == chosen


async def test_the_project_may_be_named_and_must_be_when_nobody_can_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--project asks nothing; without it and without anybody there, the error names all projects of every page."""
    async with running_simulator(SimulatorSettings(projects=("two", "one", "three"))) as google:
        file = client_file(google, tmp_path)
        assert await Person(google).signs_in(tmp_path, "--client-file", file, "--project", "mine") == 0
        assert read_login(tmp_path / "logins" / f"{EMAIL}.json").project_id == "mine"
        assert not google.requests_for("projects")
        assert await Person(google).signs_in(tmp_path, "--client-file", file) == 1
    assert "one, three, two. Name one with --project" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "settings", "says"),
    [
        ({"denies": True}, {}, "denied in the browser"),
        ({"withheld": frozenset({CLOUD_PLATFORM})}, {}, f"The scope {CLOUD_PLATFORM} was not granted"),
        ({}, {"projects": ()}, "no Google Cloud project"),
        (
            {},
            {"disabled_services": frozenset({"cloudresourcemanager.googleapis.com"})},
            "refused to list the account's projects (--project",
        ),
    ],
)
async def test_what_went_wrong_is_said(
    spoil: dict[str, Any], settings: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that tells what to do; no login is kept."""
    async with running_simulator(SimulatorSettings(**settings)) as google:
        for name, value in spoil.items():
            setattr(google.world.consent, name, value)
        assert await Person(google).signs_in(tmp_path, "--client-file", client_file(google, tmp_path)) == 1
    assert says in capsys.readouterr().err
    assert not (tmp_path / "logins").exists()


async def test_nobody_comes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The wait ends."""
    async with running_simulator() as google:
        person = Person(google, browse=lambda url: None)
        arguments = ("--timeout", "0.05", "--client-file", client_file(google, tmp_path))
        assert await person.signs_in(tmp_path, *arguments) == 1
    assert "Nobody signed in" in capsys.readouterr().err


async def test_the_client_comes_from_options_or_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options win over the environment and the configuration; without any, the error says how to get one."""
    async with running_simulator() as google:
        client = google.world.consent.new_client()["installed"]
        by_environment = {
            "MEDIASHIM_OAUTH_CLIENT_ID": client["client_id"],
            "MEDIASHIM_OAUTH_CLIENT_SECRET": client["client_secret"],
        }
        assert await Person(google).signs_in(tmp_path, environ=by_environment) == 0
        secret = ("--client-id", client["client_id"], "--client-secret", "wrong")
        assert await Person(google).signs_in(tmp_path, *secret, environ=by_environment) == 1
        assert "exchange the code: Unauthorized" in capsys.readouterr().err
        assert await Person(google).signs_in(tmp_path) == 1
        assert "type Desktop app" in capsys.readouterr().err


async def test_a_client_file_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A web client cannot use the loopback redirect, and a key file is no client."""
    async with running_simulator() as google:
        for document, says in (
            ({"web": {}}, "a web client"),
            ({"type": "service_account"}, "no OAuth client"),
            ({"installed": {}}, "no client_id"),
        ):
            path = tmp_path / "client.json"
            path.write_text(json.dumps(document))
            assert await Person(google).signs_in(tmp_path, "--client-file", str(path)) == 1
            assert says in capsys.readouterr().err


async def test_the_server_uses_every_login_for_vertex(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An authorised user of the login's project on Vertex AI; a file that is no login is named and left out."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
    (path.parent / "broken.json").write_text('{"refresh_token": "x"}')
    entries = entries_of(load_config(None, {}, {"data-dir": str(tmp_path)}).config)

    assert [entry.credential.kind for entry in entries] == [CredentialKind.AUTHORIZED_USER]
    assert (entries[0].credential.surface, entries[0].credential.project) == (Surface.VERTEX, google.project)
    assert entries[0].credential.login_file == path
    assert "broken.json is not used" in caplog.text


async def test_the_kept_token_serves_first_and_the_refreshed_one_is_kept(tmp_path: Path) -> None:
    """No exchange while the kept token is good; one for all who wait near its end, written back with mode 0600."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
        before = read_login(path)
        credential = load.from_login(path, token_uri=google.token_uri)
        issued = google.world.tokens.issued
        time = [datetime.now(UTC)]
        tokens = Tokens(now=lambda: time[0])
        assert (await tokens.token(credential)).value == before.access_token
        assert google.world.tokens.issued == issued

        time[0] += timedelta(minutes=56)
        got = await asyncio.gather(*(tokens.token(credential) for _ in range(5)))
        await tokens.close()
        after = read_login(path)
        assert google.world.tokens.issued == issued + 1
        assert {token.value for token in got} == {after.access_token} != {before.access_token}
        assert after.expiry == got[0].expires_at
        assert after.refresh_token == before.refresh_token
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(path.parent.iterdir()) == [path]


async def test_a_kept_token_that_google_refuses_is_not_shown_again(tmp_path: Path) -> None:
    """After a 401 a new token is minted, and it stays."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
        credential = load.from_login(path, token_uri=google.token_uri)
        tokens = Tokens(now=lambda: datetime.now(UTC))
        first = await tokens.token(credential)
        second = await tokens.renew(credential, refused=first.value)
        assert second.value != first.value
        assert (await tokens.token(credential)).value == second.value
        await tokens.close()


async def test_a_login_that_ended_says_who_must_sign_in_and_how(tmp_path: Path) -> None:
    """invalid_grant names `mediashim login`, not gcloud; a new sign-in then works without a restart."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
        credential = load.from_login(path, token_uri=google.token_uri)
        tokens = Tokens(now=lambda: datetime.now(UTC) + timedelta(hours=2))
        google.world.tokens.revoke_grants()
        with pytest.raises(TokenRefreshError, match=r"must sign in again \(mediashim login\)"):
            await tokens.token(credential)
        await signed_in(google, tmp_path)
        assert (await tokens.token(credential)).value == read_login(path).access_token
        await tokens.close()


async def test_logins_are_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`mediashim logins` names account and project; `remove` deletes the file, and says so once only."""
    async with running_simulator() as google:
        path = await signed_in(google, tmp_path)
    capsys.readouterr()
    where = ["--data-dir", str(tmp_path)]
    assert main(["logins", *where]) == 0
    assert capsys.readouterr().out == f"{EMAIL}\tproject {google.project}\n"
    assert main(["logins", "remove", EMAIL, *where]) == 0
    assert not path.exists()
    assert main(["logins", "remove", EMAIL, *where]) == 1
    assert main(["logins", "remove", "../jobs", *where]) == 1
    assert main(["logins", "remove", *where]) == 2
