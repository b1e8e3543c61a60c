"""Each kind of credential, from its file to an answer of the simulated Google's, and how a refusal is told."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from proxy.config import load_config
from proxy.credentials.credential import CredentialKind
from proxy.credentials.headers import auth_headers
from proxy.credentials.load import application_default, from_google_json
from proxy.credentials.token_errors import TokenRefreshError
from proxy.credentials.tokens import SCOPE, Tokens
from proxy.simulator import Drop, Fault, RunningSimulator, SimulatorSettings, Status, running_simulator
from proxy.wiring import entries_of
from tests.proxy.e2e.serving import running_proxy

MODEL = "gemini-2.5-flash"
HELLO = {"model": MODEL, "messages": [{"role": "user", "content": "hi"}]}

Arrange = Callable[[RunningSimulator, Path], dict[str, Any]]


def written(path: Path, document: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return str(path)


def one_vertex(google: RunningSimulator, **entry: Any) -> dict[str, Any]:
    return {"vertex": [{"base-url": google.base_url, **entry}]}


def key(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return {"gemini-api-key": [{"api-key": google.api_key, "base-url": google.base_url}]}


def vertex_key(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return {"vertex-api-key": [{"api-key": google.api_key, "base-url": google.base_url}]}


def account_file(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return one_vertex(google, **{"credentials-file": written(folder / "sa.json", google.service_account())})


def account_inline(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return one_vertex(google, **{"service-account": google.service_account()})


def user_file(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return one_vertex(google, **{"credentials-file": written(folder / "user.json", google.authorized_user())})


KINDS = (key, vertex_key, account_file, account_inline, user_file)


@asynccontextmanager
async def answering(
    arrange: Arrange, folder: Path, spoil: Callable[[RunningSimulator], Any] = lambda google: None, **settings: Any
) -> AsyncIterator[Any]:
    async with running_simulator(SimulatorSettings(**settings)) as google:
        entries = entries_of(load_config(None, {}, arrange(google, folder)).config)
        spoil(google)
        async with running_proxy(folder / "data", google, entries, request_retry=0) as proxy:
            yield await proxy.ask(HELLO)


@pytest.mark.parametrize("arrange", KINDS)
async def test_it_opens_its_front_door(arrange: Arrange, tmp_path: Path) -> None:
    """A chat completion is answered."""
    async with answering(arrange, tmp_path) as answer:
        assert answer.status_code == 200, answer.text


VERTEX, GEMINI = "aiplatform.googleapis.com", "generativelanguage.googleapis.com"


@pytest.mark.parametrize(
    ("arrange", "settings", "spoil", "code"),
    [
        (key, {"disabled_services": frozenset({GEMINI})}, None, "upstream_api_not_enabled"),
        (account_file, {"disabled_services": frozenset({VERTEX})}, None, "upstream_api_not_enabled"),
        (user_file, {}, lambda google: google.world.tokens.revoke_grants(), "upstream_login_expired"),
        (account_file, {"token_now": lambda: datetime.now(UTC) + timedelta(hours=3)}, None, "upstream_clock_skew"),
        (
            lambda google, folder: one_vertex(
                google, **{"credentials-file": written(folder / "u.json", google.authorized_user("openid"))}
            ),
            {},
            None,
            "upstream_scope_insufficient",
        ),
    ],
)
async def test_a_refusal_is_named(
    arrange: Arrange, settings: dict[str, Any], spoil: Any, code: str, tmp_path: Path
) -> None:
    """A code of its own for a disabled API, an ended sign-in, a wrong clock and a missing scope."""
    async with answering(arrange, tmp_path, spoil or (lambda google: None), **settings) as answer:
        assert answer.status_code >= 400
        assert answer.json()["error"]["code"] == code


def grant_refused(description: str) -> Status:
    return Status(status=400, body={"error": "invalid_grant", "error_description": description})


TOKEN_ANSWERS: list[tuple[Any, str]] = [
    (grant_refused("Token has been expired or revoked."), "upstream_login_expired"),
    (grant_refused("Invalid JWT Signature."), "upstream_key_revoked"),
    (grant_refused("reauth related error (invalid_rapt)"), "upstream_reauth_required"),
    (Status(status=401, body={"error": "invalid_client"}), "upstream_oauth_client_invalid"),
    (Status(status=400, body={"error": "invalid_scope"}), "upstream_scope_insufficient"),
    (Status(status=400, body="<html>Bad Request</html>"), "upstream_token_refused"),
    (Drop(), "upstream_token_unreachable"),
]


def default_login(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return one_vertex(google, project=google.project, **{"application-default": True})


@pytest.mark.parametrize(("action", "code"), TOKEN_ANSWERS)
@pytest.mark.parametrize("arrange", [account_file, account_inline, user_file, default_login])
async def test_each_refusal_of_a_token_is_named_for_each_kind(
    arrange: Arrange, action: Any, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's to mend, told to the caller by its own code; the model is never called."""
    async with running_simulator() as google:
        default = written(tmp_path / "default.json", google.service_account())
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", default)
        entries = entries_of(load_config(None, {}, arrange(google, tmp_path)).config)
        google.faults.add(Fault(verb="token", action=action))
        async with running_proxy(tmp_path / "data", google, entries, request_retry=0) as proxy:
            answer = await proxy.ask(HELLO)
        error = answer.json()["error"]
        assert (error["code"], answer.status_code) == (code, 503 if code == "upstream_token_unreachable" else 502)
        assert not google.requests_for("generateContent")


