"""A credential as HTTP headers."""

from collections.abc import Mapping

from proxy.credentials.credential import Credential
from proxy.credentials.tokens import AccessToken, Tokens


async def auth_headers(credential: Credential, tokens: Tokens) -> dict[str, str]:
    """The headers that prove a credential: `x-goog-api-key`, or a bearer token and who pays for its quota.

    `x-goog-user-project` is sent only where the credential carries a quota project (google-genai 3.4.0 does the same).
    Empty for a gateway of one's own that is configured without a key. Raises TokenRefreshError.
    """
    if credential.kind.uses_tokens:
        return token_headers(await tokens.token(credential))
    return {"x-goog-api-key": credential.secret} if credential.secret else {}


def token_headers(token: AccessToken) -> dict[str, str]:
    """The headers of a bearer token."""
    quota = {"x-goog-user-project": token.quota_project} if token.quota_project else {}
    return {"authorization": f"Bearer {token.value}", **quota}


def configured_headers(credential: Credential, caller_headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """The credential's own headers; `$Name` copies the caller's header of that name, and is left out without one."""
    if not credential.headers:
        return {}
    known = caller_headers or {}
    filled = {
        name.lower(): known.get(text[1:].lower()) if text.startswith("$") else text
        for name, text in credential.headers.items()
    }
    return {name: text for name, text in filled.items() if text is not None}


def call_headers(
    credential: Credential, proof: Mapping[str, str], caller_headers: Mapping[str, str] | None, *, has_body: bool
) -> dict[str, str]:
    """The configured headers first: none of them may replace what proves the credential."""
    return {
        **configured_headers(credential, caller_headers),
        **({"content-type": "application/json"} if has_body else {}),
        **proof,
    }
