"""The door: what leaves, with which credential, and where downloads may go."""

import asyncio
import gzip
import importlib.machinery
import secrets
import sys
import types
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest
from aiohttp import web

from proxy import eager_start, upstream_failures
from proxy.credentials.credential import Credential
from proxy.credentials.load import from_google_json, gemini_api_key, vertex_api_key
from proxy.credentials.tokens import Tokens
from proxy.upstream import Upstream
from proxy.upstream_failures import NotSent
from translators.errors import BadRequest, UpstreamFailed
from translators.wire.call import GoogleCall

KEY = secrets.token_hex(20)
SECRET = secrets.token_hex(20)
CALL = GoogleCall(resource="models/m:generateContent", body={"contents": []})
VIDEO = secrets.token_bytes(200_000)


class Recorder:
    """Answers by path, and keeps what it was sent."""

    def __init__(self, answers: dict[str, Callable[[web.Request], web.Response]] | None = None) -> None:
        self.answers = answers or {}
        self.requests: list[tuple[web.Request, bytes]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append((request, await request.read()))
        make = self.answers.get(request.path)
        return make(request) if make else web.json_response({"ok": True})

    @property
    def last(self) -> web.Request:
        return self.requests[-1][0]


def redirect(location: str, status: int = 302) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=status, headers={"location": location})


def video(request: web.Request) -> web.Response:
    return web.Response(body=VIDEO, content_type="video/mp4")


@pytest.fixture
async def open_upstream() -> AsyncIterator[Callable[..., Any]]:
    opened: list[tuple[Upstream, Tokens]] = []

    async def start(**settings: Any) -> Upstream:
        tokens = Tokens(now=lambda: datetime.now(UTC))
        upstream = Upstream(tokens=tokens, clock=lambda: 0.0, **settings)
        opened.append((upstream, tokens))
        await upstream.open()
        await upstream.open()
        return upstream

    yield start
    for upstream, tokens in opened:
        await upstream.close()
        await upstream.close()
        await tokens.close()


async def fetch(upstream: Upstream, credential: Credential, url: str, **settings: Any) -> bytes:
    async with upstream.open_download(credential, url, **settings) as answer:
        return b"".join([chunk async for chunk in answer])


async def test_a_call_leaves_as_google_expects_it(serve: Any, open_upstream: Any) -> None:
    """Path, query, JSON body and key are right, and nothing else identifies us."""
    recorder = Recorder()
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer), headers={"X-Team": "red"})
    call = GoogleCall(resource="models/m:streamGenerateContent", body={"a": "é"}, query={"alt": "sse"})
    reply = await (await open_upstream()).call(credential, call, timeout=5)
    request, body = recorder.requests[0]
    assert (request.method, request.path_qs) == ("POST", "/v1beta/models/m:streamGenerateContent?alt=sse")
    assert body == '{"a":"é"}'.encode()
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-goog-api-key"] == KEY
    assert request.headers["x-team"] == "red"
    assert request.headers["user-agent"].startswith("mediashim/")
    assert "authorization" not in request.headers
    assert "cookie" not in request.headers
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (
        200,
        b'{"ok": true}',
        "application/json; charset=utf-8",
    )


