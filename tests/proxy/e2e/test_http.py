"""The edges of the HTTP face: keys, health, CORS, ids, sizes, paths that are not there."""

import re
import secrets
from pathlib import Path

import pytest
from starlette.routing import Route

import proxy as proxy_package
from proxy.envelope import EXPOSED
from proxy.routes.table import routes
from tests.proxy.e2e.serving import VEO_PREVIEW, a_video
from tests.proxy.jobs.bench import google_key, relay, vertex

CLIPROXYAPI_FIELDS = ["id", "object", "created", "owned_by"]


@pytest.mark.parametrize("path", ["/v1/models", "/models"])
async def test_the_list_of_models(start, path) -> None:
    """CLIProxyAPI's four fields first, then what a person or a client chooses by."""
    _, proxy = await start(lambda google: [google_key(google), vertex(google)])
    listed = (await proxy.client.get(path)).json()

    assert listed["object"] == "list"
    assert all(list(entry)[:4] == CLIPROXYAPI_FIELDS for entry in listed["data"])
    known = {entry["id"]: entry for entry in listed["data"]}
    assert VEO_PREVIEW not in known
    veo = known["veo-3.1-generate-001"]
    assert veo["modalities"]
    assert veo["durations"] == [4, 6, 8]
    assert veo["resolutions"] == ["720p", "1080p", "4k"]
    assert veo["aspect_ratios"] == ["16:9", "9:16"]
    assert veo["pricing"]
    assert veo["lifecycle"]
    one = await proxy.client.get("/v1/models/veo-3.1-generate-001")
    assert one.json() == veo
    missing = await proxy.client.get("/v1/models/sora-2")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model_not_found")


async def test_health(start) -> None:
    """GET and HEAD, without a key; ready only with a credential."""
    _, proxy = await start(lambda google: [relay(google)], config={"api-keys": [secrets.token_hex(8)]})
    for path in ("/healthz", "/readyz"):
        got, head = await proxy.client.get(path), await proxy.client.head(path)
        assert (got.status_code, got.json()) == (200, {"status": "ok"})
        assert (head.status_code, head.content) == (200, b"")


async def test_not_ready_without_a_credential(start) -> None:
    """Alive, and of no use: 503 with the reason; a request for a model says how to set one."""
    _, proxy = await start(lambda google: [])
    ready, asked = await proxy.client.get("/readyz"), await proxy.ask(a_video())

    assert (await proxy.client.get("/healthz")).status_code == 200
    assert (ready.status_code, ready.json()["reasons"]) == (503, ["no Google credential is configured"])
    assert asked.status_code == 400
    assert "GEMINI_API_KEY" in asked.json()["error"]["message"]


