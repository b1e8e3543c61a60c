"""Requests as other clients send them: hand-written JSON, plain forms, and what cannot be read."""

import pytest

from .conftest import OMNI, SMALL, VEO, Start

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/5ncD3AAAAABJRU5ErkJ"
    "ggg=="
)


@pytest.mark.parametrize("base", ["/v1/videos", "/videos", "/openai/v1/videos"])
async def test_json_as_lobehub_sends_it(start: Start, base: str) -> None:
    """Under every prefix; `input_reference` is an object."""
    proxy = await start(latency=60)
    created = await proxy.client.post(
        base,
        json={
            "model": VEO,
            "prompt": "it moves",
            "seconds": "4",
            "size": "1280x720",
            "input_reference": {"image_url": PNG},
        },
    )
    assert created.status_code == 200, created.text
    video = created.json()
    assert (video["object"], video["seconds"], video["size"]) == ("video", "4", "1280x720")
    looked = await proxy.json(f"{base}/{video['id']}")
    assert looked["id"] == video["id"]
    assert (await proxy.json(base))["data"][0]["id"] == video["id"]


async def test_a_plain_form(start: Start) -> None:
    """Everything is text; a video is made of it."""
    proxy = await start()
    fields = {"model": OMNI, "prompt": "a lighthouse", "seed": "7", **SMALL[OMNI]}
    created = await proxy.client.post("/v1/videos", files={name: (None, value) for name, value in fields.items()})
    assert created.status_code == 200, created.text
    ended = await proxy.ended(f"/v1/videos/{created.json()['id']}")
    assert (ended["status"], ended["seconds"], ended["size"]) == ("completed", "3", "640x360")
    [body] = proxy.sent("createInteraction")
    assert body["generation_config"]["seed"] == 7
    assert ended["cost"] > 0


@pytest.mark.parametrize(
    ("content", "content_type", "says"),
    [
        (b"{", "application/json", "not valid JSON"),
        (b"[]", "application/json", "must be a JSON object"),
        (b"prompt=x", "application/x-www-form-urlencoded", "Send JSON or multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=y", "cannot be read"),
        (b"--x--", "multipart/form-data", "boundary"),
        (b'{"prompt": "x", "modle": "y"}', "application/json", "Did you mean model"),
        (b'{"prompt": "x"}', "application/json", "model is required"),
        (b'{"prompt": "x", "model": "gemini-3-pro-image"}', "application/json", "makes image, not video"),
    ],
)
async def test_what_cannot_be_read(start: Start, content: bytes, content_type: str, says: str) -> None:
    """A 400 that says why, and nothing is sent."""
    proxy = await start()
    answer = await proxy.client.post("/v1/videos", content=content, headers={"content-type": content_type})
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["error"]["message"]
    assert proxy.google.submits == []


async def test_a_body_that_is_too_large(start: Start) -> None:
    """413 before it is read."""
    proxy = await start(**{"max-body-bytes": 1000})
    answer = await proxy.client.post("/v1/videos", files={"input_reference": ("a.png", b"\x89PNG" * 500)})
    assert answer.status_code == 413


async def test_an_aliass_defaults(start: Start) -> None:
    """They hold where the caller says nothing, in whatever spelling."""
    alias = {
        "alias": "short",
        "target": VEO,
        "defaults": {"video_config": {"duration": 4, "aspect_ratio": "9:16", "resolution": "720p"}},
    }
    proxy = await start(latency=60, models=[alias])
    created = await proxy.client.post("/v1/videos", json={"model": "short", "prompt": "a kite", "seconds": 6})
    assert (created.json()["seconds"], created.json()["size"]) == ("6", "720x1280")
