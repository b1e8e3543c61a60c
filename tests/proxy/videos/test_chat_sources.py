"""Building on what was made here, across chat completions, the Videos API and the Images API, for its caller only."""

import base64
from typing import Any

import httpx2
import pytest

from tests.proxy.e2e.serving import decode

from .conftest import OMNI, SMALL, VEO, Proxy, Start

BANANA = "gemini-nano-banana-2.1"
MODELS = pytest.mark.parametrize("model", [VEO, OMNI])


async def ask(
    proxy: Proxy, model: str = OMNI, *, who: str = "alice", text: Any = "and on", **body: Any
) -> httpx2.Response:
    """POST a chat completion."""
    asked = {"model": model, "messages": [{"role": "user", "content": text}], **body}
    return await proxy.client.post("/v1/chat/completions", json=asked, headers=proxy.bearer(who))


async def by_chat(proxy: Proxy, model: str, **config: Any) -> str:
    """The id of a job that a chat completion made and waited for."""
    small = {"duration": SMALL[model]["seconds"], **({"size": "640x360"} if model == OMNI else {})}
    answer = await ask(proxy, model, text="a kite", video_config={**small, **config})
    assert answer.status_code == 200, answer.text
    job_id: str = answer.json()["job_id"]
    return job_id


async def by_videos(proxy: Proxy, model: str, **body: Any) -> str:
    """The id of a finished job of the Videos API."""
    created = await proxy.client.post("/v1/videos", json={"model": model, "prompt": "a kite", **SMALL[model], **body})
    assert created.status_code == 200, created.text
    video_id: str = created.json()["id"]
    assert (await proxy.ended(f"/v1/videos/{video_id}"))["status"] == "completed"
    return video_id


async def stored_bytes(proxy: Proxy, video_id: str) -> str:
    """The job's video, in base64."""
    return base64.b64encode((await proxy.client.get(f"/v1/videos/{video_id}/content")).content).decode()


def sent_video(proxy: Proxy) -> Any:
    """The base64 of the video in the last paid call."""
    body = [request for request in proxy.google.requests if request.accepted and request.verb in VERBS][-1].body
    if "instances" in body:
        return body["instances"][0]["video"].get("bytesBase64Encoded")
    return body["input"][0]["content"][0].get("data")


VERBS = ("predictLongRunning", "createInteraction")


@MODELS
async def test_a_chat_goes_on_from_a_job_of_the_videos_api(start: Start, model: str) -> None:
    """By its id; the stored copy goes along, and the new job says what it was made from."""
    proxy = await start()
    source = await by_videos(proxy, model)
    answer = await ask(proxy, model, video_config={"video": source})

    assert answer.status_code == 200, answer.text
    assert sent_video(proxy) == await stored_bytes(proxy, source)
    made = await proxy.json(f"/v1/videos/{answer.json()['job_id']}")
    assert made["remixed_from_video_id"] == source
    assert decode(answer.json()["choices"][0]["message"]["videos"][0]["video_url"]["url"]).seconds > 4
    assert len(proxy.google.submits) == 2


@MODELS
async def test_the_videos_api_goes_on_from_a_chats_video(start: Start, model: str) -> None:
    """The other way round."""
    proxy = await start()
    source = await by_chat(proxy, model)
    extended = await proxy.client.post("/v1/videos/extensions", json={"prompt": "and on", "video": {"id": source}})

    assert extended.status_code == 200, extended.text
    assert (await proxy.ended(f"/v1/videos/{extended.json()['id']}"))["status"] == "completed"
    assert sent_video(proxy) == await stored_bytes(proxy, source)
    assert len(proxy.google.submits) == 2


