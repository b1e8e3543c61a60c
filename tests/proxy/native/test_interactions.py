"""Interactions that make videos, as google-genai 3.4 asks for them."""

import base64
from typing import Any

import pytest

from proxy.simulator import Fault, Filtered
from tests.proxy.e2e.serving import decode, until
from tests.proxy.jobs.bench import google_key, vertex

from .conftest import OMNI, Both, Start

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*experimental.*:UserWarning"),
]
SMALL = {"type": "video", "duration": "3s", "resolution": "360p"}


def body(text: str = "a red kite", **members: Any) -> dict[str, Any]:
    return {"model": OMNI, "input": text, "background": True, "response_format": SMALL, **members}


async def ended(both: Both, name: str) -> dict[str, Any]:
    """The interaction, once it has ended."""

    async def done() -> Any:
        told = (await both.get(f"/v1beta/interactions/{name}")).json()
        return told if told["status"] not in ("queued", "in_progress") else None

    told: dict[str, Any] = await until(done)
    return told


@pytest.mark.parametrize("mode", ["api key", "vertex"])
async def test_google_genai(start: Start, mode: str) -> None:
    """create in the background, get until it is completed; the bytes play; one video is paid for."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client() if mode == "api key" else both.vertex_client()
    async with client.aio as aio:
        created: Any = await aio.interactions.create(
            model=OMNI, input="a red kite", background=True, response_format=SMALL
        )

        async def done() -> Any:
            latest: Any = await aio.interactions.get(created.id)
            return latest if latest.status not in ("queued", "in_progress") else None

        finished = await until(done)
    client.close()
    assert finished.status == "completed"
    [video] = finished.steps[0].content
    assert decode(f"data:{video.mime_type};base64,{video.data}").seconds == pytest.approx(3, abs=0.2)
    assert len(both.google.submits) == 1


async def test_a_repeat_of_one_that_has_ended(start: Start) -> None:
    """The same request after its video is there, unasked for: the answer has the video, and nothing is paid again."""
    both = await start(lambda google: [google_key(google)])
    created = (await both.post("/v1beta/interactions", body())).json()

    async def done() -> bool:
        return bool((await both.get(f"/v1/videos/{created['id']}")).json()["status"] == "completed")

    await until(done)
    again = await both.post("/v1beta/interactions", body())

    assert (again.status_code, again.json()["id"], again.json()["status"]) == (200, created["id"], "completed")
    assert base64.b64decode(again.json()["steps"][0]["content"][0]["data"])
    assert len(both.google.submits) == 1


async def test_waiting_for_it(start: Start) -> None:
    """Without `background` the answer is the completed interaction."""
    both = await start(lambda google: [google_key(google)])
    told = (await both.post("/v1beta/interactions", body(background=False))).json()
    assert told["status"] == "completed"
    assert told["usage"]["total_tokens"] > 0
    [video] = told["steps"][0]["content"]
    assert base64.b64decode(video["data"])[4:8] == b"ftyp"


async def test_by_address(start: Start) -> None:
    """`delivery: uri` gives a file of this proxy, for who has the key."""
    both = await start(lambda google: [google_key(google)])
    created = (await both.post("/v1/interactions", body(response_format={**SMALL, "delivery": "uri"}))).json()
    told = await ended(both, created["id"])
    [video] = told["steps"][0]["content"]
    path = video["uri"].removeprefix(both.proxy.base_url)
    assert path.startswith("/v1beta/files/")
    assert (await both.get(f"{path}:download?alt=media")).content[4:8] == b"ftyp"
    assert (await both.get(path, "bob")).status_code == 404
    assert (await both.get(f"/v1beta/interactions/{created['id']}", "bob")).status_code == 404


async def test_a_chained_edit(start: Start) -> None:
    """The video of the earlier interaction goes along as the stored copy."""
    both = await start(lambda google: [google_key(google)])
    first = (await both.post("/v1beta/interactions", body())).json()
    await ended(both, first["id"])
    again = body("at night", previous_interaction_id=first["id"], response_format={"type": "video"})
    second = (await both.post("/v1beta/interactions", again)).json()
    assert (await ended(both, second["id"]))["status"] == "completed"
    assert both.google.requests_for("createInteraction")[-1].body["generation_config"]["video_config"]["task"] == "edit"


async def test_a_refused_prompt(start: Start) -> None:
    """It has failed, and says why; waited for, it is an error with its own status."""
    both = await start(lambda google: [google_key(google)])
    both.google.faults.add(Fault(verb="createInteraction", action=Filtered()))
    created = (await both.post("/v1beta/interactions", body())).json()
    told = await ended(both, created["id"])
    assert told["status"] == "failed"
    assert told["errors"][0]["message"]
    assert told["steps"] == []
    waited = await both.post("/v1beta/interactions", body("another", background=False))
    assert waited.status_code >= 400
    assert waited.json()["error"]["message"]


async def test_cancel_and_delete(start: Start) -> None:
    """Cancelled by its own caller; deleted, it is gone."""
    both = await start(lambda google: [google_key(google)], video_latency=60)
    created = (await both.post("/v1beta/interactions", body())).json()
    path = f"/v1beta/interactions/{created['id']}"
    assert (await both.post(f"{path}/cancel", {}, who="bob")).status_code == 404

    async def accepted() -> Any:
        return (await both.get(f"/v1/videos/{created['id']}")).json().get("operation")

    await until(accepted)
    cancelled = await both.post(f"{path}/cancel", {})
    assert (cancelled.status_code, cancelled.json().get("status")) == (200, "cancelled"), cancelled.text
    deleted = await both.proxy.client.delete(path, headers=both.headers())
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await both.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"model": "imagen-4.0-generate-001", "input": "hello"}, "model"),
        ({"model": OMNI, "agent": "deep-research", "input": "hello"}, "model"),
        (body(temperature=1), "temperature"),
        (body(response_format={"type": "video", "duration": "99s"}), "response_format.duration"),
    ],
)
async def test_a_wrong_request_costs_nothing(start: Start, asked: Any, field: str) -> None:
    """400 with the caller's own name of the field."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    answer = await both.post("/v1beta/interactions", asked)
    told = answer.json()["error"]
    assert (answer.status_code, told["status"]) == (400, "INVALID_ARGUMENT")
    assert told["details"][0]["metadata"]["field"] == field
    assert not both.google.requests