async def test_the_machines_own_login_opens_vertex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Application default credentials, as GOOGLE_APPLICATION_CREDENTIALS names them."""
    async with running_simulator() as google:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", written(tmp_path / "d.json", google.service_account()))
        entries = entries_of(load_config(None, {}, default_login(google, tmp_path)).config)
        async with running_proxy(tmp_path / "data", google, entries) as proxy:
            assert (await proxy.ask(HELLO)).status_code == 200


async def test_a_missing_scope_is_named_and_the_way_out(tmp_path: Path) -> None:
    """The error names the scope and `mediashim login`."""

    def email_only(google: RunningSimulator, folder: Path) -> dict[str, Any]:
        return one_vertex(google, **{"credentials-file": written(folder / "u.json", google.authorized_user("openid"))})

    async with answering(email_only, tmp_path) as answer:
        message = answer.json()["error"]["message"]
    assert SCOPE in message
    assert "mediashim login" in message


def cli_file(google: RunningSimulator) -> dict[str, Any]:
    user = google.authorized_user()
    token = {name: user[name] for name in ("refresh_token", "client_id", "client_secret", "token_uri")}
    return {"type": "gemini", "email": "me@example.org", "project_id": google.project, "token": token}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (
            lambda google: {
                "type": "vertex",
                "project_id": google.project,
                "service_account": google.service_account(),
            },
            CredentialKind.SERVICE_ACCOUNT,
        ),
        (lambda google: google.service_account(), CredentialKind.SERVICE_ACCOUNT),
        (lambda google: google.authorized_user(), CredentialKind.AUTHORIZED_USER),
        (cli_file, CredentialKind.AUTHORIZED_USER),
    ],
)
async def test_an_auth_dir_file_gets_a_token_that_opens_vertex(
    document: Callable[[RunningSimulator], dict[str, Any]], kind: CredentialKind, tmp_path: Path
) -> None:
    """CLIProxyAPI's Vertex wrapper, Google's own two files, and an old Gemini CLI login with its OAuth client."""
    async with running_simulator() as google:
        written(tmp_path / "auth" / "one.json", document(google))
        [entry] = entries_of(load_config(None, {}, {"auth-dir": str(tmp_path / "auth")}).config)
        assert (entry.credential.kind, entry.credential.project) == (kind, google.project)
        tokens = Tokens(now=lambda: datetime.now(UTC))
        token = await tokens.token(entry.credential)
        assert SCOPE in google.world.tokens.scopes(token.value, VERTEX)
        await tokens.close()


class Sts:
    """A security token service: exchanges another provider's token, or refuses."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.refuses = False

    async def answer(self, request: web.Request) -> web.Response:
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        if self.refuses:
            body = {"error": "invalid_grant", "error_description": "The given credential is rejected."}
            return web.json_response(body, status=400)
        body = {"access_token": "federated", "expires_in": 3600, "token_type": "Bearer"}
        return web.json_response({**body, "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"})


