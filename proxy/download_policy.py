"""Where a download may go, and with which hops it may carry the credential: a pure decision, hop by hop.

Every HTTP client library re-sends `x-goog-api-key` to whatever host a redirect names (measured with httpx 0.28,
httpx2 2.16 and aiohttp 3.14), and a download URL comes out of an answer that a hostile relay may have written.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from proxy.credentials.credential import Credential
from proxy.public_addresses import is_private_host
from translators.errors import UpstreamFailed

MOST_HOPS = 5
_PLAIN = re.compile(r"[!-\[\]-~]+")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A credential's own: the origins it is configured for, and the hosts that may be reached although private."""

    origins: frozenset[tuple[str, str, int]]
    hosts: frozenset[str]
    plain_http_hosts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a download. `own`: the host is a configured one, so its addresses need not be public."""

    url: str
    with_credential: bool
    own: bool


def home_of(credential: Credential, *, storage_base_url: str, allow_hosts: Collection[str] = ()) -> Home:
    """The home of a credential: its own base URL, and the storage address of this installation."""
    own = [urlsplit(url) for url in (credential.base_url, storage_base_url) if url]
    return Home(
        origins=frozenset(_origin(parts) for parts in own),
        hosts=frozenset(parts.hostname or "" for parts in own) | frozenset(allow_hosts),
        plain_http_hosts=frozenset(parts.hostname or "" for parts in own if parts.scheme == "http"),
    )


def first_hop(url: str, home: Home) -> Hop:
    """The hop a download starts with; raises UpstreamFailed (code `upstream_unsafe_url`) for one not to be made."""
    return _hop(url, home, trusted=True)


def next_hop(hop: Hop, location: str, home: Home) -> Hop:
    """The hop a redirect leads to; once another host was named, no later hop carries the credential."""
    _split(location)
    url = urljoin(hop.url, location)
    stays = _origin(_split(url)) == _origin(_split(hop.url))
    return _hop(url, home, trusted=hop.with_credential and stays)


def _hop(url: str, home: Home, *, trusted: bool) -> Hop:
    parts = _split(url)
    host = parts.hostname or ""
    own = host in home.hosts
    if parts.scheme != "https" and not (parts.scheme == "http" and host in home.plain_http_hosts):
        raise _unsafe(host, "it is not https")
    if parts.username is not None or parts.password is not None:
        raise _unsafe(host, "it carries a user name")
    if not host or (not own and is_private_host(host)):
        raise _unsafe(host, "it is not a public address")
    origin = _origin(parts)
    known = origin in home.origins or (host.endswith(".googleapis.com") and origin[0] == "https" and origin[2] == 443)
    return Hop(url=url, with_credential=trusted and known, own=own)


def _split(url: str) -> SplitResult:
    # Only what every parser reads alike: no blanks, no backslashes, nothing beyond ASCII.
    if not _PLAIN.fullmatch(url):
        raise _unsafe("", "it is not a plain URL")
    try:
        return urlsplit(url)
    except ValueError:
        raise _unsafe("", "it is not a URL") from None


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    try:
        port = parts.port
    except ValueError:
        raise _unsafe(parts.hostname or "", "its port is not one") from None
    return parts.scheme, parts.hostname or "", port or (443 if parts.scheme == "https" else 80)


def _unsafe(host: str, why: str) -> UpstreamFailed:
    return UpstreamFailed(
        f"The result lies at an address that the proxy will not fetch ({host or 'no host'}: {why}).",
        code="upstream_unsafe_url",
        should_retry=False,
    )