async def test_only_a_request_that_is_alone_leaves_before_the_loop_turns(
    serve: Any, open_upstream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of one turn leave together, and so does none whose body is long."""
    at_once: list[Any] = []
    monkeypatch.setattr(upstream_failures, "NEEDED", True)
    monkeypatch.setattr(upstream_failures, "begun", lambda work: at_once.append(work) or eager_start.begun(work))
    recorder = Recorder()
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    upstream = await open_upstream()
    await upstream.call(credential, CALL, timeout=5)
    assert len(at_once) == 1
    await asyncio.gather(*(upstream.call(credential, CALL, timeout=5) for _ in range(3)))
    assert len(at_once) == 2
    long = GoogleCall(resource=CALL.resource, body={"contents": ["a" * upstream_failures.SHORT_BODY]})
    await upstream.call(credential, long, timeout=5)
    assert len(at_once) == 2
    assert len(recorder.requests) == 5


async def test_each_call_goes_to_its_own_address(serve: Any, open_upstream: Any) -> None:
    """Although addresses are remembered: by model, by query and by where the credential is at home."""
    here, there = Recorder(), Recorder()
    first = gemini_api_key(KEY, base_url=await serve(here.answer))
    moved = replace(first, base_url=await serve(there.answer))
    upstream = await open_upstream()
    for credential in (first, moved, first):
        for query in ({"alt": "sse"}, {"$alt": "sse"}, {}):
            await upstream.call(credential, replace(CALL, query=query), timeout=5)
    paths = [f"/v1beta/models/m:generateContent{end}" for end in ("?alt=sse", "?$alt=sse", "")]
    assert [unquote(request.path_qs) for request, _ in here.requests] == paths * 2
    assert [unquote(request.path_qs) for request, _ in there.requests] == paths


async def test_a_get_has_no_body(serve: Any, open_upstream: Any) -> None:
    """A poll is a bare GET."""
    recorder = Recorder()
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    await (await open_upstream()).call(
        credential, GoogleCall(resource="models/m/operations/o", method="GET"), timeout=5
    )
    request, body = recorder.requests[0]
    assert (request.method, request.path, body) == ("GET", "/v1beta/models/m/operations/o", b"")
    assert "content-type" not in request.headers


async def test_configured_headers_cannot_replace_the_credential(serve: Any, open_upstream: Any) -> None:
    """An extra header named like the key's does not win."""
    recorder = Recorder()
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer), headers={"X-Goog-Api-Key": "other"})
    await (await open_upstream()).call(credential, CALL, timeout=5)
    assert recorder.last.headers.getall("x-goog-api-key") == [KEY]


async def test_an_error_status_is_an_answer(serve: Any, open_upstream: Any) -> None:
    """The door judges nothing."""
    recorder = Recorder({"/v1beta/models/m:generateContent": lambda _: web.Response(status=503, text="busy")})
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    reply = await (await open_upstream()).call(credential, CALL, timeout=5)
    assert (reply.status, reply.body) == (503, b"busy")
    assert len(recorder.requests) == 1


async def test_a_call_follows_no_redirect(serve: Any, open_upstream: Any) -> None:
    """An API call that is redirected is answered with the redirect, and the key goes nowhere else."""
    recorder = Recorder({"/v1beta/models/m:generateContent": redirect("/elsewhere", 307)})
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    reply = await (await open_upstream()).call(credential, CALL, timeout=5)
    assert reply.status == 307
    assert len(recorder.requests) == 1


async def test_a_compressed_answer_is_unpacked(serve: Any, open_upstream: Any) -> None:
    """JSON comes compressed from Google and leaves the door as it was."""

    def compressed(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"{}"), headers={"content-encoding": "gzip"})

    recorder = Recorder({"/v1beta/models/m:generateContent": compressed})
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    upstream = await open_upstream()
    assert (await upstream.call(credential, CALL, timeout=5)).body == b"{}"
    assert "gzip" in recorder.last.headers["accept-encoding"]


async def test_a_model_that_makes_no_address_sends_nothing(serve: Any, open_upstream: Any) -> None:
    """A hostile model name is refused before any connection."""
    recorder = Recorder()
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    with pytest.raises(BadRequest):
        await (await open_upstream()).call(credential, GoogleCall(resource="models/../x:y"), timeout=5)
    assert recorder.requests == []


async def test_a_closed_door_says_so(open_upstream: Any) -> None:
    """Use after close is a mistake of ours, not a failure of Google's."""
    upstream = await open_upstream()
    await upstream.close()
    with pytest.raises(RuntimeError, match="not open"):
        await upstream.call(gemini_api_key(KEY), CALL, timeout=5)


# -- tokens ---------------------------------------------------------------------------------------------------------


class Google:
    """A token endpoint, and an API that accepts only the tokens it likes."""

    def __init__(self, *, refuses: set[str], reasons: list[str]) -> None:
        self.minted = 0
        self.shown: list[str] = []
        self.refuses = refuses
        self.reasons = reasons

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/token":
            self.minted += 1
            return web.json_response({"access_token": f"t{self.minted}", "expires_in": 3600})
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.shown.append(token)
        if token not in self.refuses:
            return web.json_response({"ok": True})
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason} for reason in self.reasons]
        body = {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "no", "details": details}}
        return web.json_response(body, status=401)


