"""Which proxy a credential's calls go through."""

import importlib.machinery
import secrets

import pytest

from proxy.forward_proxy import forward_proxy

PASSWORD = secrets.token_hex(8)


@pytest.mark.parametrize(
    ("own", "default", "expected"),
    [
        (None, None, None),
        ("", None, None),
        (None, "http://d.example:3128", "http://d.example:3128"),
        ("https://o.example", "http://d.example:3128", "https://o.example"),
        ("direct", "http://d.example:3128", None),
        (" None ", "http://d.example:3128", None),
    ],
)
def test_the_credentials_own_proxy_wins(own: str | None, default: str | None, expected: str | None) -> None:
    """Own before default, and `direct` or `none` before both."""
    assert forward_proxy(own, default) == expected


@pytest.mark.parametrize("url", ["proxy.example:3128", "ftp://proxy.example", "http://"])
def test_what_is_no_proxy_is_refused_without_being_shown(url: str) -> None:
    """A proxy-url may hold a password."""
    with pytest.raises(ValueError, match="proxy-url must be") as caught:
        forward_proxy(url.replace("proxy", f"u:{PASSWORD}@proxy"), None)
    assert PASSWORD not in str(caught.value)


def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said at once and with the way out; with the package there, it is accepted."""
    found: list[importlib.machinery.ModuleSpec | None] = [None, importlib.machinery.ModuleSpec("aiohttp_socks", None)]
    monkeypatch.setattr("importlib.util.find_spec", lambda _: found.pop(0))
    with pytest.raises(ValueError, match="pip install aiohttp-socks"):
        forward_proxy("socks5://127.0.0.1:1080", None)
    assert forward_proxy("socks5h://127.0.0.1:1080", None) == "socks5h://127.0.0.1:1080"