def workload(url: str, source: Path) -> dict[str, Any]:
    return {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/own",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{url}/v1/token",
        "credential_source": {"file": str(source)},
    }


async def test_workload_identity_exchanges_the_token_it_is_given(serve: Any, tmp_path: Path) -> None:
    """The file's token goes to the token service for cloud-platform; a refusal is a verdict on this credential."""
    sts = Sts()
    source = tmp_path / "subject"
    source.write_text("their-token")
    path = written(tmp_path / "workload.json", workload(await serve(sts.answer), source))
    settings = {"vertex": [{"credentials-file": path, "project": "mine"}]}
    [entry] = entries_of(load_config(None, {}, settings).config)
    assert entry.credential.kind is CredentialKind.EXTERNAL_ACCOUNT
    tokens = Tokens(now=lambda: datetime.now(UTC))
    assert await auth_headers(entry.credential, tokens) == {"authorization": "Bearer federated"}
    assert (sts.forms[0]["subject_token"], sts.forms[0]["scope"]) == ("their-token", SCOPE)

    sts.refuses = True
    with pytest.raises(TokenRefreshError, match=r"workload identity of .* shows.*rejected"):
        await tokens.renew(entry.credential, refused="federated")
    source.unlink()
    with pytest.raises(TokenRefreshError, match=entry.credential.id):
        await tokens.renew(entry.credential, refused="federated")
    await tokens.close()


@pytest.mark.parametrize("missing", ["audience", "subject_token_type", "token_url", "credential_source"])
def test_an_incomplete_workload_file_names_what_is_missing(missing: str, tmp_path: Path) -> None:
    """Said at the start, not at the first request."""
    document = workload("http://127.0.0.1:1", tmp_path)
    del document[missing]
    with pytest.raises(ValueError, match=missing):
        from_google_json(document, project="p")


class Metadata:
    """The metadata server of a Google Cloud machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        headers = {"Metadata-Flavor": "Google"}
        match request.path.rpartition("/")[2]:
            case "token":
                return web.json_response(
                    {"access_token": "of-the-machine", "expires_in": 3600, "token_type": "Bearer"}, headers=headers
                )
            case "project-id":
                return web.Response(text="machines-project", headers=headers)
            case _:
                body = {"email": "sa@machine", "scopes": [SCOPE], "aliases": ["default"]}
                return web.json_response(body, headers=headers)


async def test_the_metadata_server_gives_the_machines_token(
    serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Google Cloud without any file: application default credentials from GCE_METADATA_HOST."""
    metadata = Metadata()
    host = (await serve(metadata.answer)).removeprefix("http://")
    for name in ("GCE_METADATA_HOST", "GCE_METADATA_IP"):
        monkeypatch.setenv(name, host)
    # google-auth reads the variable when it is first imported, which may have been in another test.
    monkeypatch.setattr("google.auth.compute_engine._metadata._GCE_METADATA_HOST", host)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.delenv("NO_GCE_CHECK", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    tokens = Tokens(now=lambda: datetime.now(UTC))
    headers = await auth_headers(application_default(project="p"), tokens)
    await tokens.close()
    assert headers == {"authorization": "Bearer of-the-machine"}
    assert any(path.endswith("/token") for path in metadata.asked)