PLACES = {
    "bearer": lambda key: ({"authorization": f"Bearer {key}"}, {}),
    "bare": lambda key: ({"authorization": key}, {}),
    "x-goog-api-key": lambda key: ({"x-goog-api-key": key}, {}),
    "x-api-key": lambda key: ({"x-api-key": key}, {}),
    "?key": lambda key: ({}, {"key": key}),
    "?auth_token": lambda key: ({}, {"auth_token": key}),
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_key_opens_from_every_place(start, place) -> None:
    """The right one opens, a wrong one and none are refused as CLIProxyAPI refuses them; nothing reaches Google."""
    key = "ccs-internal-managed"
    google, proxy = await start(lambda google: [relay(google)], config={"api-keys": [key]})
    headers, query = PLACES[place](key)
    opened = await proxy.client.get("/v1/models", headers=headers, params=query)
    headers, query = PLACES[place](key + "x")
    wrong = await proxy.client.post("/v1/chat/completions", headers=headers, params=query, json=a_video())
    none = await proxy.ask(a_video())

    assert opened.status_code == 200
    assert (wrong.status_code, wrong.json()) == (401, {"error": "Invalid API key"})
    assert (none.status_code, none.json()) == (401, {"error": "Missing API key"})
    assert not google.requests


async def test_preflight_and_cors(start) -> None:
    """OPTIONS is answered before authentication; every answer may be read by the page that asked."""
    _, proxy = await start(lambda google: [relay(google)], config={"api-keys": [secrets.token_hex(8)]})
    origin = {"origin": "https://chat.example"}
    preflight = await proxy.client.options("/v1/chat/completions", headers=origin)
    refused = await proxy.client.get("/v1/models", headers=origin)

    assert (preflight.status_code, preflight.content) == (204, b"")
    for answer in (preflight, refused):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "retry-after" in answer.headers["access-control-expose-headers"]


async def test_a_browser_may_call_every_route(start) -> None:
    """Each method of each route, with a key in either header; the asterisk alone would not stand for Authorization."""
    _, proxy = await start(lambda google: [relay(google)], config={"api-keys": [secrets.token_hex(8)]})
    asks = {
        "origin": "https://chat.example",
        "access-control-request-headers": "authorization,content-type,x-goog-api-key,x-stainless-lang,idempotency-key",
    }
    for route in routes(described=True):
        assert isinstance(route, Route)
        path = re.sub(r"{[^}]*}", "x", route.path)
        for method in route.methods or ():
            preflight = await proxy.client.options(path, headers={**asks, "access-control-request-method": method})
            assert preflight.status_code == 204, path
            assert preflight.headers["access-control-allow-origin"] == "*"
            assert method in preflight.headers["access-control-allow-methods"].split(", "), path
            assert {"*", "authorization"} <= set(preflight.headers["access-control-allow-headers"].split(", "))
            assert preflight.headers["access-control-max-age"]


def test_a_page_may_read_what_is_told_in_headers() -> None:
    """Every header of the proxy's own, and those that say when to come again."""
    source = "".join(path.read_text() for path in Path(proxy_package.__file__).parent.rglob("*.py"))
    own = set(re.findall(r"\"(x-mediashim-[a-z-]+|openai-poll-[a-z-]+)\"", source))
    assert own
    assert own | {"retry-after", "x-should-retry", "x-request-id", "content-range"} <= set(EXPOSED)


async def test_one_origin_only(start) -> None:
    """Where origins are named, another page gets no CORS headers."""
    _, proxy = await start(lambda google: [relay(google)], config={"cors": {"allow-origins": ["https://chat.example"]}})
    known = await proxy.client.get("/healthz", headers={"origin": "https://chat.example"})
    other = await proxy.client.get("/healthz", headers={"origin": "https://evil.example"})

    assert known.headers["access-control-allow-origin"] == "https://chat.example"
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(("given", "kept"), [("order-17", True), ("x" * 129, False), ("a b", False)])
async def test_the_request_id(start, given, kept) -> None:
    """The caller's own comes back, if it is harmless; else a new one."""
    _, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.client.get("/healthz", headers={"x-request-id": given})

    assert (answer.headers["x-request-id"] == given) is kept


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_body_that_is_too_large(start, streamed) -> None:
    """413 as soon as it is seen, with or without a length."""
    _, proxy = await start(lambda google: [relay(google)], config={"max-body-bytes": 1000})

    async def pieces():
        for _ in range(20):
            yield b"x" * 100

    answer = await proxy.client.post("/v1/chat/completions", content=pieces() if streamed else b"x" * 2000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")
    assert "max-body-bytes" in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"model": 7}', b'{"messages": []}'])
async def test_a_body_that_is_no_request(start, body) -> None:
    """400 in OpenAI's shape."""
    google, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.client.post("/v1/chat/completions", content=body)

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert not google.requests


@pytest.mark.parametrize(
    "members",
    [
        '"temperature": NaN',
        '"temperature": 1e400',
        '"seed": 18446744073709551616',
        '"generationConfig": {"topP": NaN}',
        '"generationConfig": {"topK": 18446744073709551616}',
    ],
)
async def test_a_number_that_nobody_can_write(start, members) -> None:
    """400 that names it: neither null in its place nor a failure."""
    google, proxy = await start(lambda google: [relay(google)])
    body = f'{{"model": "gemini-2.5-flash", "messages": [{{"role": "user", "content": "Hi"}}], {members}}}'
    answer = await proxy.client.post("/v1/chat/completions", content=body)

    assert (answer.status_code, bool(answer.json()["error"]["param"])) == (400, True), answer.text
    assert not google.requests


@pytest.mark.parametrize("path", ["/v1/videos?limit={}", "/v1beta/models?pageSize={}"])
@pytest.mark.parametrize("said", ["9" * 5000, "%C2%B2", "-1"])
async def test_a_query_that_is_no_number(start, path, said) -> None:
    """400, however many digits it has."""
    _, proxy = await start(lambda google: [relay(google)])
    assert (await proxy.client.get(path.format(said))).status_code == 400


async def test_a_retry_count_that_is_no_number(start) -> None:
    """It marks no retry, and it is no failure: headers are Latin-1, where `²` is a digit to Python."""
    _, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.client.post(
        "/v1/videos", json={"model": VEO_PREVIEW, "prompt": "a"}, headers={"x-stainless-retry-count": b"\xb2"}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "unknown_url"),
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("DELETE", "/v1/models", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there(start, method, path, status, code) -> None:
    """OpenAI's error shape, with the path; 405 says what is allowed."""
    _, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.client.request(method, path)

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (status, "invalid_request_error", code)
    assert path in error["message"]
    assert ("allow" in answer.headers) is (status == 405)
    assert answer.headers["x-request-id"]


async def test_where_one_is(start) -> None:
    """GET / names the endpoints; a 404 points there."""
    _, proxy = await start(lambda google: [relay(google)])

    assert "POST /v1/chat/completions" in (await proxy.client.get("/")).json()["endpoints"]
    assert "GET / " in (await proxy.client.get("/nothing")).json()["error"]["message"]
