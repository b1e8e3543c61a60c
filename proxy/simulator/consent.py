"""Google's consent screen for installed apps, whose user agrees at once: PKCE, loopback redirects, codes for one use.

Google Identity docs, "OAuth 2.0 for iOS & Desktop Apps", 2026-11; RFC 7636 (PKCE); RFC 6749, 4.1.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from proxy.simulator.errors import OAuthError
from proxy.simulator.oauth import TokenDesk

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    client_id: str
    redirect_uri: str
    challenge: str
    scopes: frozenset[str]


@dataclass(slots=True, kw_only=True)
class ConsentDesk:
    """Knows OAuth clients, and codes not redeemed yet."""

    tokens: TokenDesk
    withheld: frozenset[str] = frozenset()
    """Scopes that the user unticks."""
    denies: bool = False
    """The user says no."""
    _clients: dict[str, str] = field(default_factory=dict, repr=False)
    _codes: dict[str, _Code] = field(default_factory=dict, repr=False)

    def new_client(self) -> dict[str, Any]:
        """A new client of type Desktop app, as its `client_secret.json` has it."""
        client_id = f"{secrets.randbelow(10**12)}-sim.apps.googleusercontent.com"
        self._clients[client_id] = "sim-" + secrets.token_urlsafe(16)
        return {
            "installed": {
                "client_id": client_id,
                "client_secret": self._clients[client_id],
                "redirect_uris": ["http://localhost"],
            }
        }

    def agree(self, query: Mapping[str, str]) -> str:
        """Where the browser goes after the user has answered. Raises OAuthError 400 for what Google shows as a page."""
        redirect_uri = query.get("redirect_uri", "")
        parts = urlsplit(redirect_uri)
        if query.get("client_id") not in self._clients:
            raise OAuthError(401, "invalid_client", "The OAuth client was not found.")
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
            raise OAuthError(400, "redirect_uri_mismatch", "The redirect URI in the request does not match.")
        scopes = frozenset(query.get("scope", "").split())
        if query.get("response_type") != "code" or not scopes:
            raise OAuthError(400, "invalid_request", "Missing required parameter: response_type or scope")
        challenge = query.get("code_challenge", "")
        if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
            raise OAuthError(400, "invalid_request", "The simulator wants an S256 code_challenge.")
        state = {"state": query["state"]} if "state" in query else {}
        if self.denies:
            return f"{redirect_uri}?{urlencode({**state, 'error': 'access_denied'})}"
        granted = scopes - self.withheld
        code = "4/" + secrets.token_urlsafe(32)
        self._codes[code] = _Code(
            client_id=query["client_id"], redirect_uri=redirect_uri, challenge=challenge, scopes=granted
        )
        return f"{redirect_uri}?{urlencode({**state, 'code': code, 'scope': ' '.join(sorted(granted))})}"

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer the grant `authorization_code`. Raises OAuthError 400 or 401."""
        client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
        if not client_secret or self._clients.get(client_id) != client_secret:
            raise OAuthError(401, "invalid_client", "Unauthorized")
        # Taken out before it is looked at: a code is good for one try.
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.client_id != client_id:
            raise OAuthError(400, "invalid_grant", "Malformed auth code.")
        if code.redirect_uri != form.get("redirect_uri"):
            raise OAuthError(400, "redirect_uri_mismatch", "Bad Request")
        verifier = form.get("code_verifier", "")
        if not verifier:
            raise OAuthError(400, "invalid_grant", "Missing code verifier.")
        if not _VERIFIER.fullmatch(verifier) or _s256(verifier) != code.challenge:
            raise OAuthError(400, "invalid_grant", "Invalid code verifier.")
        refresh = self.tokens.grant(client_id=client_id, client_secret=client_secret, scopes=code.scopes)
        return {**self.tokens.answer(code.scopes), "refresh_token": refresh}


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
