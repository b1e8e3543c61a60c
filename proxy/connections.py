"""The connection pools behind the door: one to reuse, one always fresh, one that reaches public addresses alone."""

import ssl
from dataclasses import dataclass

import aiohttp

from proxy import __version__
from proxy.forward_proxy import is_socks
from proxy.public_addresses import PublicOnlyResolver
from proxy.upstream_failures import MarkedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: `connect` for name, connection, proxy and TLS together; `read` between two pieces of an answer.

    `read` holds for streams and downloads that set no end of their own; a call with an end has that one alone.
    """

    connect: float = 15.0
    read: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSizes:
    """Connections at once, in all and to one host; seconds an idle one is kept, and a resolved name believed."""

    total: int = 512
    per_host: int = 256
    keepalive: float = 30.0
    dns_ttl: int = 300


class Connections:
    """aiohttp sessions, opened once and closed once; made inside a running event loop."""

    def __init__(self, *, sizes: PoolSizes, tls: ssl.SSLContext | None) -> None:
        self._sizes = sizes
        self._tls: ssl.SSLContext | bool = tls or True
        self._reused = self._session(self._connector())
        # An idle connection that the peer is just closing makes a submit ambiguous: sent or not? A fresh one does not.
        self._fresh = self._session(self._connector(force_close=True))
        self._public = self._session(self._connector(public_only=True))
        self._socks: dict[tuple[str, bool], aiohttp.ClientSession] = {}

    def session(
        self, *, proxy_url: str | None, fresh: bool = False, public_only: bool = False
    ) -> aiohttp.ClientSession:
        """The session for one call. Behind a proxy names are resolved there, so `public_only` cannot hold here."""
        if proxy_url is not None and is_socks(proxy_url):
            return self._socks_session(proxy_url, fresh=fresh)
        if public_only and proxy_url is None:
            return self._public
        return self._fresh if fresh else self._reused

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._reused, self._fresh, self._public, *self._socks.values()):
            await session.close()

    def _socks_session(self, proxy_url: str, *, fresh: bool) -> aiohttp.ClientSession:
        if (proxy_url, fresh) not in self._socks:
            from aiohttp_socks import ProxyConnector  # optional; `forward_proxy` has checked that it is there

            connector = ProxyConnector.from_url(proxy_url, ssl=self._tls, force_close=fresh)
            self._socks[proxy_url, fresh] = self._session(connector)
        return self._socks[proxy_url, fresh]

    def _connector(self, *, force_close: bool = False, public_only: bool = False) -> aiohttp.TCPConnector:
        resolver = PublicOnlyResolver(aiohttp.ThreadedResolver()) if public_only else aiohttp.ThreadedResolver()
        return aiohttp.TCPConnector(
            limit=self._sizes.total,
            limit_per_host=self._sizes.per_host,
            ttl_dns_cache=self._sizes.dns_ttl,
            resolver=resolver,
            ssl=self._tls,
            force_close=force_close,
            keepalive_timeout=None if force_close else self._sizes.keepalive,
        )

    def _session(self, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"user-agent": f"mediashim/{__version__}"},
            request_class=MarkedRequest,
            # Not from the environment: aiohttp would also read ~/.netrc and send a password found there.
            trust_env=False,
        )
