"""An inbound key opens the door from five places, and nothing else does."""

import itertools
import uuid
from typing import Any

import orjson
import pytest
from starlette.datastructures import Headers, QueryParams

from proxy.auth import ANYONE, Keyring, Rejected, authenticate, check_exposure
from proxy.config import Config, ConfigError
from translators.errors import Authentication, PermissionDenied

KEY = "ccs-internal-managed"
OTHER = "another-key-of-ours"


def ring(*keys: Any, **settings: Any) -> Keyring:
    """A keyring for keys as they stand in a file."""
    return Keyring.of(Config.model_validate({"api-keys": list(keys), **settings}))


RING = ring(KEY, OTHER)


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"authorization": f"Bearer {KEY}"}, {}),
        ({"authorization": f"bearer {KEY}"}, {}),
        ({"authorization": f"BEARER   {KEY}  "}, {}),
        ({"authorization": KEY}, {}),
        ({"x-goog-api-key": KEY}, {}),
        ({"x-api-key": KEY}, {}),
        ({}, {"key": KEY}),
        ({}, {"auth_token": KEY}),
        ({"authorization": "Bearer wrong", "x-api-key": KEY}, {}),
        ({"authorization": "Bearer wrong", "x-goog-api-key": "wrong", "x-api-key": "wrong"}, {"auth_token": KEY}),
        ({"authorization": "", "x-goog-api-key": ""}, {"key": "", "auth_token": KEY}),
    ],
)
def test_five_places(headers: dict[str, str], query: dict[str, str]) -> None:
    """Each place works alone, and a wrong or empty key in another place does no harm."""
    assert authenticate(headers, query, RING).name.startswith("caller-")


def test_the_first_known_key_in_order_names_the_caller() -> None:
    """Two good keys: the place that comes first decides who is calling."""
    keys = [f"key-{place}" for place in range(5)]
    keyring = ring(*({"key": key, "name": key} for key in keys))
    headers = {"authorization": keys[0], "x-goog-api-key": keys[1], "x-api-key": keys[2]}
    query = {"key": keys[3], "auth_token": keys[4]}
    order = []
    for place in ["authorization", "x-goog-api-key", "x-api-key", "key", "auth_token"]:
        order.append(authenticate(headers, query, keyring).name)
        headers.pop(place, None)
        query.pop(place, None)
    assert order == keys


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"authorization": "Bearer wrong"}, {}),
        ({"authorization": f"Bearer {KEY.upper()}"}, {}),
        ({"authorization": f"Basic {KEY}"}, {}),
        ({"authorization": f"Bearer  {KEY} x"}, {}),
        ({"authorization": "Bearer "}, {}),
        ({"authorization": KEY[:-1]}, {}),
        ({"authorization": KEY + "x"}, {}),
        ({"x-api-key": f"Bearer {KEY}"}, {}),
        ({"x-api-key": "caf\u00e9 \U0001f3ac \udcff"}, {}),
        ({}, {"key": "wrong"}),
        ({"cookie": KEY, "x-goog-api-key": "x"}, {}),
    ],
)
def test_a_wrong_key(headers: dict[str, str], query: dict[str, str]) -> None:
    """Whatever is shown and not known is 401, byte for byte as CLIProxyAPI says it."""
    with pytest.raises(Rejected) as caught:
        authenticate(headers, query, RING)
    assert caught.value.status == 401
    assert orjson.dumps(caught.value.body()) == b'{"error":"Invalid API key"}'
    assert caught.value.headers() == {"content-type": "application/json; charset=utf-8"}
    assert isinstance(caught.value, Authentication)


@pytest.mark.parametrize(
    ("headers", "query"), [({}, {}), ({"authorization": ""}, {"key": ""}), ({"cookie": KEY}, {"k": KEY})]
)
def test_no_key(headers: dict[str, str], query: dict[str, str]) -> None:
    """Showing nothing in any of the five places is told apart from showing something wrong."""
    with pytest.raises(Rejected) as caught:
        authenticate(headers, query, RING)
    assert orjson.dumps(caught.value.body()) == b'{"error":"Missing API key"}'


