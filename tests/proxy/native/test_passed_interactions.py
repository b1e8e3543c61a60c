"""Interactions that make no video, as google-genai 3.4 asks for them: passed on, and found again."""

import asyncio
import base64
import json
from typing import Any

import pytest

from proxy.credentials import load
from proxy.simulator import Drop, Fault, Status
from tests.proxy.e2e.serving import until
from tests.proxy.jobs.bench import entry, google_key, vertex

from .conftest import BANANA, TEXT, Start, Swallowing

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*experimental.*:UserWarning"),
]
PATH = "/v1beta/interactions"
QUESTION = {"model": TEXT, "input": "hello"}


def created(both: Any) -> int:
    return len(both.google.requests_for("createInteraction"))


@pytest.mark.parametrize("mode", ["api key", "vertex"])
async def test_google_genai(start: Start, mode: str) -> None:
    """Create, whole and streamed; look, also streamed and from an event on; cancel; delete."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client() if mode == "api key" else both.vertex_client()
    async with client.aio as aio:
        whole: Any = await aio.interactions.create(model=TEXT, input="hello")
        stream: Any = await aio.interactions.create(model=TEXT, input="hello", stream=True)
        events = [event async for event in stream]
        seen: Any = await aio.interactions.get(whole.id)
        again: Any = await aio.interactions.get(events[0].interaction.id, stream=True, last_event_id="2")
        rest = [event async for event in again]
        cancelled: Any = await aio.interactions.cancel(whole.id)
        chained: Any = await aio.interactions.create(model=TEXT, input="and?", previous_interaction_id=whole.id)
        await aio.interactions.delete(whole.id)
        with pytest.raises(Exception, match="no interaction") as gone:
            await aio.interactions.get(whole.id)
    client.close()
    text = whole.steps[-1].content[0].text
    assert text == seen.steps[-1].content[0].text
    assert "".join(event.delta.text for event in events if event.event_type == "step.delta") == text
    assert [event.event_id for event in rest] == [event.event_id for event in events[2:]]
    assert (cancelled.status, chained.status) == ("completed", "completed")
    assert type(gone.value).__name__ == "NotFoundError"
    assert created(both) == 3
    assert both.keys["alice"] not in json.dumps([dict(sent.headers) for sent in both.google.requests])


async def test_the_synchronous_client(start: Start) -> None:
    """The same from a thread."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client()

    def talk() -> tuple[Any, list[Any]]:
        return (
            client.interactions.create(model=TEXT, input="hello"),
            list(client.interactions.create(model=TEXT, input="hello", stream=True)),
        )

    whole, events = await asyncio.to_thread(talk)
    client.close()
    assert whole.status == events[-1].interaction.status == "completed"


async def test_a_picture(start: Start) -> None:
    """The bytes as they come."""
    both = await start(lambda google: [google_key(google)])
    told = (await both.post(PATH, {"model": BANANA, "input": "a lighthouse"})).json()
    assert base64.b64decode(told["steps"][-1]["content"][0]["data"]).startswith(b"\x89PNG")


async def test_the_credential_that_made_it(start: Start) -> None:
    """Two accounts take turns; each interaction is found at its own, by its own caller alone."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    ids = [(await both.post(PATH, QUESTION)).json()["id"] for _ in range(4)]
    assert len({sent.credentials for sent in both.google.requests_for("createInteraction")}) == 2
    for name in ids:
        assert (await both.get(f"{PATH}/{name}")).status_code == 200
        assert (await both.get(f"{PATH}/{name}", "bob")).status_code == 404
        again = await both.post(PATH, {**QUESTION, "previous_interaction_id": name})
        assert again.status_code == 200, again.text
    stolen = await both.post(PATH, {**QUESTION, "previous_interaction_id": ids[0]}, who="bob")
    assert stolen.status_code == 404


async def test_an_alias_and_a_key_for_interactions_only(start: Start) -> None:
    """The body goes on as it is, with the model's own name."""
    both = await start(lambda google: [google_key(google)], config={"models": [{"alias": "quick", "target": TEXT}]})
    asked = {"model": "quick", "input": "hello", "labels": {"team": "blue"}, "store": False}
    told = (await both.post(PATH, asked)).json()
    assert both.google.requests_for("createInteraction")[-1].body == {**asked, "model": TEXT}
    assert (await both.get(f"{PATH}/{told['id']}")).status_code == 404, "it was not to be stored"


