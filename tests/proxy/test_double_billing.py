"""Google accepts and then seems to fail, and the client repeats: one submit for one wish, whatever either of them does.

The client behaves as OpenAI's SDKs do by themselves (openai-python 3.52, openai-node 7.55): two repeats, for broken
connections, timeouts, 408, 409, 429 and 5xx, unless `x-should-retry: false`; each marked `x-stainless-retry-count`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from proxy.app import Surroundings, create_app
from proxy.config import load_config
from proxy.credentials import load
from proxy.server import server_for
from proxy.simulator import Drop, Fault, Hang, RunningSimulator, SimulatorSettings, Status, running_simulator
from proxy.wiring import Entry

MODEL = "veo-3.1-generate-preview"
REPEATS = 2
RETRIED = frozenset({408, 409, 429})


@asynccontextmanager
async def proxied(folder: Path, *faults: Fault) -> AsyncIterator[tuple[RunningSimulator, str]]:
    """A simulated Google and a proxy in front of it, on a real port."""
    settings = SimulatorSettings(video_latency=0.1, render_ahead=True, alive_veo_on_gemini=True, faults=faults)
    options = {"port": 0, "data-dir": str(folder), "video": {"poll-min-interval": 0.05, "poll-max-interval": 0.05}}
    config = load_config(None, {}, options).config
    async with running_simulator(settings) as google:
        key = load.gemini_api_key(google.api_key, base_url=google.base_url)
        entry = Entry(credential=key, concurrency=4, per_minute=None)
        server = server_for(create_app(config, Surroundings(entries=[entry])), config)
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:
                assert not serving.done()
                await asyncio.sleep(0.01)
            yield google, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            google.faults.release()
            server.should_exit = True
            await serving


async def ask_as_an_sdk_does(base_url: str, *, stream: bool, patience: float = 30.0) -> tuple[httpx2.Response, int]:
    """The last answer, and how many times the request was sent. Raises httpx2.TransportError if none came at all."""
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": "a red kite over the sea"}],
        "video_config": {"duration": 4},
        "stream": stream,
    }
    async with httpx2.AsyncClient(base_url=base_url, timeout=patience) as client:
        for count in range(REPEATS + 1):
            last = count == REPEATS
            headers = {"x-stainless-retry-count": str(count)}
            try:
                answer = await client.post("/v1/chat/completions", json=body, headers=headers)
            except httpx2.TransportError:
                if last:
                    raise
                continue
            if last or not _retried(answer):
                return answer, count + 1
    raise AssertionError


def _retried(answer: httpx2.Response) -> bool:
    said = answer.headers.get("x-should-retry")
    if said is not None:
        return said == "true"
    return answer.status_code in RETRIED or answer.status_code >= 500


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "failure",
    [Status(status=503, after_accepting=True), Status(status=500, after_accepting=True), Drop(after_accepting=True)],
    ids=["503", "500", "drop"],
)
async def test_accepted_and_then_denied_is_sent_once(tmp_path: Path, failure: Any, stream: bool) -> None:
    """Google takes the job and says otherwise: the caller learns that nobody can know, and no SDK sends it again."""
    fault = Fault(verb="predictLongRunning", action=failure)
    async with proxied(tmp_path, fault) as (google, base_url):
        answer, sent = await ask_as_an_sdk_does(base_url, stream=stream)
        assert len(google.submits) == 1
    assert "submission_uncertain" in answer.text
    assert answer.status_code == (200 if stream else 502)
    assert sent == 1


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_a_client_that_gives_up_waiting_joins_its_own_job(tmp_path: Path, stream: bool) -> None:
    """Google takes the job and hangs, the client times out and repeats: it gets the video of the one submit."""
    fault = Fault(verb="predictLongRunning", nth=1, action=Hang(after_accepting=True))
    async with proxied(tmp_path, fault) as (google, base_url):
        with pytest.raises(httpx2.TransportError):
            await ask_as_an_sdk_does(base_url, stream=stream, patience=0.2)
        assert len(google.submits) == 1
        google.faults.release()
        answer, _ = await ask_as_an_sdk_does(base_url, stream=stream)
        assert len(google.submits) == 1
    assert answer.status_code == 200
    assert "data:video/mp4;base64," in answer.text


async def test_a_refusal_before_acceptance_is_waited_out(tmp_path: Path) -> None:
    """A 429 took nothing: the job waits as long as Google asks, goes again, and is paid for once."""
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.1s"}]
    told = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Slow down.", "details": details}}
    refusal = Status(status=429, body=told)
    async with proxied(tmp_path, Fault(verb="predictLongRunning", times=1, action=refusal)) as (google, base_url):
        answer, sent = await ask_as_an_sdk_does(base_url, stream=False)
        assert len(google.submits) == 1
    assert (answer.status_code, sent) == (200, 1)
