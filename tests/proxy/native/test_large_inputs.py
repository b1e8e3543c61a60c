"""Inputs that are too large for a request: uploaded once to each key, named by address, refused where nothing helps."""

import asyncio
import base64
import io
import json
import random
from typing import Any

import pytest
from PIL import Image

from proxy.credentials import load
from proxy.simulator import Fault, RunningSimulator, Status
from proxy.wiring import Entry
from tests.proxy.e2e.serving import until
from tests.proxy.jobs.bench import entry, google_key, vertex

from .conftest import OMNI, TEXT, Both, Start

SMALL = {"inline-limit": 60_000, "vertex-inline-limit": 60_000}
KEYS = ("AIzaSimFirstKeyOfTwo", "AIzaSimOtherKeyOfTwo")


def picture(seed: int = 1) -> str:
    """A PNG of about 100 kB, as a data URI; noise does not compress."""
    noise = random.Random(seed).randbytes(200 * 180 * 3)
    file = io.BytesIO()
    Image.frombytes("RGB", (200, 180), noise).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def asking(*pictures: str, **more: Any) -> dict[str, Any]:
    parts = [{"type": "image_url", "image_url": {"url": one}} for one in pictures]
    return {"model": TEXT, "messages": [{"role": "user", "content": [*parts, {"type": "text", "text": "?"}]}], **more}


def a_video(**config: Any) -> dict[str, Any]:
    return {
        "model": OMNI,
        "messages": [{"role": "user", "content": "let it fly"}],
        "video_config": {"duration_seconds": 3, **config},
    }


def two_keys(google: RunningSimulator) -> list[Entry]:
    return [entry(load.gemini_api_key(key, base_url=google.base_url), simulated=True) for key in KEYS]


def uploads(both: Both) -> int:
    return len([one for one in both.google.requests_for("startUpload") if one.status == 200])


