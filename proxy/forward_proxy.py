"""Which forward proxy (`proxy-url`) a credential's calls go through."""

import importlib.util
from urllib.parse import urlsplit

_DIRECT = frozenset({"direct", "none"})
_HTTP = frozenset({"http", "https"})
_SOCKS = frozenset({"socks4", "socks5", "socks5h"})


def forward_proxy(own: str | None, default: str | None) -> str | None:
    """The credential's own proxy-url, else the default one; `direct` or `none` means no proxy, whatever the default.

    Raises ValueError for an address that is no proxy's, or a SOCKS one that this installation cannot speak to; the
    message never contains the address, which may hold a password.
    """
    url = (own or default or "").strip()
    if not url or url.lower() in _DIRECT:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _HTTP | _SOCKS or not parts.hostname:
        raise ValueError("proxy-url must be http://, https:// or socks5:// and a host, or one of: direct, none")
    if is_socks(url) and importlib.util.find_spec("aiohttp_socks") is None:
        raise ValueError("proxy-url is a SOCKS proxy, which needs the package aiohttp-socks: pip install aiohttp-socks")
    return url


def is_socks(url: str) -> bool:
    """Whether a proxy-url is a SOCKS one."""
    return urlsplit(url).scheme in _SOCKS
