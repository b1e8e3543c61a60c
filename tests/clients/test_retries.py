"""What real SDKs do by themselves when something goes wrong never pays for a video twice.

By default each sends a failed request up to three times, and after a timeout too (measured with openai-python 2.54
and 3.52 and openai-node 7.55).
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from proxy.simulator import Drop, Fault, Hang, RunningSimulator, Status
from proxy.simulator.faults import Action
from tests.clients import orders
from tests.clients.driver import Driver
from tests.clients.media import video_in
from tests.clients.serving import Mediashim, google_itself

Start = Callable[..., Any]

BUSY = {
    "error": {
        "code": 429,
        "status": "RESOURCE_EXHAUSTED",
        "message": "Resource has been exhausted (e.g. check quota).",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.2s"}],
    }
}
"""Google's 429 with a short wait."""


def omni(google: RunningSimulator) -> Any:
    return google_itself(google, account=False)


def vertex(google: RunningSimulator) -> Any:
    return google_itself(google, key=False)


BACKENDS: Mapping[str, tuple[Callable[[RunningSimulator], Any], str]] = {
    "omni": (omni, "createInteraction"),
    "vertex": (vertex, "predictLongRunning"),
}
"""How the simulator is opened, and the method of its paid call."""
IMPATIENT = {"timeout": 0.7, "max_retries": 20}
"""The SDK gives up long before a video is there, and goes on asking."""

ACCEPTED_AND_THEN = {
    "answers 503": Status(status=503, after_accepting=True),
    "answers 500": Status(status=500, after_accepting=True),
    "drops": Drop(after_accepting=True),
}


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> tuple[Callable[[RunningSimulator], Any], str]:
    return BACKENDS[request.param]


@pytest.mark.parametrize("action", ACCEPTED_AND_THEN.values(), ids=list(ACCEPTED_AND_THEN))
async def test_accepted_and_lost(sdk: Driver, start: Start, action: Any) -> None:
    """Google takes the job and the answer is lost: one submit, and an error that says that nobody can know."""
    await submitted_once(sdk, await start(around=vertex), "predictLongRunning", action)


@pytest.mark.parametrize("action", ACCEPTED_AND_THEN.values(), ids=list(ACCEPTED_AND_THEN))
async def test_an_interaction_accepted_and_lost(openai_python_3: Driver, start: Start, action: Any) -> None:
    """The same for Omni, whose own client sends such a request up to five times (measured with google-genai 3.4.0)."""
    await submitted_once(openai_python_3, await start(around=omni), "createInteraction", action)


async def submitted_once(sdk: Driver, shim: Mediashim, verb: str, action: Action) -> None:
    """Order a video whose submit ends like this, and see that it was sent once."""
    shim.google.faults.add(Fault(verb=verb, action=action))
    error = (await sdk.chat(shim.base_url, orders.video()))["error"]
    assert "InternalServerError" in error["classes"]
    assert error["code"] == "submission_uncertain"
    assert "may have accepted" in error["message"]
    assert len(shim.google.submits) == 1
    assert len(shim.google.requests_for(verb)) == 1


async def test_refused_for_the_moment(openai_python_3: Driver, start: Start, backend: Any) -> None:
    """Google is certain to have refused (429): the job waits its turn and the caller gets the video of one submit."""
    around, verb = backend
    shim = await start(around=around)
    shim.google.faults.add(Fault(verb=verb, nth=1, action=Status(status=429, body=BUSY)))
    outcome = await openai_python_3.chat(shim.base_url, orders.video())
    assert video_in(outcome["answer"]["choices"][0]["message"]).seconds == 4.0
    assert len(shim.google.submits) == 1
    assert len(shim.google.requests_for(verb)) == 2


async def test_an_impatient_sdk(sdk: Driver, start: Start) -> None:
    """Every repeat after a timeout joins the running job; the one that comes in time gets its video."""
    shim = await start(video_latency=1.5)
    outcome = await sdk.chat(shim.base_url, orders.video(), **IMPATIENT)
    assert video_in(outcome["answer"]["choices"][0]["message"]).seconds == 4.0
    assert len(shim.google.submits) == 1