def test_real_header_objects() -> None:
    """The server's own header and query objects serve, whatever the case of the header."""
    headers = Headers(raw=[(b"Authorization".lower(), f"Bearer {KEY}".encode())])
    assert authenticate(headers, QueryParams(""), RING) == authenticate({}, QueryParams(f"key={KEY}"), RING)


def test_a_caller_carries_what_the_file_says() -> None:
    """Name, priority and delivery come from the key's entry."""
    keyring = ring({"key": KEY, "name": "studio", "priority": 5, "delivery": "url"})
    caller = authenticate({"authorization": KEY}, {}, keyring)
    assert (caller.name, caller.priority, caller.delivery) == ("studio", 5, "url")


def test_ids_are_stable_distinct_and_tell_nothing() -> None:
    """The same key is the same caller after a restart and beside other keys; the id is not the key."""
    keys = [uuid.uuid4().hex for _ in range(20)]
    first = [authenticate({"x-api-key": key}, {}, ring(*keys)).id for key in keys]
    second = [authenticate({"x-api-key": key}, {}, ring(key, "more", "keys")).id for key in keys]
    assert first == second
    assert len(set(first)) == len(keys)
    assert not any(key in identity for key, identity in itertools.product(keys, first))


def test_no_representation_shows_a_key() -> None:
    """Neither keyring nor caller nor error holds the key or the salt of its digests in a readable form."""
    key = uuid.uuid4().hex
    keyring = ring(key)
    with pytest.raises(Rejected) as caught:
        authenticate({"authorization": f"Bearer {key}x"}, {}, keyring)
    shown = repr(keyring) + repr(authenticate({"x-api-key": key}, {}, keyring)) + repr(caught.value) + str(caught.value)
    assert key not in shown
    assert repr(keyring.salt) not in shown


def test_every_key_is_compared_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first key takes as many comparisons as the last and as none at all."""
    keys = ["one", "two", "three"]
    keyring = ring(*keys)
    count = itertools.count()

    def counting(left: bytes, right: bytes) -> bool:
        next(count)
        return left == right

    monkeypatch.setattr("proxy.auth.hmac.compare_digest", counting)
    for shown in [*keys, "unknown"]:
        keyring.find(shown)
    assert next(count) == len(keys) * (len(keys) + 1)


def test_open_without_keys() -> None:
    """No keys configured: whoever comes is the same anonymous caller, key shown or not."""
    assert authenticate({}, {}, ring()) is ANYONE
    assert authenticate({"authorization": "Bearer whatever"}, {}, ring()) is ANYONE


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1:8080", "https://app.localhost", "http://[::1]:1"]
)
def test_an_open_proxy_serves_pages_of_this_machine(origin: str) -> None:
    """A local web front-end works without any key."""
    assert authenticate({"origin": origin}, {}, ring()) is ANYONE


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "null", "file://", ""])
def test_an_open_proxy_refuses_other_peoples_pages(origin: str) -> None:
    """A website must not buy videos with its visitors' proxies, which listen on a well-known port."""
    with pytest.raises(PermissionDenied, match="api-keys"):
        authenticate({"origin": origin}, {}, ring())


def test_origins_that_are_let_in() -> None:
    """A page named in the configuration, an open proxy opened on purpose, and any page that shows a key."""
    page = {"origin": "https://chat.example"}
    assert authenticate(page, {}, ring(cors={"allow-origins": ["https://chat.example"]})) is ANYONE
    assert authenticate(page, {}, ring(**{"allow-open": True})) is ANYONE
    assert authenticate({**page, "x-api-key": KEY}, {}, RING).name


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.168.1.4", "media.example"])
def test_an_open_proxy_does_not_start_where_others_can_reach_it(host: str) -> None:
    """Without keys on another address, the error names all three ways out."""
    with pytest.raises(ConfigError, match="none are set") as caught:
        check_exposure(Config(host=host))
    assert all(way_out in str(caught.value) for way_out in ("MEDIASHIM_API_KEYS", "127.0.0.1", "allow-open"))
    check_exposure(Config(host=host, allow_open=True))
    check_exposure(Config.model_validate({"host": host, "api-keys": [KEY]}))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_key(host: str) -> None:
    """On this machine alone no key is needed."""
    check_exposure(Config(host=host))
