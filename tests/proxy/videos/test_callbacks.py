"""`callback_url`: called when the job has ended, signed, until it is heard, also over a restart."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from proxy.simulator import Fault, Filtered, SimulatorSettings, running_simulator

from .conftest import OMNI, Start, running_proxy

Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]
LOCAL = {"fetch": {"allow-hosts": ["127.0.0.1"]}}
BODY = {"model": OMNI, "prompt": "a kite", "duration": 3, "resolution": "360p"}


class Receiver:
    """A caller's own server; it answers with `statuses` in turn, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self._statuses = list(statuses)
        self._called = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append((headers, await request.read()))
        self._called.set()
        return web.Response(status=self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0])

    async def called(self, times: int = 1) -> list[tuple[dict[str, str], bytes]]:
        """The calls, once there are so many."""
        async with asyncio.timeout(30):
            while len(self.calls) < times:
                self._called.clear()
                await self._called.wait()
        return self.calls


async def test_a_signed_callback(start: Start, serve: Serve) -> None:
    """The receiver checks it as OpenRouter's docs say, with the caller's own secret."""
    secret = secrets.token_urlsafe(16)
    proxy = await start(alice={"webhook-secret": secret}, webhooks={"secret": "another"}, **LOCAL)
    receiver = Receiver(204)
    created = await proxy.client.post(
        "/api/v1/videos", json={**BODY, "callback_url": f"{await serve(receiver.answer)}/hook?token=t"}
    )
    assert created.status_code == 202, created.text
    assert "warnings" not in created.json() or not any("signature" in told for told in created.json()["warnings"])
    [(headers, body)] = await receiver.called()
    timestamp, _, signature = headers["x-openrouter-signature"].partition(",")
    expected = hmac.new(secret.encode(), timestamp[2:].encode() + b"," + body, hashlib.sha256).hexdigest()
    assert signature == f"v1={expected}"
    job_id = created.json()["id"]
    assert headers["x-openrouter-idempotency-key"] == f"{job_id}-completed"
    assert headers["content-type"] == "application/json"
    event = orjson.loads(body)
    assert (event["type"], event["data"]["id"]) == ("video.generation.completed", job_id)
    video = await proxy.client.get(event["data"]["unsigned_urls"][0], headers={"authorization": ""})
    assert video.content[4:8] == b"ftyp"


async def test_a_failed_job_calls_too(start: Start, serve: Serve) -> None:
    """Without a secret it is unsigned, and the caller was told."""
    proxy = await start(**LOCAL)
    proxy.google.faults.add(Fault(verb="createInteraction", action=Filtered()))
    receiver = Receiver(200)
    created = await proxy.client.post("/api/v1/videos", json={**BODY, "callback_url": await serve(receiver.answer)})
    assert any("without a signature" in told for told in created.json()["warnings"])
    [(headers, body)] = await receiver.called()
    assert "x-openrouter-signature" not in headers
    event = orjson.loads(body)
    assert event["type"] == "video.generation.failed"
    assert event["data"]["error"]


async def test_a_receiver_that_fails_is_called_again(
    start: Start, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same body under the same key."""
    monkeypatch.setattr("proxy.webhooks.DELAYS", (0.0, 0.0, 0.0))
    proxy = await start(**LOCAL)
    receiver = Receiver(500, 302, 204)
    await proxy.client.post("/api/v1/videos", json={**BODY, "callback_url": await serve(receiver.answer)})
    calls = await receiver.called(3)
    assert len({body for _, body in calls}) == 1
    assert len({headers["x-openrouter-idempotency-key"] for headers, _ in calls}) == 1


async def test_a_restart_does_not_forget(tmp_path: Path, serve: Serve) -> None:
    """The job ended while the proxy was down; the next start calls."""
    receiver = Receiver(204)
    url = await serve(receiver.answer)
    async with running_simulator(SimulatorSettings(video_latency=0.5)) as google:
        async with running_proxy(google, tmp_path, dict(LOCAL)) as proxy:
            created = await proxy.client.post("/api/v1/videos", json={**BODY, "callback_url": url})
            assert created.status_code == 202, created.text
        assert receiver.calls == []
        async with running_proxy(google, tmp_path, dict(LOCAL)):
            [(headers, _)] = await receiver.called()
    assert headers["x-openrouter-idempotency-key"].startswith(created.json()["id"])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.com/hook", "must be an https:// URL"),
        ("https://127.0.0.1/hook", "not on the public internet"),
        ("https://localhost/hook", "not on the public internet"),
        ("https://2130706433/hook", "only looks like an address"),
        ("https://user:password@example.com/", "user name or password"),
        ("https://[", "cannot be resolved"),
        ("https://example.com:port/", "not a URL"),
        ("nonsense", "must be an https:// URL"),
    ],
)
async def test_where_a_callback_may_not_go(start: Start, url: str, says: str) -> None:
    """Refused before anything is paid; the address is not repeated."""
    proxy = await start()
    answer = await proxy.client.post("/api/v1/videos", json={**BODY, "callback_url": url})
    error: dict[str, Any] = answer.json()["error"]
    assert (answer.status_code, error["metadata"]["param"]) == (400, "callback_url")
    assert says in error["message"]
    assert "password@" not in answer.text
    assert proxy.google.submits == []
