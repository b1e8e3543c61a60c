"""Answers of Code Assist come out of their envelopes at the door; all that is no good answer comes as it is."""

import json
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from proxy.credentials.credential import Credential
from proxy.credentials.load import at_code_assist, from_google_json
from proxy.credentials.tokens import Tokens
from proxy.upstream import Upstream
from proxy.upstream_failures import Lost
from tests.proxy.conftest import Serve
from translators.errors import BadRequest
from translators.wire.call import GoogleCall

CALL = GoogleCall(resource="models/m:generateContent", body={"contents": []})
STREAM = GoogleCall(resource="models/m:streamGenerateContent", body={"contents": []}, query={"alt": "sse"})
INSIDE = {"candidates": [{"content": {"parts": [{"text": "x" * 100_000}]}}]}


class CodeAssist:
    """Gives out tokens, notes what it is asked, and answers as a test wishes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.status = 200
        self.body = json.dumps({"response": INSIDE}).encode()
        self.content_type = "application/json"
        self.announced = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            body = {"access_token": secrets.token_hex(8), "expires_in": 3600, "token_type": "Bearer"}
            return web.json_response(body)
        self.asked.append((request.path_qs, await request.json()))
        if not self.announced:
            return web.Response(status=self.status, body=self.body, content_type=self.content_type)
        response = web.StreamResponse(
            headers={"content-type": self.content_type, "content-length": str(self.announced)}
        )
        await response.prepare(request)
        await response.write(self.body)
        assert request.transport is not None
        request.transport.close()
        return response


@pytest.fixture
def google() -> CodeAssist:
    return CodeAssist()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    tokens = Tokens(now=lambda: datetime.now(UTC))
    door = Upstream(tokens=tokens, clock=lambda: 0.0)
    await door.open()
    yield door
    await door.close()
    await tokens.close()


@pytest.fixture
async def login(serve: Serve, google: CodeAssist) -> Credential:
    here = await serve(google.answer)
    user = {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": secrets.token_hex(8),
        "refresh_token": secrets.token_hex(8),
        "token_uri": f"{here}/token",
    }
    return at_code_assist(from_google_json(user, project="p", base_url=here))


async def test_a_whole_answer(upstream: Upstream, login: Credential, google: CodeAssist) -> None:
    """However often it is read."""
    async with upstream.stream(login, CALL) as answer:
        first, second = await answer.read(), await answer.read()
        again = b"".join([piece async for piece in answer])

    assert json.loads(first) == INSIDE
    assert first == second == again
    assert google.asked == [
        ("/v1internal:generateContent", {"model": "m", "project": "p", "request": {"contents": []}})
    ]


async def test_a_stream(upstream: Upstream, login: Credential, google: CodeAssist) -> None:
    """Each event, and no envelope."""
    google.content_type = "text/event-stream"
    google.body = b"".join(b"data: " + json.dumps({"response": {"n": n}}).encode() + b"\r\n\r\n" for n in range(3))
    async with upstream.stream(login, STREAM) as answer:
        pieces = b"".join([piece async for piece in answer])

    assert pieces == b'data: {"n":0}\r\n\r\ndata: {"n":1}\r\n\r\ndata: {"n":2}\r\n\r\n'
    assert google.asked[0][0] == "/v1internal:streamGenerateContent?alt=sse"


async def test_a_refusal_comes_as_it_is(upstream: Upstream, login: Credential, google: CodeAssist) -> None:
    """Errors have no envelope, and nothing is taken for one."""
    google.status, google.body = 429, b'{"error": {"code": 429}, "response": {"not": "this"}}'
    reply = await upstream.call(login, CALL, timeout=10)

    assert (reply.status, reply.body) == (429, google.body)


@pytest.mark.parametrize(
    ("call", "content_type", "body"),
    [
        (CALL, "application/json", b'{"response": {"candidates": ['),
        (STREAM, "text/event-stream", b'data: {"response": {"n": 0}}\n\ndata: {"resp'),
    ],
)
async def test_an_answer_that_breaks_off_is_lost(
    upstream: Upstream, login: Credential, google: CodeAssist, call: GoogleCall, content_type: str, body: bytes
) -> None:
    """It never looks whole."""
    google.content_type, google.body, google.announced = content_type, body, 10_000

    async def taken() -> list[bytes]:
        async with upstream.stream(login, call) as answer:
            return [piece async for piece in answer]

    with pytest.raises(Lost):
        await taken()


@pytest.mark.parametrize("method", ["predictLongRunning", "predict", "fetchPredictOperation"])
async def test_no_video_leaves_by_this_door(
    upstream: Upstream, login: Credential, google: CodeAssist, method: str
) -> None:
    """Whoever asks: not even a token is fetched."""
    with pytest.raises(BadRequest, match="Gemini Code Assist has"):
        await upstream.call(login, GoogleCall(resource=f"models/m:{method}", body={}), timeout=10)

    assert google.asked == []