async def test_an_impatient_sdk_and_a_hanging_google(sdk: Driver, start: Start) -> None:
    """The caller is gone while Google's answer to the submit is outstanding; the same request later has the video."""
    shim = await start()
    shim.google.faults.add(Fault(verb="predictLongRunning", nth=1, action=Hang(after_accepting=True)))
    error = (await sdk.chat(shim.base_url, orders.video(), timeout=0.3))["error"]
    assert {"APITimeoutError", "APIConnectionTimeoutError"} & set(error["classes"])
    shim.google.faults.release()
    outcome = await sdk.chat(shim.base_url, orders.video())
    assert video_in(outcome["answer"]["choices"][0]["message"]).seconds == 4.0
    assert len(shim.google.submits) == 1


async def test_a_stream_that_is_cut_and_asked_for_again(openai_python_3: Driver, start: Start) -> None:
    """A caller that leaves its stream before the end joins the job with the same request."""
    shim = await start()
    shim.google.faults.add(Fault(verb="predictLongRunning", nth=1, action=Hang(after_accepting=True)))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(shim.origin.rpartition(":")[2]))
    writer.write(raw_request(orders.video(stream=True)))
    assert b"200 OK" in await reader.readline()
    await shim.google.faults.until_someone_waits()
    writer.close()
    await writer.wait_closed()
    shim.google.faults.release()
    outcome = await openai_python_3.chat(shim.base_url, orders.video(stream=True))
    (delta,) = [d for chunk in outcome["chunks"] for c in chunk["choices"] if (d := c["delta"]).get("videos")]
    assert video_in(delta).seconds == 4.0
    assert len(shim.google.submits) == 1


def raw_request(body: Mapping[str, Any]) -> bytes:
    """An HTTP/1.1 request, byte by byte."""
    data = json.dumps(body).encode()
    head = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(data)}\r\n\r\n".encode() + data


async def test_two_wishes_are_two_videos(openai_python_3: Driver, openai_node: Driver, start: Start) -> None:
    """The same words from two people at one time are no repeat: each gets a video of its own."""
    shim = await start(video_latency=0.5)
    outcomes = await asyncio.gather(
        *(sdk.chat(shim.base_url, orders.video()) for sdk in (openai_python_3, openai_node))
    )
    assert len({outcome["answer"]["job_id"] for outcome in outcomes}) == 2
    assert len(shim.google.submits) == 2


async def test_an_idempotency_key(sdk: Driver, shim: Mediashim) -> None:
    """The same Idempotency-Key is the same video, however late; another request under it is refused."""
    key = {"Idempotency-Key": "a-key-of-the-callers"}
    first = await sdk.chat(shim.base_url, orders.video(), headers=key)
    again = await sdk.chat(shim.base_url, orders.video(), headers=key)
    assert first["answer"]["job_id"] == again["answer"]["job_id"]
    other = await sdk.chat(shim.base_url, orders.video("something else"), headers=key)
    assert "ConflictError" in other["error"]["classes"]
    assert other["error"]["code"] == "idempotency_key_reused"
    assert len(shim.google.submits) == 1


async def test_an_empty_idempotency_key(openai_python_3: Driver, shim: Mediashim) -> None:
    """A header without a value is no key: two wishes under it are two videos."""
    empty = {"Idempotency-Key": ""}
    jobs = [
        (await openai_python_3.chat(shim.base_url, orders.video(prompt), headers=empty))["answer"]["job_id"]
        for prompt in ("a fox", "an owl")
    ]
    assert len(set(jobs)) == 2


async def test_text_is_tried_again(sdk: Driver, shim: Mediashim) -> None:
    """A text costs next to nothing: after two failures of Google it simply arrives."""
    shim.google.faults.add(Fault(verb="generateContent", times=2, action=Status(status=503)))
    outcome = await sdk.chat(shim.base_url, orders.text())
    assert "Name a colour." in outcome["answer"]["choices"][0]["message"]["content"]