async def test_every_way_to_name_an_earlier_video(start: Start) -> None:
    """They are one request: the one with a key of its own is joined by all others."""
    proxy = await start()
    source = await by_chat(proxy, VEO, delivery="url")
    [name] = proxy.stored()
    said: list[dict[str, Any]] = [
        {"video_config": {"video": source}},
        {"video_config": {"video": {"id": source}}},
        {"video_config": {"video": name}},
        {"video_config": {"video": f"/media/{name}"}},
        {"video_config": {"video": f"{proxy.base_url}/media/{name}"}},
        {"video_config": {"video": {"url": f"{proxy.base_url}/v1/videos/{source}/content"}}},
        {"video_config": {"video": f"{proxy.base_url}/api/v1/videos/{source}/content?index=0", "task": "extend"}},
        {"text": [{"type": "text", "text": "and on"}, {"type": "video_url", "video_url": {"url": source}}]},
        {"text": [{"type": "text", "text": "and on"}, {"type": "video_url", "video_url": name, "role": "extend"}]},
        {"input_references": [{"type": "video_url", "video_url": {"url": source}}]},
        {"previous_job_id": source},
        {"video_config": {"previous_job_id": source}},
    ]
    key = {"idempotency-key": "one"}
    jobs = set()
    for body in said:
        asked = {"text": "and on", **body}
        content = asked.pop("text")
        answer = await proxy.client.post(
            "/v1/chat/completions",
            json={"model": VEO, "messages": [{"role": "user", "content": content}], **asked},
            headers=key,
        )
        assert answer.status_code == 200, (body, answer.text)
        jobs.add(answer.json()["job_id"])
    assert len(jobs) == 1
    assert len(proxy.google.submits) == 2


async def test_a_later_video_of_a_job(start: Start) -> None:
    """By its own address; a number that is not there is a 404."""
    proxy = await start()
    source = await by_chat(proxy, VEO, number_of_videos=2)
    address = f"{proxy.base_url}/v1/videos/{source}/content?index="
    answer = await ask(proxy, VEO, video_config={"video": f"{address}1"})

    assert answer.status_code == 200, answer.text
    second = await proxy.client.get(f"/v1/videos/{source}/content?index=1")
    assert base64.b64decode(sent_video(proxy)) == second.content
    missing = await ask(proxy, VEO, video_config={"video": f"{address}7"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "video_not_found")


async def test_veo_on_the_gemini_api_goes_on_from_googles_file(start: Start) -> None:
    """Within two days, by the key that made it; after that the answer says who takes a copy."""
    proxy = await start(veo_on_gemini=True)
    source = await by_chat(proxy, VEO)
    assert (await ask(proxy, VEO, video_config={"video": source})).status_code == 200
    assert set(proxy.sent("predictLongRunning")[-1]["instances"][0]["video"]) == {"uri"}
    proxy.later(days=3)
    late = await ask(proxy, VEO, video_config={"video": source})
    error = late.json()["error"]

    assert (late.status_code, error["code"], error["param"]) == (400, "source_expired", "video_config.video")
    assert "Veo on Vertex AI" in error["message"]
    assert len(proxy.google.submits) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"video_config": {"video": "JOB", "task": "edit"}},
        {"video_config": {"previous_interaction_id": "JOB"}},
        {"previous_interaction_id": "JOB"},
        {"previous_job_id": "JOB"},
        {"text": [{"type": "text", "text": "and on"}, {"type": "video_url", "video_url": "JOB", "role": "edit"}]},
    ],
)
async def test_an_edit_of_omnis_video_goes_on_from_its_interaction(start: Start, said: dict[str, Any]) -> None:
    """By the credential that made it, and without the video."""
    proxy = await start()
    source = await by_videos(proxy, OMNI)
    operation = (await proxy.json(f"/v1/videos/{source}"))["operation"]
    answer = await ask(proxy, OMNI, **_named(said, source))

    assert answer.status_code == 200, answer.text
    first, second = proxy.sent("createInteraction")
    assert second["previous_interaction_id"] == operation
    assert second["generation_config"]["video_config"] == {"task": "edit"}
    assert [item["type"] for item in second["input"][0]["content"]] == ["text"]
    assert "previous_interaction_id" not in first
    assert len(proxy.google.submits) == 2


