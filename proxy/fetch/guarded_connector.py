"""Connections to public addresses only, to exactly the address that was checked.

The check sits in the resolver that the connection itself uses: a name that answers differently the second time (DNS
rebinding) finds no second time.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host name and port to IP addresses."""

_NUMERIC_HOST = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
"""What the C library reads as an IPv4 address in one of its old spellings: 2130706433, 0x7f.1, 127.1, 0177.0.0.1."""


class NotPublic(Exception):
    """The host is not on the public internet, or is written so that one cannot tell."""


class Guard(AbstractResolver):
    """Resolves host names and refuses those of which any address is not public."""

    def __init__(
        self, resolve: Resolve, why_not_public: Callable[[str], str | None], allow_hosts: Collection[str]
    ) -> None:
        self._resolve = resolve
        self._why_not_public = why_not_public
        self._allowed = frozenset(_normal(host) for host in allow_hosts)

    def check_literal(self, url: URL) -> None:
        """Raises NotPublic for a host that is an address itself and not a public one: those never reach a resolver."""
        host = url.raw_host or ""
        if _normal(host) in self._allowed or not (":" in host or _NUMERIC_HOST.fullmatch(host)):
            return
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise NotPublic("is a number that only looks like an address; write it as a.b.c.d") from None
        self._refuse_unless_public([host])

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's interface; all families serve
    ) -> list[ResolveResult]:
        """All addresses of the host, each checked; one bad one among good ones is a trick, not an accident."""
        addresses = await self._resolve(host, port)
        if _normal(host) not in self._allowed:
            self._refuse_unless_public(addresses)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held open."""

    def _refuse_unless_public(self, addresses: Sequence[str]) -> None:
        # The address stays unsaid: a caller must not learn what names mean inside this network.
        if any(self._why_not_public(address) for address in addresses):
            raise NotPublic("is not on the public internet")


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """The operating system's answer; raises OSError when there is none."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in answers))


def guarded_session(guard: Guard) -> aiohttp.ClientSession:
    """A session that carries nothing of ours: no cookies, no proxy or netrc of the environment, no kept connection."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=guard, use_dns_cache=False, force_close=True, limit=64),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"user-agent": "mediashim", "accept": "image/*, video/*", "accept-encoding": "identity"},
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        auto_decompress=False,
        trust_env=False,
    )


def _normal(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
