"""The token endpoint, driven by google-auth and by hand-made assertions."""

import asyncio
import time

import google.auth.exceptions
import httpx2
import pytest
from google.auth import crypt, jwt
from google.auth.transport.requests import Request
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

from proxy.credentials.oauth_consent import challenge_of

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def refresh(credentials) -> None:
    with_session = Request()
    try:
        credentials.refresh(with_session)
    finally:
        with_session.session.close()


async def test_google_auth_signs_in_with_the_service_account(start) -> None:
    """A foreign signer's assertion is verified and its token opens Vertex."""
    google, client = await start()
    account = service_account.Credentials.from_service_account_info(google.service_account(), scopes=[SCOPE])
    await asyncio.to_thread(refresh, account)
    path = "/v1/publishers/google/models"

    assert google.world.tokens.issued == 1
    answer = await client.get(path, headers={"authorization": f"Bearer {account.token}"})
    assert answer.status_code == 200


async def test_google_auth_refreshes_a_user(start) -> None:
    """The refresh-token grant; a revoked refresh token is google-auth's RefreshError."""
    google, _ = await start()
    info = google.authorized_user()
    user = user_credentials.Credentials(None, **{name: info[name] for name in WANTED}, scopes=[SCOPE])
    await asyncio.to_thread(refresh, user)
    revoked = user_credentials.Credentials(None, **{**{name: info[name] for name in WANTED}, "refresh_token": "gone"})

    assert user.token.startswith("ya29.")
    with pytest.raises(google_auth_refused, match="invalid_grant"):
        await asyncio.to_thread(refresh, revoked)


WANTED = ("refresh_token", "client_id", "client_secret", "token_uri")
google_auth_refused = google.auth.exceptions.RefreshError


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, None),
        ({"aud": "https://elsewhere/token"}, "invalid_grant"),
        ({"iat": -7200, "exp": -3600}, "invalid_grant"),
        ({"exp": 7200}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"iss": "nobody@nowhere"}, "invalid_grant"),
    ],
)
async def test_assertions_are_verified(start, changes, error) -> None:
    """Audience, time frame, scope and issuer each matter."""
    google, client = await start()
    info = google.service_account()
    answer = await exchange(client, signed(info, google.token_uri, changes))

    assert answer.json().get("error") == error
    assert answer.status_code == (400 if error else 200)


async def test_a_foreign_signature_is_refused(start) -> None:
    """An assertion signed with another account's key is "Invalid JWT Signature."."""
    google, client = await start()
    mine, other = google.service_account(), google.world.tokens.service_account("p", google.token_uri, "other")
    forged = {**mine, "private_key": other["private_key"]}
    answer = await exchange(client, signed(forged, google.token_uri, {}))

    assert answer.json()["error_description"] == "Invalid JWT Signature."


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a.b"}, 400, "invalid_grant"),
    ],
)
async def test_other_forms_are_refused(start, form, status, error) -> None:
    """RFC 6749's words."""
    _, client = await start()
    answer = await client.post("/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_wrong_client_secret(start) -> None:
    """401 invalid_client."""
    google, client = await start()
    info = google.authorized_user()
    form = {"grant_type": "refresh_token", **{name: info[name] for name in WANTED}, "client_secret": "wrong"}

    assert (await client.post("/token", data=form)).status_code == 401


def signed(info: dict, audience: str, changes: dict) -> str:
    now = int(time.time())
    claims = {"iss": info["client_email"], "aud": audience, "iat": now, "exp": now + 3600, "scope": SCOPE}
    for name, value in changes.items():
        claims[name] = now + value if isinstance(value, int) else value
    return jwt.encode(crypt.RSASigner.from_service_account_info(info), claims).decode()


async def exchange(client: httpx2.AsyncClient, assertion: str) -> httpx2.Response:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return await client.post("/token", data=form)


async def test_a_code_is_redeemed_once_and_only_with_its_verifier(start) -> None:
    """PKCE S256, the same redirect address, the client's secret; every other exchange is Google's refusal."""
    google, client = await start()
    own = google.world.consent.new_client()["installed"]
    verifier = "v" * 43
    asked = {
        "client_id": own["client_id"],
        "redirect_uri": "http://127.0.0.1:5",
        "response_type": "code",
        "scope": SCOPE,
        "state": "s",
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }

    async def code() -> str:
        answer = await client.get("/o/oauth2/v2/auth", params=asked)
        return httpx2.URL(answer.headers["location"]).params["code"]

    async def redeem(**changes: str) -> tuple[int, str]:
        form = {
            "grant_type": "authorization_code",
            "code": changes.pop("code", None) or await code(),
            "client_id": own["client_id"],
            "client_secret": own["client_secret"],
            "redirect_uri": "http://127.0.0.1:5",
            "code_verifier": verifier,
            **changes,
        }
        answer = await client.post("/token", data=form)
        return answer.status_code, answer.json().get("error", "")

    once = await code()
    assert await redeem(code=once) == (200, "")
    assert await redeem(code=once) == (400, "invalid_grant")
    assert await redeem(code_verifier="w" * 43) == (400, "invalid_grant")
    assert await redeem(code_verifier="") == (400, "invalid_grant")
    assert await redeem(redirect_uri="http://127.0.0.1:6") == (400, "redirect_uri_mismatch")
    assert await redeem(client_secret="other") == (401, "invalid_client")
    for spoilt, status in (
        ({"redirect_uri": "http://elsewhere.example"}, 400),
        ({"code_challenge_method": "plain"}, 400),
        ({"scope": ""}, 400),
        ({"client_id": "unknown"}, 401),
    ):
        assert (await client.get("/o/oauth2/v2/auth", params={**asked, **spoilt})).status_code == status