async def test_after_a_week_the_copy_is_edited(start: Start) -> None:
    """Google keeps interactions longer, but the copy does as well."""
    proxy = await start()
    source = await by_videos(proxy, OMNI)
    proxy.later(days=8)
    answer = await ask(proxy, OMNI, video_config={"video": source, "task": "edit"})

    assert answer.status_code == 200, answer.text
    assert "previous_interaction_id" not in proxy.sent("createInteraction")[-1]
    assert sent_video(proxy) == await stored_bytes(proxy, source)


async def test_omni_edits_a_video_of_veo(start: Start) -> None:
    """There is no interaction to go on from: the copy goes along."""
    proxy = await start()
    source = await by_videos(proxy, VEO)
    answer = await ask(proxy, OMNI, previous_interaction_id=source)

    assert answer.status_code == 200, answer.text
    assert sent_video(proxy) == await stored_bytes(proxy, source)


def _named(said: Any, source: str) -> Any:
    """The same with the job's id in it."""
    match said:
        case "JOB":
            return source
        case dict():
            return {name: _named(member, source) for name, member in said.items()}
        case list():
            return [_named(member, source) for member in said]
        case _:
            return said


# -- what cannot be built on -------------------------------------------------------------------------------------------


async def test_another_callers_video(start: Start) -> None:
    """It is as good as none, however it is named."""
    proxy = await start()
    source = await by_chat(proxy, VEO)
    [name] = proxy.stored()
    for video in (source, name, f"{proxy.base_url}/media/{name}", f"{proxy.base_url}/v1/videos/{source}/content"):
        stolen = await ask(proxy, VEO, who="bob", video_config={"video": video})
        assert (stolen.status_code, stolen.json()["error"]["param"]) == (404, "video_config.video"), stolen.text
    assert len(proxy.google.submits) == 1


@pytest.mark.parametrize(
    ("said", "param"),
    [
        ({"video_config": {"video": "JOB"}}, "video_config.video"),
        ({"previous_job_id": "JOB"}, "previous_job_id"),
        ({"text": [{"type": "video_url", "video_url": "JOB"}]}, "messages[0].content[0].video_url"),
    ],
)
async def test_an_unfinished_or_unknown_source(start: Start, said: dict[str, Any], param: str) -> None:
    """409 and 404 that name the field; nothing is paid for them."""
    proxy = await start(latency=60)
    created = await proxy.client.post("/v1/videos", json={"model": OMNI, "prompt": "a kite"})
    early = await ask(proxy, OMNI, **_named(said, created.json()["id"]))
    missing = await ask(proxy, OMNI, **_named(said, "video_" + "0" * 32))

    assert (early.status_code, early.json()["error"]["code"]) == (409, "video_not_completed")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "video_not_found")
    assert early.json()["error"]["param"] == missing.json()["error"]["param"] == param
    assert len(proxy.google.submits) <= 1


@pytest.mark.parametrize("said", [{"video": "JOB"}, {"previous_interaction_id": "JOB"}])
async def test_a_source_whose_file_is_gone(start: Start, said: dict[str, str]) -> None:
    """Gone here is gone, also where Google still has it."""
    proxy = await start()
    source = await by_chat(proxy, OMNI)
    for file in proxy.media_folder.iterdir():
        file.unlink()
    answer = await ask(proxy, OMNI, video_config=_named(said, source))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "video_expired")
    assert len(proxy.google.submits) == 1


@pytest.mark.parametrize("picture", ["JOB", "/media/NAME"])
async def test_a_video_is_no_picture(start: Start, picture: str) -> None:
    """A 400 that says where it belongs."""
    proxy = await start()
    source = await by_chat(proxy, VEO)
    named = source if picture == "JOB" else picture.replace("NAME", proxy.stored()[0])
    answer = await ask(proxy, VEO, video_config={"image": named})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "video_config.image")
    assert "as `video`" in answer.json()["error"]["message"]
    assert len(proxy.google.submits) == 1


# -- repeats -----------------------------------------------------------------------------------------------------------