def user_at(base_url: str) -> Credential:
    document = {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": SECRET,
        "refresh_token": SECRET,
        "token_uri": base_url + "/token",
    }
    return from_google_json(document, project="p", base_url=base_url)


@pytest.mark.parametrize("reasons", [["ACCESS_TOKEN_EXPIRED"], []])
async def test_an_expired_token_is_renewed_and_the_call_repeated_once(
    serve: Any, open_upstream: Any, reasons: list[str]
) -> None:
    """A 401 started nothing, so even a paid submit may be repeated with a fresh token."""
    google = Google(refuses={"t1"}, reasons=reasons)
    credential = user_at(await serve(google.answer))
    upstream = await open_upstream()
    assert (await upstream.call(credential, CALL, timeout=5, fresh_connection=True)).status == 200
    assert google.shown == ["t1", "t2"]
    assert (await upstream.call(credential, CALL, timeout=5)).status == 200
    assert google.shown == ["t1", "t2", "t2"]


async def test_a_token_refused_twice_is_not_tried_a_third_time(serve: Any, open_upstream: Any) -> None:
    """The second 401 is the answer, its body intact, read or iterated."""
    google = Google(refuses={"t1", "t2", "t3"}, reasons=["ACCESS_TOKEN_EXPIRED"])
    credential = user_at(await serve(google.answer))
    reply = await (await open_upstream()).call(credential, CALL, timeout=5)
    assert (reply.status, google.shown) == (401, ["t1", "t2"])
    assert b"ACCESS_TOKEN_EXPIRED" in reply.body


async def test_a_token_refused_for_another_reason_is_not_renewed(serve: Any, open_upstream: Any) -> None:
    """A wrong kind of credential does not get better by repetition; the answer can still be streamed."""
    google = Google(refuses={"t1"}, reasons=["ACCESS_TOKEN_TYPE_UNSUPPORTED"])
    credential = user_at(await serve(google.answer))
    upstream = await open_upstream()
    async with upstream.stream(credential, CALL, timeout=5) as answer:
        body = b"".join([chunk async for chunk in answer])
    assert (answer.status, google.shown, google.minted) == (401, ["t1"], 1)
    assert b"ACCESS_TOKEN_TYPE_UNSUPPORTED" in body


async def test_a_refused_key_is_not_repeated(serve: Any, open_upstream: Any) -> None:
    """There is nothing to renew in an API key."""
    recorder = Recorder({"/v1beta/models/m:generateContent": lambda _: web.Response(status=401)})
    credential = gemini_api_key(KEY, base_url=await serve(recorder.answer))
    assert (await (await open_upstream()).call(credential, CALL, timeout=5)).status == 401
    assert len(recorder.requests) == 1


# -- downloads ------------------------------------------------------------------------------------------------------


async def test_a_download_streams_in_pieces_with_the_key(serve: Any, open_upstream: Any) -> None:
    """The bytes arrive as they are, in chunks, and the configured host sees the key."""
    recorder = Recorder({"/v1beta/files/f:download": video})
    base_url = await serve(recorder.answer)
    upstream = await open_upstream()
    url = f"{base_url}/v1beta/files/f:download?alt=media"
    async with upstream.open_download(gemini_api_key(KEY, base_url=base_url), url) as answer:
        chunks = [chunk async for chunk in answer]
    assert b"".join(chunks) == VIDEO
    assert max(map(len, chunks)) <= 64 * 1024
    assert recorder.last.headers["x-goog-api-key"] == KEY
    assert recorder.last.headers["accept-encoding"] == "identity"
    assert recorder.last.query_string == "alt=media"


async def test_a_range_is_passed_on(serve: Any, open_upstream: Any) -> None:
    """A part of a file is asked for as a part."""
    recorder = Recorder()
    base_url = await serve(recorder.answer)
    await fetch(await open_upstream(), gemini_api_key(KEY, base_url=base_url), f"{base_url}/f", byte_range="bytes=5-9")
    assert recorder.last.headers["range"] == "bytes=5-9"


