"""A base URL works in every form that people paste."""

import pytest

from proxy.config.base_url import normalise_base_url
from proxy.config.loopback import host_of, is_loopback


@pytest.mark.parametrize(
    ("pasted", "normal"),
    [
        ("https://relay.example", "https://relay.example"),
        ("https://relay.example/", "https://relay.example"),
        ("https://relay.example/v1beta", "https://relay.example"),
        ("https://relay.example/v1beta/", "https://relay.example"),
        ("https://relay.example/v1", "https://relay.example"),
        ("https://relay.example/v1alpha//", "https://relay.example"),
        ("https://relay.example/v1beta1/", "https://relay.example"),
        ("https://relay.example/v1beta/openai/", "https://relay.example"),
        ("https://relay.example/api/v1", "https://relay.example/api"),
        ("https://relay.example/api", "https://relay.example/api"),
        ("  http://127.0.0.1:8080/v1beta ", "http://127.0.0.1:8080"),
        ("https://v1beta.example", "https://v1beta.example"),
        ("https://relay.example/tenant/v1x", "https://relay.example/tenant/v1x"),
        ("http://[::1]:9/v1", "http://[::1]:9"),
    ],
)
def test_version_and_slash_are_removed(pasted: str, normal: str) -> None:
    """Only the part before the API version is kept, and normalising again changes nothing."""
    assert normalise_base_url(pasted) == normal
    assert normalise_base_url(normal) == normal


@pytest.mark.parametrize(
    ("pasted", "complaint"),
    [
        ("relay.example", "http"),
        ("", "http"),
        ("ftp://relay.example", "http"),
        ("https://", "http"),
        ("https://me:secret@relay.example", "password"),
        ("https://relay.example/?key=secret", "query"),
        ("https://relay.example/#top", "fragment"),
    ],
)
def test_what_is_no_base_url(pasted: str, complaint: str) -> None:
    """A URL that could carry a secret, or is none, is refused in words that do not repeat it."""
    with pytest.raises(ValueError, match=complaint) as caught:
        normalise_base_url(pasted)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("my-machine", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only names and addresses that can be this machine alone count as loopback."""
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("origin", "host"), [("http://localhost:3000", "localhost"), ("null", ""), ("", ""), ("http://[bad", "")]
)
def test_host_of(origin: str, host: str) -> None:
    """Nonsense has no host."""
    assert host_of(origin) == host
