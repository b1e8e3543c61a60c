"""Tokens: minted once for all who wait, renewed before they expire, and refused in words that help."""

import asyncio
import json
import secrets
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions

from proxy.credentials.credential import Credential
from proxy.credentials.headers import auth_headers
from proxy.credentials.load import application_default, from_google_json, gemini_api_key
from proxy.credentials.token_errors import TokenRefreshError, token_refresh_error
from proxy.credentials.token_transport import TokenTransport
from proxy.credentials.tokens import AccessToken, Tokens
from proxy.metrics.tally import Tallies
from translators.errors import Unavailable, UpstreamFailed
from translators.google_errors import Blame

REFRESH_TOKEN = secrets.token_hex(20)


class Clock:
    """The wall clock, movable: google-auth dates its tokens by the real one."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class TokenServer:
    """An OAuth token endpoint that counts, and refuses on demand."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        if self.refusal is not None:
            status, body = self.refusal
            return web.json_response(body, status=status)
        return web.json_response(
            {"access_token": f"token-{len(self.forms)}", "expires_in": 3600, "token_type": "Bearer"}
        )


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def server() -> TokenServer:
    return TokenServer()


@pytest.fixture
async def token_uri(serve: Callable[..., Any], server: TokenServer) -> str:
    return await serve(server.answer) + "/token"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tokens(clock: Clock) -> Any:
    tokens = Tokens(now=clock)
    yield tokens
    await tokens.close()


@pytest.fixture
def service_account(private_key: str, token_uri: str) -> Credential:
    return from_google_json(service_account_json(private_key, token_uri))


def service_account_json(private_key: str, token_uri: str) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "p",
        "private_key_id": "k",
        "client_email": "sa@p.iam.gserviceaccount.com",
        "private_key": private_key,
        "token_uri": token_uri,
    }


def user(token_uri: str, **members: Any) -> Credential:
    document = {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": REFRESH_TOKEN,
        "refresh_token": REFRESH_TOKEN,
        "token_uri": token_uri,
        **members,
    }
    return from_google_json(document, project="p")


