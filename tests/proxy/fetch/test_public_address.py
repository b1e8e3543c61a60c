"""Only addresses of the public internet count as public, in whatever form they are written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.fetch.public_address import why_not_public


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_public(address: str) -> None:
    """Ordinary addresses, and gateways' forms of ordinary IPv4 addresses."""
    assert why_not_public(address) is None


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.100.100.200", "carrier-grade NAT"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("168.63.129.16", "cloud metadata"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "reserved"),
        ("192.0.2.1", "reserved"),
        ("192.168.1.1", "private"),
        ("198.19.0.1", "reserved"),
        ("198.51.100.1", "reserved"),
        ("203.0.113.1", "reserved"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "an IPv4 address in disguise"),
        ("::ffff:8.8.8.8", "an IPv4 address in disguise"),
        ("::7f00:1", "reserved"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "reserved"),
        ("ff02::1", "multicast"),
        ("100::1", "reserved"),
        ("2001::1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("3fff::1", "reserved"),
        ("5f00::1", "reserved"),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("64:ff9b:1::1", "reserved"),
        ("2002:7f00:1::1", "loopback"),
        ("2002:a00:1::1", "private"),
    ],
)
def test_not_public(address: str, what: str) -> None:
    """Every special range is known by what it is, also when an IPv6 form carries it."""
    assert why_not_public(address) == what


@given(st.ip_addresses())
def test_never_more_generous_than_the_standard_library(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """What CPython's own table calls private is never public here, NAT64 and 6to4 of public addresses aside."""
    carried = address.version == 6 and (
        address in ipaddress.ip_network("64:ff9b::/96") or address in ipaddress.ip_network("2002::/16")
    )
    if why_not_public(str(address)) is None and not carried:
        assert address.is_global
        assert not address.is_multicast


def test_what_is_no_address() -> None:
    """Old spellings of IPv4 are no addresses here."""
    for text in ("2130706433", "0x7f.1", "127.1", "localhost", ""):
        with pytest.raises(ValueError, match="IPv4"):
            why_not_public(text)