async def test_a_marked_repeat_joins_by_its_source(start: Start) -> None:
    """The same request with another source is another wish."""
    proxy = await start()
    one, other = await by_chat(proxy, VEO), await by_videos(proxy, VEO, prompt="another kite")
    asked = {"model": VEO, "messages": [{"role": "user", "content": "and on"}]}
    retry = {"x-stainless-retry-count": "1"}
    jobs = [
        (
            await proxy.client.post(
                "/v1/chat/completions", json={**asked, "video_config": {"video": source}}, headers=mark
            )
        ).json()["job_id"]
        for source, mark in ((one, {}), (one, retry), (other, retry))
    ]

    assert jobs[0] == jobs[1] != jobs[2]
    assert len(proxy.google.submits) == 4


# -- pictures made here ------------------------------------------------------------------------------------------------


async def made_picture(proxy: Proxy, who: str = "alice") -> str:
    """The address of an image that the Images API made."""
    body = {"model": BANANA, "prompt": "a kite", "response_format": "url"}
    answer = await proxy.client.post("/v1/images/generations", json=body, headers=proxy.bearer(who))
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["data"][0]["url"]
    return url


@pytest.mark.parametrize("form", ["address", "path", "name", "object", "part", "videos"])
async def test_an_image_made_here(start: Start, form: str) -> None:
    """By its address or its name; read from disk, as this server's own address would not be fetched."""
    proxy = await start()
    url = await made_picture(proxy)
    name = url.rpartition("/")[2]
    picture: Any = {"path": f"/media/{name}", "name": name, "object": {"id": name}}.get(form, url)
    match form:
        case "part":
            text = [{"type": "text", "text": "it flies"}, {"type": "image_url", "image_url": {"url": url}}]
            answer = await ask(proxy, VEO, text=text, video_config={"duration": 4})
        case "videos":
            body = {"model": VEO, "prompt": "it flies", "seconds": "4", "input_reference": {"image_url": url}}
            answer = await proxy.client.post("/v1/videos", json=body)
            await proxy.ended(f"/v1/videos/{answer.json()['id']}")
        case _:
            answer = await ask(proxy, VEO, text="it flies", video_config={"image": picture, "duration": 4})

    assert answer.status_code == 200, answer.text
    image = proxy.sent("predictLongRunning")[-1]["instances"][0]["image"]
    assert base64.b64decode(image["bytesBase64Encoded"]) == (await proxy.client.get(url)).content
    assert image["mimeType"] == "image/png"
    assert len(proxy.google.submits) == 1


async def test_another_callers_image(start: Start) -> None:
    """404, by every name, on both APIs; and so is one that does not exist."""
    proxy = await start()
    url = await made_picture(proxy, "bob")
    name = url.rpartition("/")[2]
    for picture in (url, name, f"/media/{name}", "x" * 32 + ".png"):
        answer = await ask(proxy, VEO, video_config={"reference_images": [picture]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "media_not_found"), answer.text
        assert answer.json()["error"]["param"] == "video_config.reference_images[0]"
        created = await proxy.client.post("/v1/videos", json={"model": VEO, "prompt": "x", "first_frame": picture})
        assert (created.status_code, created.json()["error"]["param"]) == (404, "first_frame")
    assert proxy.google.submits == []


async def test_a_picture_and_a_video_made_here_in_other_chats(start: Start) -> None:
    """A model of any kind sees what its caller made before; nobody else's model does."""
    proxy = await start()
    url = await made_picture(proxy)
    source = await by_chat(proxy, VEO)
    film = f"{proxy.base_url}/v1/videos/{source}/content"
    for part in ({"type": "image_url", "image_url": {"url": url}}, {"type": "video_url", "video_url": {"url": film}}):
        text = [{"type": "text", "text": "what is this?"}, part]
        answer = await ask(proxy, "gemini-2.5-flash", text=text)
        assert answer.status_code == 200, answer.text
        asked = [request for request in proxy.google.requests if request.verb == "generateContent"][-1]
        sent = asked.body["contents"][0]["parts"][1]["inlineData"]
        address = url if part["type"] == "image_url" else film
        assert base64.b64decode(sent["data"]) == (await proxy.client.get(address)).content
        stolen = await ask(proxy, "gemini-2.5-flash", who="bob", text=text)
        assert stolen.status_code == 404
        assert stolen.json()["error"]["param"] == f"messages[0].content[1].{part['type']}"
