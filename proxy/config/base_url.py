"""Where a credential's calls go: a base URL as people paste it, reduced to the part before the API version."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_API_VERSION = re.compile(r"/v1(?:alpha|beta1?)?(?:/openai)?$")


def normalise_base_url(text: str) -> str:
    """The URL without a trailing slash, API version (`/v1`, `/v1beta`, `/v1beta1`, `/v1alpha`) or `/openai` suffix.

    A path before the version is kept (`https://gateway.example/api/v1beta/` becomes `https://gateway.example/api`).
    CLIProxyAPI appends `/v1beta` itself, so a pasted URL that already has it fails there (its issue 3334). Raises
    ValueError when the text is not an http(s) URL with a host, or carries user, password, query or fragment.
    """
    web_url(text)
    return _API_VERSION.sub("", text.strip().rstrip("/")).rstrip("/")


def web_url(text: str) -> str:
    """An absolute http(s) URL without a trailing slash; raises ValueError as `normalise_base_url` does."""
    stripped = text.strip()
    parts = urlsplit(stripped)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an absolute URL that starts with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not carry a user name or password")
    if "?" in stripped or "#" in stripped:
        raise ValueError("must not carry a query or a fragment")
    return stripped.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(normalise_base_url)]
WebUrl = Annotated[str, AfterValidator(web_url)]