async def test_a_chat_completion_uploads_once(start: Start) -> None:
    """What does not fit goes by address, with Google's address and type; the same bytes are not sent again."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, payload_limit=70_000)
    for stream in (False, True):
        answer = await both.proxy.ask(asking(picture(), stream=stream), **both.headers())
        assert answer.status_code == 200, answer.text
        assert "error" not in answer.text
    assert uploads(both) == 1
    for sent in both.google.requests[-1:]:
        part = sent.body["contents"][0]["parts"][0]
        assert part["fileData"]["mimeType"] == "image/png"
        assert part["fileData"]["fileUri"].startswith(both.google.base_url)
    assert both.google.api_key not in json.dumps(answer.text)


async def test_what_fits_is_sent_along(start: Start) -> None:
    """No upload without need; of two inputs only the one that must."""
    both = await start(lambda google: [google_key(google)], config={"uploads": {"inline-limit": 200_000}})
    await both.proxy.ask(asking(picture()), **both.headers())
    assert uploads(both) == 0
    await both.proxy.ask(asking(picture(1), picture(2)), **both.headers())
    assert uploads(both) == 1
    parts = both.google.requests_for("generateContent")[-1].body["contents"][0]["parts"]
    assert sorted(name for part in parts for name in part) == ["fileData", "inlineData", "text"]


async def test_two_requests_at_once_share_an_upload(start: Start) -> None:
    """Single flight."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, upload_latency=0.3)
    answers = await asyncio.gather(*(both.proxy.ask(asking(picture()), **both.headers()) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert uploads(both) == 1


async def test_another_key_has_an_upload_of_its_own(start: Start) -> None:
    """The first is refused: the second gets the bytes too, and no key ever names another one's file."""
    both = await start(two_keys, config={"uploads": SMALL}, api_keys=KEYS)
    both.google.faults.add(Fault(verb="generateContent", action=Status(status=429), times=1))
    answer = await both.proxy.ask(asking(picture()), **both.headers())
    assert answer.status_code == 200, answer.text
    assert uploads(both) == 2
    assert not [one for one in both.google.requests if one.status == 403]


async def test_vertex_refuses_at_once(start: Start) -> None:
    """Text and videos alike: the limit and the way out; nothing is sent."""
    both = await start(lambda google: [vertex(google)], config={"uploads": SMALL})
    for body in (asking(picture()), a_video(image=picture())):
        answer = await both.proxy.ask(body, **both.headers())
        assert answer.status_code == 413, answer.text
        assert "60000" in answer.json()["error"]["message"]
        assert "gs://" in answer.json()["error"]["message"]
    assert not [one for one in both.google.requests if one.verb != "token"]
    assert not both.google.submits


async def test_a_key_takes_what_vertex_does_not(start: Start) -> None:
    """Both are configured: whoever's turn it is, the request is carried by the one that can."""
    both = await start(lambda google: [vertex(google, priority=9), google_key(google)], config={"uploads": SMALL})
    text = await both.proxy.ask(asking(picture()), **both.headers())
    video = await both.proxy.ask(a_video(image=picture()), **both.headers())
    assert (text.status_code, video.status_code) == (200, 200), video.text
    assert uploads(both) == 1
    assert len(both.google.submits) == 1


async def test_a_file_that_is_never_ready(start: Start) -> None:
    """The wait is bounded, and the caller is told."""
    both = await start(
        lambda google: [google_key(google)],
        config={"uploads": {**SMALL, "ready-within": 0.5}, "request-retry": 0},
        upload_latency=60.0,
    )
    answer = await both.proxy.ask(asking(picture()), **both.headers())
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upload_timeout")


async def test_an_upload_that_google_refuses(start: Start) -> None:
    """Google's own error; nothing is asked of the model."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL, "request-retry": 0})
    both.google.faults.add(Fault(verb="startUpload", action=Status(status=403)))
    answer = await both.proxy.ask(asking(picture()), **both.headers())
    assert answer.status_code == 403, answer.text
    assert not both.google.requests_for("generateContent")


async def test_a_file_that_is_gone_is_uploaded_anew(start: Start) -> None:
    """Google lost it before its time: one refusal, and the next request works."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL})
    await both.proxy.ask(asking(picture()), **both.headers())
    for name in list(both.google.world.files._files):
        both.google.world.files.expire(name)
    lost = await both.proxy.ask(asking(picture()), **both.headers())
    again = await both.proxy.ask(asking(picture()), **both.headers())
    assert lost.status_code in (403, 404), lost.text
    assert again.status_code == 200
    assert uploads(both) == 2


async def test_a_native_body_goes_as_it_came(start: Start) -> None:
    """Google is the judge of it."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, payload_limit=70_000)
    data = picture().partition(",")[2]
    body = {"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": data}}]}]}
    answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", body)
    assert answer.status_code == 400
    assert uploads(both) == 0


async def test_a_video_is_uploaded_and_paid_once(start: Start) -> None:
    """First and last frame by address; the same request again uploads nothing anew."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, payload_limit=70_000)
    config = {"image": picture(1), "last_frame": picture(2)}
    for _ in range(2):
        answer = await both.proxy.ask(a_video(**config), **both.headers())
        assert answer.status_code == 200, answer.text
    assert (uploads(both), len(both.google.submits)) == (2, 2)
    [first, last, _] = both.google.requests_for("createInteraction")[-1].body["input"][0]["content"]
    assert {first["mime_type"], last["mime_type"]} == {"image/png"}
    assert first["uri"] != last["uri"]
    assert "data" not in first


async def test_a_video_whose_upload_fails(start: Start) -> None:
    """Refused for good: the job ends with Google's reason, and nothing was submitted."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL})
    both.google.faults.add(Fault(verb="startUpload", action=Status(status=403)))
    answer = await both.proxy.ask(a_video(image=picture()), **both.headers())
    assert answer.status_code == 403, answer.text
    assert not both.google.submits
    assert not both.google.requests_for("createInteraction")


@pytest.mark.parametrize(
    ("fault", "uploaded"),
    [
        (Fault(verb="startUpload", action=Status(status=403), times=1), 1),
        (Fault(verb="createInteraction", action=Status(status=429), times=1), 2),
    ],
    ids=["the File API refuses", "the model's API refuses"],
)
async def test_a_video_fails_over_to_a_key_that_uploads_anew(start: Start, fault: Fault, uploaded: int) -> None:
    """Whichever of one key's doors is shut: one submit, by the other, which has the inputs."""
    both = await start(two_keys, config={"uploads": SMALL}, api_keys=KEYS)
    both.google.faults.add(fault)
    answer = await both.proxy.ask(a_video(image=picture()), **both.headers())
    assert answer.status_code == 200, answer.text
    assert (uploads(both), len(both.google.submits)) == (uploaded, 1)
    assert not [one for one in both.google.requests if one.status == 403 and one.verb != "startUpload"]


async def test_a_video_that_is_cancelled_while_its_inputs_are_on_their_way(start: Start) -> None:
    """It waits, so it can be; nothing is submitted."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, upload_latency=60.0)
    created = (
        await both.post("/v1/videos", {"model": OMNI, "prompt": "fly", "input_reference": {"image_url": picture()}})
    ).json()

    async def uploading() -> bool:
        return bool(both.google.requests_for("uploadChunk"))

    await until(uploading)
    shown = (await both.get(f"/v1/videos/{created['id']}")).json()
    assert shown["status"] == "queued"
    gone = await both.proxy.client.delete(f"/v1/videos/{created['id']}", headers=both.headers())
    assert gone.status_code == 200, gone.text
    assert not both.google.submits


@pytest.mark.parametrize("path", ["/v1/images/edits"])
async def test_an_image_edit_uploads_too(start: Start, path: str) -> None:
    """The Images API comes the same way."""
    both = await start(lambda google: [google_key(google)], config={"uploads": SMALL}, payload_limit=70_000)
    body = {"model": "gemini-nano-banana-2.1", "prompt": "make it red", "images": [{"image_url": picture()}]}
    answer = await both.post(path, body)
    assert answer.status_code == 200, answer.text
    assert uploads(both) == 1