async def test_a_download_is_not_decoded(serve: Any, open_upstream: Any) -> None:
    """What is stored compressed is handed out compressed: its length and ranges are those of the file."""
    packed = gzip.compress(VIDEO)
    recorder = Recorder({"/f": lambda _: web.Response(body=packed, headers={"content-encoding": "gzip"})})
    base_url = await serve(recorder.answer)
    assert await fetch(await open_upstream(), gemini_api_key(KEY, base_url=base_url), f"{base_url}/f") == packed


async def test_a_redirect_on_the_same_host_keeps_the_key(serve: Any, open_upstream: Any) -> None:
    """Google redirects a download to another path of its own."""
    recorder = Recorder({"/f": redirect("/real?token=a%2Fb"), "/real": video})
    base_url = await serve(recorder.answer)
    assert await fetch(await open_upstream(), gemini_api_key(KEY, base_url=base_url), f"{base_url}/f") == VIDEO
    assert recorder.last.headers["x-goog-api-key"] == KEY
    assert recorder.last.raw_path == "/real?token=a%2Fb"


async def test_a_redirect_to_another_host_never_sees_the_key_again(serve: Any, open_upstream: Any) -> None:
    """Neither the other host, nor the first one when the other sends us back there."""
    home = Recorder({"/back": video})
    other = Recorder()
    home_url, other_url = await serve(home.answer), await serve(other.answer)
    home.answers["/f"] = redirect(f"{other_url}/stolen")
    other.answers["/stolen"] = redirect(f"{home_url}/back")
    credential = gemini_api_key(KEY, base_url=home_url, headers={"x-team": SECRET})
    assert await fetch(await open_upstream(), credential, f"{home_url}/f") == VIDEO
    for request in (other.last, home.last):
        assert KEY not in str(request.raw_headers)
        assert SECRET not in str(request.raw_headers)
    assert home.requests[0][0].headers["x-goog-api-key"] == KEY


async def test_a_url_on_another_host_is_fetched_without_the_key(serve: Any, open_upstream: Any) -> None:
    """A URI in an answer may name any host; only a trusted one learns the key."""
    other = Recorder({"/f": video})
    other_url = await serve(other.answer)
    credential = gemini_api_key(KEY, base_url="http://127.0.0.1:1")
    assert await fetch(await open_upstream(), credential, f"{other_url}/f") == VIDEO
    assert "x-goog-api-key" not in other.last.headers


async def test_redirects_end_somewhere(serve: Any, open_upstream: Any) -> None:
    """Five hops are followed, a sixth is not."""
    recorder = Recorder({f"/{n}": redirect(f"/{n + 1}", 308) for n in range(20)})
    base_url = await serve(recorder.answer)
    with pytest.raises(UpstreamFailed) as caught:
        await fetch(await open_upstream(), gemini_api_key(KEY, base_url=base_url), f"{base_url}/0")
    assert caught.value.code == "upstream_redirects"
    assert len(recorder.requests) == 6


async def test_a_redirect_into_the_private_network_is_refused(serve: Any, open_upstream: Any) -> None:
    """A hostile relay cannot make the proxy read the metadata server."""
    recorder = Recorder({"/f": redirect("http://169.254.169.254/computeMetadata/v1/")})
    base_url = await serve(recorder.answer)
    with pytest.raises(UpstreamFailed) as caught:
        await fetch(await open_upstream(), gemini_api_key(KEY, base_url=base_url), f"{base_url}/f")
    assert caught.value.code == "upstream_unsafe_url"


