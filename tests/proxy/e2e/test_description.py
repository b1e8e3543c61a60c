"""GET /openapi.json, /docs and / on a real port: public, kept by clients, and gone where they are switched off."""

import re
import secrets

import pytest

from tests.proxy.jobs.bench import relay


async def test_it_asks_for_no_key_and_is_made_once(start) -> None:
    """A server with keys gives it to anyone; the tag that came with it is answered 304."""
    key = secrets.token_hex(8)
    _, proxy = await start(lambda google: [relay(google)], config={"api-keys": [key]})
    first = await proxy.client.get("/openapi.json")
    again = await proxy.client.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    head = await proxy.client.head("/openapi.json")

    assert (first.status_code, first.headers["content-type"]) == (200, "application/json")
    assert first.json()["openapi"].startswith("3.1")
    assert key not in first.text
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


async def test_the_page_loads_nothing_from_elsewhere(start) -> None:
    """Every address in it is this server's and answers; the browser is told to load no other."""
    _, proxy = await start(lambda google: [relay(google)])
    page = await proxy.client.get("/docs")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert {"docs/page.css", "docs/page.js"} <= set(loaded)
    for address in loaded:
        if not address.startswith("data:"):
            assert (await proxy.client.get(f"/{address}")).status_code == 200, address
    script = (await proxy.client.get("/docs/page.js")).text
    style = (await proxy.client.get("/docs/page.css")).text
    assert not re.search(r"https?://(?!www\.w3\.org/)", page.text + script + style)
    assert " style=" not in page.text  # the policy would drop it
    assert (await proxy.client.get("/docs/other.js")).status_code == 404


async def test_switched_off(start) -> None:
    """`docs: false`: both are 404, and nothing points there."""
    _, proxy = await start(lambda google: [relay(google)], config={"docs": False})
    for path in ("/openapi.json", "/docs", "/docs/page.js"):
        missing = await proxy.client.get(path)
        assert missing.status_code == 404
        assert "describes" not in missing.json()["error"]["message"]
    assert not [entry for entry in (await proxy.client.get("/")).json()["endpoints"] if "openapi" in entry]


async def test_the_list_at_the_root(start) -> None:
    """GET / and the document name the same; what it names is there."""
    _, proxy = await start(lambda google: [relay(google)])
    listed = (await proxy.client.get("/")).json()["endpoints"]
    paths = (await proxy.client.get("/openapi.json")).json()["paths"]

    described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(listed) == {entry for entry in described if not entry.startswith("HEAD ")}
    assert "POST /v1/images/edits" in listed
    assert "POST /v1beta/models/{model}:generateContent" in listed


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("PUT", "/v1/videos", 405, {"GET", "HEAD", "POST"}),
        ("PATCH", "/v1/videos/video_1", 405, {"DELETE", "GET", "HEAD"}),
        ("PUT", "/v1beta/models", 405, {"GET", "HEAD"}),
        ("PUT", "/v1beta/nothing", 404, None),
        ("GET", "/v1beta/nothing", 404, None),
        ("GET", "/nothing", 404, None),
    ],
)
async def test_what_is_not_there_names_the_way_out(start, method, path, status, allowed) -> None:
    """Every method that a path takes, and where it is described."""
    _, proxy = await start(lambda google: [relay(google)])
    answer = await proxy.client.request(method, path)
    message = answer.json()["error"]["message"]

    assert answer.status_code == status
    assert "GET /openapi.json describes it" in message
    assert ("allow" in answer.headers) is (allowed is not None)
    if allowed is not None:
        assert set(answer.headers["allow"].split(", ")) == allowed
        assert answer.headers["allow"] in message
