"""Where a download may go, and which hop may show the credential."""

import secrets

import pytest

from proxy.credentials.credential import Credential
from proxy.credentials.load import gemini_api_key, vertex_api_key
from proxy.download_policy import first_hop, home_of, next_hop
from translators.errors import UpstreamFailed

KEY = secrets.token_hex(20)
GOOGLE = gemini_api_key(KEY)
RELAY = gemini_api_key(KEY, base_url="https://relay.example/v1beta")
LOCAL = gemini_api_key(KEY, base_url="http://127.0.0.1:8080")
STORAGE = "https://storage.googleapis.com"


def hop(credential: Credential, url: str) -> tuple[bool, bool]:
    first = first_hop(url, home_of(credential, storage_base_url=STORAGE))
    return first.with_credential, first.own


@pytest.mark.parametrize(
    ("credential", "url", "with_credential", "own"),
    [
        (GOOGLE, "https://generativelanguage.googleapis.com/v1beta/files/f:download?alt=media", True, False),
        (GOOGLE, "https://storage.googleapis.com/storage/v1/b/b/o/o?alt=media", True, True),
        (GOOGLE, "https://cdn.example/f", False, False),
        (GOOGLE, "https://evilgoogleapis.com/f", False, False),
        (GOOGLE, "https://googleapis.com.evil.example/f", False, False),
        (GOOGLE, "https://generativelanguage.googleapis.com:8443/f", False, False),
        (RELAY, "https://relay.example/f", True, True),
        (RELAY, "https://RELAY.example/f", True, True),
        (RELAY, "https://relay.example:8443/f", False, True),
        (RELAY, "https://generativelanguage.googleapis.com/f", True, False),
        (LOCAL, "http://127.0.0.1:8080/f", True, True),
        (LOCAL, "http://127.0.0.1:9090/f", False, True),
        (LOCAL, "https://127.0.0.1:8080/f", False, True),
    ],
)
def test_the_credential_is_for_home_and_google(
    credential: Credential, url: str, with_credential: bool, own: bool
) -> None:
    """The configured origin, exactly, and Google's hosts over https; nobody else."""
    assert hop(credential, url) == (with_credential, own)


@pytest.mark.parametrize(
    "url",
    [
        "http://generativelanguage.googleapis.com/f",
        "http://cdn.example/f",
        "http://relay.example/f",
        "ftp://cdn.example/f",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
        "https:///f",
        "https://user:password@cdn.example/f",
        "https://user@generativelanguage.googleapis.com/f",
        "https://localhost/f",
        "https://127.0.0.1/f",
        "https://127.1/f",
        "https://0x7f000001/f",
        "https://2130706433/f",
        "https://10.0.0.1/f",
        "https://169.254.169.254/f",
        "https://[::1]/f",
        "https://[::ffff:127.0.0.1]/f",
        "https://[fe80::1%25eth0]/f",
        "https://metadata.google.internal/f",
        "https://printer.local/f",
        "https://intranet/f",
        "https://cdn.example:port/f",
        "https://cdn.example\\@127.0.0.1/f",
        "https://cdn.example/a b",
        "https://cdn.example/é",
        "https://[bad/f",
        "https://cdn.example/\r\nx-evil: 1",
        "",
    ],
)
def test_what_may_not_be_fetched_is_refused(url: str) -> None:
    """Plain http, private addresses in every spelling, user names, and whatever two parsers could read differently."""
    with pytest.raises(UpstreamFailed) as caught:
        hop(RELAY, url)
    assert (caught.value.code, caught.value.should_retry) == ("upstream_unsafe_url", False)
    assert "password" not in caught.value.message


def test_a_redirect_is_followed_without_the_credential_once_it_leaves() -> None:
    """Same origin keeps it; another host, port or scheme loses it for good, even back home or at Google's."""
    home = home_of(LOCAL, storage_base_url=STORAGE)
    first = first_hop("http://127.0.0.1:8080/a", home)
    same = next_hop(first, "/b?x=%2F", home)
    assert (same.url, same.with_credential) == ("http://127.0.0.1:8080/b?x=%2F", True)
    google = next_hop(same, "https://generativelanguage.googleapis.com/f", home)
    assert not google.with_credential
    assert not next_hop(google, "/other", home).with_credential
    assert not next_hop(google, "http://127.0.0.1:8080/a", home).with_credential


@pytest.mark.parametrize("location", ["http://127.0.0.1/", "//10.0.0.1/x", "https://[bad", "", "file:///etc/passwd"])
def test_a_redirect_is_checked_as_the_first_address_is(location: str) -> None:
    """Every hop is a new decision."""
    home = home_of(GOOGLE, storage_base_url=STORAGE)
    with pytest.raises(UpstreamFailed):
        next_hop(first_hop("https://cdn.example/f", home), location, home)


def test_an_operator_may_allow_a_private_host() -> None:
    """An allowed host is reached, over https, and still learns nothing."""
    home = home_of(vertex_api_key(KEY), storage_base_url=STORAGE, allow_hosts=["media.internal"])
    allowed = first_hop("https://media.internal/f", home)
    assert (allowed.own, allowed.with_credential) == (True, False)