async def test_a_public_name_with_a_private_address_is_refused(
    open_upstream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked is the address that would be connected to, not the name."""

    async def rebound(*_: Any, **__: Any) -> Any:
        return [{"hostname": "r", "host": "10.0.0.7", "port": 443, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", rebound)
    with pytest.raises(NotSent, match="private address"):
        await fetch(await open_upstream(), gemini_api_key(KEY), "https://rebound.example/f")


async def test_an_object_in_a_bucket_is_fetched_with_the_token(serve: Any, open_upstream: Any) -> None:
    """gs://bucket/object goes to Cloud Storage with the same bearer token."""
    google = Google(refuses=set(), reasons=[])
    storage = Recorder()
    credential = user_at(await serve(google.answer))
    upstream = await open_upstream(storage_base_url=await serve(storage.answer))
    await fetch(upstream, credential, "gs://bucket/a/sample_0.mp4")
    assert storage.last.raw_path == "/storage/v1/b/bucket/o/a%2Fsample_0.mp4?alt=media"
    assert storage.last.headers["authorization"] == "Bearer t1"


async def test_a_download_with_an_expired_token_renews_it_once(serve: Any, open_upstream: Any) -> None:
    """A video that was paid for is not lost to a token that Google no longer takes."""
    google = Google(refuses={"t1"}, reasons=[])
    base_url = await serve(google.answer)
    upstream = await open_upstream(storage_base_url=base_url)
    assert await fetch(upstream, user_at(base_url), "gs://bucket/o") == b'{"ok": true}'
    assert google.shown == ["t1", "t2"]
    google.refuses = {"t2", "t3", "t4"}
    async with upstream.open_download(user_at(base_url), "gs://bucket/o") as answer:
        assert answer.status == 401
    assert google.shown == ["t1", "t2", "t2", "t3"]


# -- forward proxies ------------------------------------------------------------------------------------------------


async def test_a_credentials_proxy_carries_its_calls(serve: Any, open_upstream: Any) -> None:
    """The proxy gets the absolute URL; `direct` goes round the default one."""
    proxy, home = Recorder(), Recorder()
    proxy_url, home_url = await serve(proxy.answer), await serve(home.answer)
    upstream = await open_upstream(default_proxy_url=proxy_url)
    await upstream.call(gemini_api_key(KEY, base_url="http://relay.example"), CALL, timeout=5)
    assert proxy.last.raw_path.endswith("/v1beta/models/m:generateContent")
    assert proxy.last.host == "relay.example"
    await upstream.call(gemini_api_key(KEY, base_url=home_url, proxy_url="direct"), CALL, timeout=5)
    assert (len(proxy.requests), len(home.requests)) == (1, 1)


async def test_a_proxy_that_refuses_to_connect_means_not_sent(serve: Any, open_upstream: Any) -> None:
    """A CONNECT that is refused never let the request through."""
    upstream = await open_upstream()

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=407)

    password = secrets.token_hex(8)
    proxy_url = (await serve(refuse)).replace("http://", f"http://user:{password}@")
    with pytest.raises(NotSent, match="forward proxy") as caught:
        await upstream.call(gemini_api_key(KEY, proxy_url=proxy_url), CALL, timeout=5)
    assert password not in str(caught.value)


async def test_an_unreachable_proxy_means_not_sent(open_upstream: Any) -> None:
    """Nor did one that is not there."""
    credential = vertex_api_key(KEY, proxy_url="http://127.0.0.1:1")
    with pytest.raises(NotSent, match="forward proxy is unreachable"):
        await (await open_upstream()).call(credential, CALL, timeout=5)


async def test_a_socks_proxy_has_connections_of_its_own(open_upstream: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With aiohttp-socks there, calls go through its connector, one for reuse and one always fresh."""
    made: list[tuple[str, bool]] = []

    class ProxyConnector(aiohttp.TCPConnector):
        @classmethod
        def from_url(cls, url: str, *, ssl: Any, force_close: bool) -> "ProxyConnector":
            made.append((url, force_close))
            return cls(ssl=ssl, force_close=force_close)

    module = types.ModuleType("aiohttp_socks", "a stand-in")
    module.ProxyConnector = ProxyConnector  # type: ignore[attr-defined]
    module.__spec__ = importlib.machinery.ModuleSpec("aiohttp_socks", None)
    monkeypatch.setitem(sys.modules, "aiohttp_socks", module)
    upstream = await open_upstream()
    credential = gemini_api_key(KEY, base_url="http://127.0.0.1:1", proxy_url="socks5://127.0.0.1:2")
    for fresh in (False, False, True):
        with pytest.raises(NotSent):
            await upstream.call(credential, CALL, timeout=5, fresh_connection=fresh)
    assert made == [("socks5://127.0.0.1:2", False), ("socks5://127.0.0.1:2", True)]
