"""Which IP addresses belong to the public internet: the only ones that a caller may make the proxy connect to.

From IANA's IPv4 and IPv6 Special-Purpose Address Registries (2026-11), and the addresses at which clouds tell a machine
its own credentials.
"""

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (ipaddress.IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (ipaddress.IPv6Network(network), what)
    for network, what in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "an IPv4 address in disguise"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("3fff::/20", "reserved"),
    )
)

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")


def why_not_public(address: str) -> str | None:
    """None for a public address, else what it is instead (`loopback`, `private`, ...).

    An IPv6 address that carries an IPv4 one for a gateway to use (NAT64, 6to4) is as public as that one. Raises
    ValueError for what is no IP address.
    """
    parsed = ipaddress.ip_address(address)
    return _why_not_v4(parsed) if isinstance(parsed, IPv4Address) else _why_not_v6(parsed)


def _why_not_v4(address: IPv4Address) -> str | None:
    return next((what for network, what in _V4 if address in network), None)


def _why_not_v6(address: IPv6Address) -> str | None:
    if address in _NAT64:
        return _why_not_v4(IPv4Address(address.packed[12:]))
    if address in _SIX_TO_FOUR:
        return _why_not_v4(IPv4Address(address.packed[2:6]))
    known = next((what for network, what in _V6 if address in network), None)
    return known or (None if address in _GLOBAL_UNICAST else "reserved")
