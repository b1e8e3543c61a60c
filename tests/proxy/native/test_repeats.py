"""Whatever google-genai sends twice of its own accord is paid for once."""

import json
from typing import Any

import pytest
from google.genai import types

from proxy.simulator import Drop, Fault, Status
from tests.proxy.e2e.serving import until
from tests.proxy.jobs.bench import google_key, vertex

from .conftest import OMNI, VEO, Start, Swallowing

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The generate_videos method is deprecated"),
    pytest.mark.filterwarnings("ignore:.*experimental.*:UserWarning"),
]
SMALL: Any = {"type": "video", "duration": "3s", "resolution": "360p"}
PATH = f"/v1beta/models/{VEO}:predictLongRunning"


def body(seed: int = 1) -> dict[str, Any]:
    return {"instances": [{"prompt": "a red kite"}], "parameters": {"durationSeconds": 4, "seed": seed}}


async def test_a_dropped_answer_over_aiohttp(
    start: Start, swallowing: Swallowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """generate_videos posts again without a mark: one job, whose operation both answers name."""
    monkeypatch.setattr("google.genai._api_client.random.randint", lambda *_: -1)  # it would wait for seconds
    both = await start(lambda google: [vertex(google)])
    client = both.vertex_client(base_url=await swallowing(both, 1))
    async with client.aio as aio:
        operation = await aio.models.generate_videos(
            model=VEO,
            source=types.GenerateVideosSource(prompt="a red kite"),
            config=types.GenerateVideosConfig(duration_seconds=4),
        )
        told = await aio.operations.get(operation)
    client.close()
    assert told.name == operation.name
    await until(both.submitted)
    listed = (await both.get("/v1/videos")).json()["data"]
    assert len(both.google.submits) == 1
    assert [job["id"] for job in listed] == [str(operation.name).rpartition("/")[2]]


async def test_interactions_are_created_up_to_five_times(
    start: Start, swallowing: Swallowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """interactions.create repeats what a gateway answered with 503: one job."""
    monkeypatch.setattr("google.genai._gaos.utils.retries._get_sleep_interval", lambda *_, **__: 0)
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client(base_url=await swallowing(both, 4, status=503))
    async with client.aio as aio:
        created: Any = await aio.interactions.create(
            model=OMNI, input="a red kite", background=True, response_format=SMALL
        )
    client.close()
    await until(both.submitted)
    listed = (await both.get("/v1/videos")).json()["data"]
    assert len(both.google.submits) == 1
    assert [job["id"] for job in listed] == [created.id]


@pytest.mark.parametrize("action", [Drop(after_accepting=True), Status(status=503)])
async def test_googles_own_trouble_never_reaches_the_sdk(start: Start, action: Any) -> None:
    """The submit is the proxy's: the SDK has its operation at once and sees nothing that it would repeat."""
    both = await start(lambda google: [vertex(google)])
    both.google.faults.add(Fault(verb="predictLongRunning", nth=1, action=action))
    answer = await both.post(PATH, body())
    assert (answer.status_code, set(answer.json())) == (200, {"name"})

    async def ended() -> bool:
        return (await both.get(f"/v1/videos/{answer.json()['name'].rpartition('/')[2]}")).json()["status"] == "failed"

    await until(ended)
    assert len(both.google.requests_for("predictLongRunning")) == 1


async def test_an_equal_request_before_anybody_asked(start: Start) -> None:
    """It is a repeat, and a header says so; once the operation was asked for, it is another video."""
    both = await start(lambda google: [vertex(google)])
    first = await both.post(PATH, body())
    second = await both.post(PATH, body())
    assert first.json() == second.json()
    assert "x-mediashim-warnings" not in first.headers
    [warning] = json.loads(second.headers["x-mediashim-warnings"])
    assert "nobody has asked for yet" in warning
    await both.get(f"/v1beta/{first.json()['name']}")
    third = await both.post(PATH, body())
    assert third.json() != first.json()


async def test_what_tells_requests_apart(start: Start) -> None:
    """Another seed, another caller, another key: another video. The same key: the same; with another body, a 409."""
    both = await start(lambda google: [vertex(google)])
    names = [
        (await both.post(PATH, body())).json()["name"],
        (await both.post(PATH, body(seed=2))).json()["name"],
        (await both.post(PATH, body(), who="bob")).json()["name"],
        (await both.post(PATH, body(), **{"idempotency-key": "a"})).json()["name"],
    ]
    assert len(set(names)) == 4
    await both.get(f"/v1beta/{names[3]}")
    assert (await both.post(PATH, body(), **{"idempotency-key": "a"})).json()["name"] == names[3]
    reused = await both.post(PATH, body(seed=3), **{"idempotency-key": "a"})
    assert (reused.status_code, reused.json()["error"]["status"]) == (409, "ABORTED")


async def test_a_marked_repeat(start: Start) -> None:
    """`x-stainless-retry-count` joins the job even after it was asked for."""
    both = await start(lambda google: [vertex(google)])
    first = await both.post(PATH, body())
    await both.get(f"/v1beta/{first.json()['name']}")
    again = await both.post(PATH, body(), **{"x-stainless-retry-count": "1"})
    assert again.json() == first.json()