async def test_googles_own_refusal(start: Start) -> None:
    """An unknown member is Google's to refuse, with Google's words."""
    both = await start(lambda google: [google_key(google)])
    answer = await both.post(PATH, {**QUESTION, "colour": "blue"})
    assert answer.status_code == 400
    assert "colour" in answer.json()["error"]["message"]
    assert created(both) == 1
    unasked = await both.get(f"{PATH}/v1_x?colour=blue")
    assert unasked.status_code == 404


async def test_an_sdk_that_posts_again(start: Start, swallowing: Swallowing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four answers lost on the way: five POSTs of google-genai's own begin one interaction in the background."""
    monkeypatch.setattr("google.genai._gaos.utils.retries._get_sleep_interval", lambda *_, **__: 0)
    both = await start(lambda google: [google_key(google)])
    async with both.api_key_client(base_url=await swallowing(both, 4, 503)).aio as aio:
        made: Any = await aio.interactions.create(model=TEXT, input="hello", background=True)
        assert created(both) == 1
        await aio.interactions.get(made.id)
        new: Any = await aio.interactions.create(model=TEXT, input="hello", background=True)
    assert new.id != made.id
    assert created(both) == 2


async def test_nobody_knows(start: Start) -> None:
    """The answer of Google's was lost: a repeat is told the same, and Google is not asked again."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    both.google.faults.add(Fault(verb="createInteraction", action=Drop(), times=1))
    asked = {**QUESTION, "background": True}
    answers = [await both.post(PATH, asked) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 502]
    assert answers[-1].headers["x-should-retry"] == "false"
    assert created(both) == 1
    other = await both.post(PATH, asked, **{"idempotency-key": "another"})
    assert other.status_code == 200


async def test_a_caller_that_goes(start: Start) -> None:
    """What runs on by itself is begun all the same, and its repeat finds it."""
    both = await start(lambda google: [google_key(google)], answer_latency=0.3)
    asked = {**QUESTION, "background": True}
    leaving = asyncio.ensure_future(both.post(PATH, asked))

    async def sent() -> bool:
        return created(both) == 1

    await until(sent)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    again = await both.post(PATH, asked)
    assert again.status_code == 200, again.text
    assert "repeat" in again.headers["x-mediashim-warnings"]
    assert created(both) == 1


async def test_a_refusal_is_tried_elsewhere(start: Start) -> None:
    """Google certainly did not take it on: the other account is asked."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    both.google.faults.add(Fault(verb="createInteraction", action=Status(status=429), times=1))
    told = await both.post(PATH, {**QUESTION, "background": True})
    assert told.status_code == 200, told.text
    assert created(both) == 2


async def test_an_agent(start: Start) -> None:
    """It goes to a credential that has interactions, by its own name; without one, a 400 says so."""
    both = await start(lambda google: [google_key(google)])
    answer = await both.post(PATH, {"agent": "deep-research-pro", "input": "why?"})
    assert both.google.requests_for("createInteraction")[-1].body["agent"] == "deep-research-pro"
    assert answer.status_code in (400, 404), "the simulator has no agents"


async def test_an_express_key_has_none(start: Start) -> None:
    """400, and nothing is sent."""
    both = await start(lambda google: [entry(load.vertex_api_key("AQ." + "a" * 30, base_url=google.base_url))])
    for asked in (QUESTION, {"agent": "deep-research-pro", "input": "why?"}):
        assert (await both.post(PATH, asked)).status_code == 400
    assert not both.google.requests


async def test_it_does_not_go_on_from_a_video(start: Start) -> None:
    """400 that says why; nothing is sent."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    video = (
        await both.post(
            PATH,
            {
                "model": "gemini-omni-1.2-flash",
                "input": "a kite",
                "background": True,
                "response_format": {"type": "video", "duration": "3s", "resolution": "360p"},
            },
        )
    ).json()
    answer = await both.post(PATH, {**QUESTION, "previous_interaction_id": video["id"]})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["metadata"]["field"] == "previous_interaction_id"
