"""Google's token endpoint: refresh tokens and signed service-account assertions become access tokens.

Wording of refusals: oauth2.googleapis.com as seen by google-auth, 2026-11.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from proxy.simulator.errors import OAuthError, token_refused
from proxy.simulator.settings import Clock

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLOCK_SKEW = timedelta(minutes=10)
LONGEST_ASSERTION = timedelta(hours=1)
GOOGLE_ENDPOINT = "https://oauth2.googleapis.com/token"
"""google-auth names this audience whatever `token_uri` the key file has (measured with google-auth 2.62.2), so the
simulator takes it beside its own URL. Pinned by test_google_auth_signs_in_with_the_service_account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    scopes: frozenset[str]
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    key_id: str
    public_key: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grant:
    client_id: str
    client_secret: str
    scopes: frozenset[str]


@dataclass(slots=True, kw_only=True)
class TokenDesk:
    """Issues and knows tokens. `clock` must return aware datetimes."""

    clock: Clock
    lifetime: timedelta
    _tokens: dict[str, _Token] = field(default_factory=dict, repr=False)
    _accounts: dict[str, _Account] = field(default_factory=dict, repr=False)
    _grants: dict[str, _Grant] = field(default_factory=dict, repr=False)
    issued: int = 0
    """How many access tokens the endpoint gave out; a test counts refreshes by it."""

    def issue(self, scopes: frozenset[str]) -> str:
        """An access token for these scopes, good for `lifetime`."""
        token = "ya29." + secrets.token_urlsafe(32)
        self._tokens[token] = _Token(scopes=scopes, expires=self.clock() + self.lifetime)
        return token

    def revoke_all(self) -> None:
        """Forget every access token, as a password change would."""
        self._tokens.clear()

    def scopes(self, token: str, service: str) -> frozenset[str]:
        """What a token is good for. Raises GoogleError 401 for one that is unknown or expired."""
        known = self._tokens.get(token)
        if known is None:
            raise token_refused("ACCESS_TOKEN_TYPE_UNSUPPORTED", service)
        if known.expires <= self.clock():
            raise token_refused("ACCESS_TOKEN_EXPIRED", service)
        return known.scopes

    def service_account(self, project: str, token_uri: str, name: str = "simulated") -> dict[str, str]:
        """A new service account's key file, as downloaded from the console; needs `cryptography`."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        email, key_id = f"{name}@{project}.iam.gserviceaccount.com", secrets.token_hex(20)
        self._accounts[email] = _Account(key_id=key_id, public_key=private.public_key())
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": project,
            "private_key_id": key_id,
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": str(secrets.randbelow(10**20)),
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def authorized_user(self, project: str, token_uri: str, scopes: frozenset[str]) -> dict[str, str]:
        """A new user's application-default credentials, with a refresh token for these scopes."""
        client_id = f"{secrets.randbelow(10**12)}-sim.apps.googleusercontent.com"
        client_secret = secrets.token_urlsafe(16)
        return {
            "type": "authorized_user",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": self.grant(client_id=client_id, client_secret=client_secret, scopes=scopes),
            "quota_project_id": project,
            "token_uri": token_uri,
        }

    def grant(self, *, client_id: str, client_secret: str, scopes: frozenset[str]) -> str:
        """A new refresh token."""
        refresh = "1//" + secrets.token_urlsafe(24)
        self._grants[refresh] = _Grant(client_id=client_id, client_secret=client_secret, scopes=scopes)
        return refresh

    def revoke_grants(self) -> None:
        """Forget every refresh token, as a user who withdraws consent does."""
        self._grants.clear()

    def answer(self, scopes: frozenset[str]) -> dict[str, Any]:
        """What the endpoint answers with a new access token for these scopes."""
        self.issued += 1
        return {
            "access_token": self.issue(scopes),
            "expires_in": int(self.lifetime.total_seconds()),
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }

    def exchange(self, form: Mapping[str, str], audience: str) -> dict[str, Any]:
        """Answer one POST to the endpoint; `audience` is the endpoint's own URL. Raises OAuthError 400 or 401."""
        match form.get("grant_type"):
            case "refresh_token":
                scopes = self._from_refresh_token(form)
            case grant if grant == JWT_BEARER:
                scopes = self._from_assertion(form.get("assertion", ""), audience)
            case _:
                raise OAuthError(400, "unsupported_grant_type", "Invalid grant_type: " + str(form.get("grant_type")))
        return self.answer(scopes)

    def _from_refresh_token(self, form: Mapping[str, str]) -> frozenset[str]:
        grant = self._grants.get(form.get("refresh_token", ""))
        if grant is None:
            raise OAuthError(400, "invalid_grant", "Token has been expired or revoked.")
        if (form.get("client_id"), form.get("client_secret")) != (grant.client_id, grant.client_secret):
            raise OAuthError(401, "invalid_client", "Unauthorized")
        asked = frozenset(form.get("scope", "").split()) or grant.scopes
        if not asked <= grant.scopes:
            raise OAuthError(400, "invalid_scope", "Some requested scopes were invalid or not granted.")
        return asked

    def _from_assertion(self, assertion: str, audience: str) -> frozenset[str]:
        claims = self._verified(assertion)
        if claims.get("aud") not in (audience, GOOGLE_ENDPOINT):
            raise OAuthError(
                400, "invalid_grant", "Invalid JWT: Failed audience check. The right audience is " + audience
            )
        now = self.clock()
        issued, expires = float(claims.get("iat", 0)), float(claims.get("exp", 0))
        reasonable = (
            issued <= (now + CLOCK_SKEW).timestamp()
            and expires > (now - CLOCK_SKEW).timestamp()
            and 0 < expires - issued <= LONGEST_ASSERTION.total_seconds()
        )
        if not reasonable:
            raise OAuthError(
                400,
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your "
                "iat and exp values in the JWT claim.",
            )
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise OAuthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        if not all(scope.startswith("https://www.googleapis.com/auth/") for scope in scopes):
            raise OAuthError(400, "invalid_scope", "Some requested scopes were invalid.")
        return scopes

    def _verified(self, assertion: str) -> dict[str, Any]:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        try:
            signed, _, signature = assertion.rpartition(".")
            header, claims = _json_parts(signed)
            account = self._accounts[claims["iss"]]
        except (ValueError, TypeError) as error:
            raise OAuthError(400, "invalid_grant", "Bad Request") from error
        except KeyError as error:
            raise OAuthError(400, "invalid_grant", "Invalid grant: account not found") from error
        if header.get("alg") != "RS256" or header.get("kid") not in (None, account.key_id):
            raise OAuthError(400, "invalid_grant", "Invalid JWT Signature.")
        try:
            account.public_key.verify(_unpadded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise OAuthError(400, "invalid_grant", "Invalid JWT Signature.") from error
        return claims


def _json_parts(signed: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims = (json.loads(_unpadded(part)) for part in signed.split("."))
    return header, claims


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
