"""Public addresses are told from private ones, by name and after resolving."""

from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from proxy.public_addresses import PrivateAddress, PublicOnlyResolver, is_private_host


class Resolver(AbstractResolver):
    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts
        self.closed = False

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        return [
            {"hostname": host, "host": one, "port": port, "family": family, "proto": 0, "flags": 0}
            for one in self.hosts
        ]

    async def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("host", ["8.8.8.8", "2001:4860:4860::8888", "cdn.example", "storage.googleapis.com", "a.b."])
def test_public_hosts_are_public(host: str) -> None:
    """A name with a dot may be public until it is resolved."""
    assert not is_private_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "127.0.0.1.",
        "::1",
        "fe80::1%eth0",
        "0.0.0.0",
        "100.64.0.1",
        "LOCALHOST",
        "x.localhost",
    ],
)
def test_private_hosts_are_private(host: str) -> None:
    """Loopback, link-local, carrier-grade NAT, and names that never leave a network."""
    assert is_private_host(host)


async def test_one_private_address_among_public_ones_is_enough() -> None:
    """A rebinding name mixes them."""
    inner = Resolver("8.8.8.8", "127.0.0.1")
    resolver = PublicOnlyResolver(inner)
    with pytest.raises(PrivateAddress):
        await resolver.resolve("rebound.example")
    inner.hosts = ("8.8.8.8",)
    assert [found["host"] for found in await resolver.resolve("good.example", 443)] == ["8.8.8.8"]
    await resolver.close()
    assert inner.closed