async def test_a_service_account_signs_for_its_token(
    service_account: Credential, tokens: Tokens, server: TokenServer
) -> None:
    """A JWT bearer grant, then a Bearer header; no quota project unless the credential has one."""
    assert await auth_headers(service_account, tokens) == {"authorization": "Bearer token-1"}
    assert server.forms[0]["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"


async def test_a_token_is_a_call_that_is_counted(clock: Clock, token_uri: str, server: TokenServer) -> None:
    """By the credential's public id; a kept one is no call, and a refused one is counted as such."""
    tallies = Tallies()
    tokens = Tokens(now=clock, tallies=tallies)
    credential = user(token_uri)
    for _ in range(2):
        await tokens.token(credential)
    server.refusal = (400, {"error": "invalid_grant"})
    with pytest.raises(TokenRefreshError):
        await tokens.renew(credential, refused="token-1")
    await tokens.close()
    assert {labels: sum(bars[:-1]) for labels, bars in tallies.google_calls.series.items()} == {
        (credential.id, "", "token", 200): 1,
        (credential.id, "", "token", "failed"): 1,
    }


async def test_an_authorised_user_refreshes_and_names_who_pays(
    token_uri: str, tokens: Tokens, server: TokenServer
) -> None:
    """A refresh-token grant at the file's own endpoint, and x-goog-user-project from its quota project."""
    headers = await auth_headers(user(token_uri, quota_project_id="payer"), tokens)
    assert headers == {"authorization": "Bearer token-1", "x-goog-user-project": "payer"}
    assert server.forms[0]["grant_type"] == "refresh_token"
    assert "scope" not in server.forms[0]


async def test_an_api_key_needs_no_token(tokens: Tokens) -> None:
    """A key is its own header; a gateway without one gets none."""
    key = secrets.token_hex(20)
    assert await auth_headers(gemini_api_key(key), tokens) == {"x-goog-api-key": key}
    assert await auth_headers(gemini_api_key(None, base_url="http://127.0.0.1:1"), tokens) == {}


async def test_the_machines_own_login_is_used(
    private_key: str, token_uri: str, tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Application default credentials are what google-auth finds."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(service_account_json(private_key, token_uri)))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    assert await auth_headers(application_default(project="p"), tokens) == {"authorization": "Bearer token-1"}


async def test_everyone_waits_for_one_refresh(service_account: Credential, tokens: Tokens, server: TokenServer) -> None:
    """Fifty calls at once cost one exchange, and the next fifty none."""
    first = await asyncio.gather(*(tokens.token(service_account) for _ in range(50)))
    second = await asyncio.gather(*(tokens.token(service_account) for _ in range(50)))
    assert {token.value for token in first + second} == {"token-1"}
    assert len(server.forms) == 1


async def test_a_caller_that_leaves_does_not_take_the_token_along(service_account: Credential, tokens: Tokens) -> None:
    """A cancelled caller leaves the refresh to those who still wait."""
    leaving = asyncio.create_task(tokens.token(service_account))
    staying = asyncio.create_task(tokens.token(service_account))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).value == "token-1"
    assert leaving.cancelled() or leaving.cancelling()


async def test_a_token_is_renewed_five_minutes_ahead(
    service_account: Credential, tokens: Tokens, clock: Clock, server: TokenServer
) -> None:
    """Six minutes before its end a token still serves; four minutes before, a new one is fetched."""
    await tokens.token(service_account)
    clock.ahead = timedelta(minutes=54)
    assert (await tokens.token(service_account)).value == "token-1"
    clock.ahead = timedelta(minutes=56)
    assert (await tokens.token(service_account)).value == "token-2"


async def test_an_old_token_serves_while_no_new_one_can_be_had(
    service_account: Credential, tokens: Tokens, clock: Clock, server: TokenServer
) -> None:
    """A failing token endpoint is no outage until the token is really spent."""
    await tokens.token(service_account)
    server.refusal = (400, {"error": "invalid_grant"})
    clock.ahead = timedelta(minutes=57)
    assert (await tokens.token(service_account)).value == "token-1"
    clock.ahead = timedelta(minutes=61)
    with pytest.raises(TokenRefreshError):
        await tokens.token(service_account)


async def test_a_refused_token_is_replaced_once_for_all(
    service_account: Credential, tokens: Tokens, server: TokenServer
) -> None:
    """Calls that were refused with the same token share the next one."""
    await tokens.token(service_account)
    renewed = await asyncio.gather(*(tokens.renew(service_account, refused="token-1") for _ in range(10)))
    assert {token.value for token in renewed} == {"token-2"}
    assert (await tokens.renew(service_account, refused="token-1")).value == "token-2"
    assert len(server.forms) == 2


REFUSALS = [
    ("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)", "upstream_clock_skew"),
    ("invalid_grant", "Invalid JWT Signature.", "upstream_key_revoked"),
    ("invalid_grant", "Invalid grant: account not found", "upstream_account_disabled"),
    ("invalid_grant", "Token has been expired or revoked.", "upstream_login_expired"),
    ("invalid_grant", "reauth related error (invalid_rapt)", "upstream_reauth_required"),
    ("invalid_scope", "Invalid OAuth scope or ID token audience provided.", "upstream_scope_insufficient"),
    ("invalid_client", "The OAuth client was not found.", "upstream_oauth_client_invalid"),
    ("access_denied", "Account restricted", "upstream_token_refused"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "description", "code"), REFUSALS)
async def test_a_refused_refresh_says_what_to_do(
    service_account: Credential, tokens: Tokens, server: TokenServer, error: str, description: str, code: str
) -> None:
    """Each of Google's refusals becomes an error of the proxy's credential, never the caller's, and never retryable."""
    server.refusal = (400, {"error": error, "error_description": description})
    with pytest.raises(TokenRefreshError) as caught:
        await tokens.token(service_account)
    verdict = caught.value.verdict
    assert isinstance(verdict.error, UpstreamFailed)
    assert (verdict.error.code, verdict.error.should_retry) == (code, False)
    assert (verdict.blame, verdict.accepted) == (Blame.CREDENTIAL, "no")
    assert service_account.id in str(caught.value)


async def test_no_secret_of_a_user_is_in_a_refusal(token_uri: str, tokens: Tokens, server: TokenServer) -> None:
    """Google may quote what it was sent."""
    quoted = "1//" + REFRESH_TOKEN
    server.refusal = (400, {"error": "invalid_grant", "error_description": f"Bad Request {quoted}"})
    with pytest.raises(TokenRefreshError) as caught:
        await tokens.token(user(token_uri))
    assert REFRESH_TOKEN not in str(caught.value)


async def test_an_unreachable_token_endpoint_blames_the_way_not_the_credential(
    private_key: str, tokens: Tokens
) -> None:
    """A refused connection may pass: the credential keeps its good name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    credential = from_google_json(service_account_json(private_key, f"http://127.0.0.1:{port}/token"))
    with pytest.raises(TokenRefreshError) as caught:
        await tokens.token(credential)
    assert isinstance(caught.value.verdict.error, Unavailable)
    assert caught.value.verdict.blame is Blame.UPSTREAM


async def test_a_machine_without_a_login_is_told_how_to_get_one(
    tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing application default credential names the three ways to have one."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "absent.json"))
    with pytest.raises(TokenRefreshError) as caught:
        await tokens.token(application_default(project="p"))
    assert caught.value.verdict.error.code == "upstream_no_default_credentials"
    assert "gcloud auth application-default login" in str(caught.value)


async def test_a_broken_private_key_is_the_operators_to_mend(tokens: Tokens, token_uri: str) -> None:
    """A key that cannot be read says so, without being shown."""
    broken = secrets.token_hex(20)
    with pytest.raises(TokenRefreshError) as caught:
        await tokens.token(from_google_json(service_account_json(broken, token_uri)))
    assert caught.value.verdict.error.code == "upstream_credential_malformed"
    assert broken not in str(caught.value)


def test_a_malformed_file_is_told_from_a_missing_one() -> None:
    """google-auth counts a malformed file among the missing ones; the operator must not."""
    credential = application_default(project="p")
    malformed = token_refresh_error(exceptions.MalformedError("x"), credential).verdict.error
    missing = token_refresh_error(exceptions.DefaultCredentialsError("x"), credential).verdict.error
    assert (malformed.code, missing.code) == ("upstream_credential_malformed", "upstream_no_default_credentials")


def test_a_token_is_not_shown() -> None:
    """A token may be logged by accident."""
    token = AccessToken(value=REFRESH_TOKEN, quota_project=None, expires_at=None)
    assert REFRESH_TOKEN not in repr(token)
    assert token.good_at(datetime.now(UTC))


async def test_the_token_transport_does_not_follow_redirects(serve: Callable[..., Any]) -> None:
    """A refresh token is shown to the endpoint alone."""
    seen: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=302, headers={"location": "/elsewhere"})

    answer = await asyncio.to_thread(TokenTransport(), await serve(redirect) + "/token", "POST", b"x")
    assert (answer.status, seen) == (302, ["/token"])


async def test_the_token_transport_goes_through_the_proxy(serve: Callable[..., Any]) -> None:
    """A credential's proxy-url holds for its tokens too."""

    async def proxy(request: web.Request) -> web.Response:
        return web.Response(text=str(request.raw_path))

    transport = TokenTransport(proxy_url=await serve(proxy))
    answer = await asyncio.to_thread(transport, "http://token.example/token")
    assert answer.data == b"http://token.example/token"


@pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://h/x", "data:,x"])
def test_a_token_endpoint_is_a_web_address(url: str) -> None:
    """A key file cannot make the proxy read files."""
    with pytest.raises(exceptions.TransportError, match="https"):
        TokenTransport()(url)


def test_a_socks_proxy_carries_no_tokens() -> None:
    """Said plainly instead of going round the proxy."""
    with pytest.raises(exceptions.TransportError, match="SOCKS"):
        TokenTransport(proxy_url="socks5://127.0.0.1:1")("http://token.example")