@pytest.mark.parametrize("mode", ["api key", "vertex"])
async def test_streamed(start: Start, mode: str) -> None:
    """Events while it is made, the bytes in a delta; one video is paid for, and the stream can be taken up again."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client() if mode == "api key" else both.vertex_client()
    async with client.aio as aio:
        stream: Any = await aio.interactions.create(model=OMNI, input="a red kite", response_format=SMALL, stream=True)
        events = [event async for event in stream]
        again: Any = await aio.interactions.get(events[0].interaction.id, stream=True, last_event_id=events[1].event_id)
        rest = [event async for event in again]
    client.close()
    assert [event.event_type for event in events] == [
        "interaction.created",
        "interaction.status_update",
        "step.start",
        "step.delta",
        "step.stop",
        "interaction.completed",
    ]
    delta = events[3].delta
    assert decode(f"data:{delta.mime_type};base64,{delta.data}").seconds == pytest.approx(3, abs=0.2)
    assert events[-1].interaction.usage.total_tokens > 0
    assert [event.event_id for event in rest] == [event.event_id for event in events[2:]]
    assert len(both.google.submits) == 1


async def test_a_streamed_refusal(start: Start) -> None:
    """An event that says why, and the end."""
    both = await start(lambda google: [google_key(google)])
    both.google.faults.add(Fault(verb="createInteraction", action=Filtered()))
    created = (await both.post("/v1beta/interactions", body())).json()
    await ended(both, created["id"])
    told = (await both.get(f"/v1beta/interactions/{created['id']}?stream=true")).text
    assert "event: error\n" in told
    assert '"status":"failed"' in told
    assert told.endswith("data: [DONE]\n\n")
    streamed = (await both.post("/v1beta/interactions", body("another", stream=True))).text
    assert "event: error\n" in streamed
    for query, field in (("stream=true&last_event_id=x", "last_event_id"), ("stream=yes", "stream"), ("n=1", "n")):
        wrong = await both.get(f"/v1beta/interactions/{created['id']}?{query}")
        assert (wrong.status_code, wrong.json()["error"]["details"][0]["metadata"]["field"]) == (400, field)
    asked = await both.get(f"/v1beta/interactions/{created['id']}?include_input=true")
    assert "include_input had no effect" in asked.headers["x-mediashim-warnings"]
