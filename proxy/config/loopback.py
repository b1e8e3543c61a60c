"""Which hosts are this machine, and no other."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """True for `localhost` and its subdomains, 127.0.0.0/8 and ::1; an empty host listens everywhere and is not."""
    name = host.strip().strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host of a URL or of a browser's Origin; empty where there is none (`null`, nonsense)."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
