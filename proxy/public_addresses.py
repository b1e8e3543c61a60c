"""Which network addresses are public: only those may be fetched on a URL that came from outside."""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")


class PrivateAddress(OSError):
    """A name that leads to a loopback, private or link-local address."""


def is_private_host(host: str) -> bool:
    """Whether a host, by its name or as an IP address, is certainly not a public one."""
    name = host.lower().rstrip(".")
    try:
        return not ipaddress.ip_address(name.partition("%")[0]).is_global
    except ValueError:
        return name == "localhost" or name.endswith(_LOCAL_SUFFIXES) or "." not in name or _is_odd_ipv4(name)


def _is_odd_ipv4(name: str) -> bool:
    """127.1, 0x7f.0.0.1 and the like, which system resolvers read as addresses."""
    try:
        socket.inet_aton(name)
    except OSError:
        return False
    return True


class PublicOnlyResolver(AbstractResolver):
    """Resolves names, and refuses one of whose addresses any is not public (DNS rebinding included: what is checked
    is what is connected to)."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host; raises PrivateAddress."""
        found = await self._inner.resolve(host, port, family)
        if any(is_private_host(address["host"]) for address in found):
            raise PrivateAddress(f"{host} leads to a private address")
        return found

    async def close(self) -> None:
        """Close the resolver within."""
        await self._inner.close()
