"""Google's installed-app sign-in, the pure half: the address a user is sent to, and what comes back from it.

Google Identity docs, "OAuth 2.0 for iOS & Desktop Apps", 2026-11; PKCE: RFC 7636; loopback redirect: RFC 8252, 7.3.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
USER_EMAIL = "https://www.googleapis.com/auth/userinfo.email"
SCOPES = (CLOUD_PLATFORM, USER_EMAIL)


class LoginError(Exception):
    """The sign-in did not work; the message tells the person who signs in what to do, and holds nothing secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """The user's own OAuth client, of type "Desktop app"."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One sign-in under way; `state` and `verifier` are random, the latter of 43 to 128 characters (RFC 7636, 4.1)."""

    client: OAuthClient
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def client_of_file(document: Any) -> OAuthClient:
    """The client in a downloaded `client_secret.json`; raises LoginError for any other file."""
    installed = document.get("installed") if isinstance(document, dict) else None
    if not isinstance(installed, dict):
        kind = "a web client" if isinstance(document, dict) and "web" in document else "no OAuth client"
        raise LoginError(
            f"The client file holds {kind}. Create an OAuth client of type Desktop app in the Google Cloud console "
            "(APIs & Services, Credentials) and download its JSON."
        )
    found = (installed.get("client_id"), installed.get("client_secret"))
    match found:
        case (str() as client_id, str() as client_secret) if client_id and client_secret:
            return OAuthClient(client_id=client_id, client_secret=client_secret)
        case _:
            raise LoginError("The client file has no client_id and client_secret under `installed`.")


def consent_url(endpoint: str, consent: Consent) -> str:
    """Where the user agrees. `prompt=consent`: without it Google gives a refresh token the first time only."""
    query = {
        "client_id": consent.client.client_id,
        "redirect_uri": consent.redirect_uri,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": consent.state,
        "code_challenge": challenge_of(consent.verifier),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }
    return f"{endpoint}?{urlencode(query)}"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def is_ours(address: str, consent: Consent) -> bool:
    """Whether a redirect (a whole address, or path and query) answers this sign-in: it bears its `state`."""
    return hmac.compare_digest(_first(address, "state").encode(), consent.state.encode())


def code_in(address: str, consent: Consent) -> str:
    """The code in a redirect's address; raises LoginError for another sign-in's, a refusal, or none."""
    if not is_ours(address, consent):
        raise LoginError(
            "That is not the answer to this sign-in (its `state` differs). Paste the whole address that the browser "
            "was sent to after you agreed, of the sign-in begun last."
        )
    refusal = _first(address, "error")
    if refusal == "access_denied":
        raise LoginError("Access was denied in the browser. Run `mediashim login` again and agree.")
    if refusal:
        raise LoginError(f"Google refused the sign-in ({refusal[:80]!r}). Check the OAuth client and consent screen.")
    code = _first(address, "code")
    if not code:
        raise LoginError("The address holds no code. Paste the whole address that the browser was sent to.")
    return code


def _first(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query).get(name, [""])[0]
