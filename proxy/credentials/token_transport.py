"""The HTTP client that google-auth refreshes tokens with: the standard library's, run in a thread.

google-auth's own `requests` transport costs 210 ms and 30 MB to import for one POST an hour (measured, Python 3.11).
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from proxy import logs
from proxy.credentials.secret_parts import secret_members
from proxy.forward_proxy import is_socks


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What google-auth reads of an answer (google.auth.transport.Response)."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token endpoint that redirects would be shown the refresh token somewhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class TokenTransport:
    """A google.auth.transport.Request: call it, get status, headers and data, or google-auth's TransportError."""

    def __init__(self, *, proxy_url: str | None = None, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._socks = proxy_url is not None and is_socks(proxy_url)
        proxies = {"http": proxy_url, "https": proxy_url} if proxy_url and not self._socks else {}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirects())

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> TokenAnswer:
        """One HTTP call; a status of 400 and more is an answer like any other."""
        from google.auth import exceptions

        if urlsplit(url).scheme not in {"http", "https"}:
            raise exceptions.TransportError("a token endpoint must be http:// or https://")
        if self._socks:
            raise exceptions.TransportError("tokens cannot be fetched through a SOCKS proxy; use an http:// one")
        logs.hide(_secrets_sent(body))
        request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=method)  # noqa: S310  # scheme checked above
        try:
            with self._opener.open(request, timeout=timeout or self._timeout) as answer:
                content = answer.read()
                logs.hide(_secrets_told(content))
                return TokenAnswer(answer.status, _lowered(answer.headers), content)
        except urllib.error.HTTPError as refused:
            with refused:
                return TokenAnswer(refused.code, _lowered(refused.headers), refused.read())
        except (OSError, http.client.HTTPException) as failure:
            raise exceptions.TransportError(type(failure).__name__) from failure


def _secrets_sent(body: bytes | None) -> list[str]:
    """What a form or JSON for a token endpoint holds: refresh token, client secret, assertion, subject token."""
    text = (body or b"").decode(errors="replace")
    return [*secret_members(dict(parse_qsl(text))), *_secrets_told(body or b"")]


def _secrets_told(content: bytes) -> list[str]:
    try:
        return list(secret_members(json.loads(content)))
    except ValueError:
        return []


def _lowered(headers: Message) -> dict[str, str]:
    """google-auth asks for `metadata-flavor`, Google's metadata server writes `Metadata-Flavor`.

    Without this a Google Cloud machine counts as none; pinned by test_the_metadata_server_gives_the_machines_token.
    """
    return {name.lower(): text for name, text in headers.items()}
