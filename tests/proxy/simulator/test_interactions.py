"""The Interactions API on both surfaces: life, deliveries, endings, strictness."""

import base64
import io

import av
import pytest

from proxy.simulator import Empty, Error, Fault, Filtered

PLACE = "/v1beta1/projects/simulated-project/locations/global/interactions"
MODEL = "gemini-omni-1.2-flash"


def asking(model: str = MODEL, **video) -> dict:
    return {"model": model, "input": "a fox", "background": True, "response_format": {"type": "video", **video}}


async def vertex(start):
    google, client = await start()
    del client.headers["x-goog-api-key"]
    client.headers["authorization"] = f"Bearer {google.access_token()}"
    return google, client


def seconds(clip: bytes) -> float:
    with av.open(io.BytesIO(clip)) as container:
        return container.duration / 1_000_000


async def test_uri_delivery_by_way_of_the_files_api(start, clock) -> None:
    """in_progress, completed with a file URI, PROCESSING, ACTIVE, download; usage by modality."""
    google, client = await start(file_latency=5.0)
    created = (await client.post("/v1beta/interactions", json=asking(duration="3s", delivery="uri"))).json()
    path = f"/v1beta/interactions/{created['id']}"
    clock.advance(60)
    done = (await client.get(path)).json()
    uri = done["steps"][-1]["content"][0]["uri"]

    assert (created["status"], done["status"]) == ("in_progress", "completed")
    assert (await client.get(uri)).json()["state"] == "PROCESSING"
    assert (await client.get(f"{uri}:download?alt=media")).status_code == 400
    clock.advance(5)
    file = (await client.get(uri)).json()
    clip = await client.get(file["downloadUri"], follow_redirects=True)
    assert (file["state"], int(file["sizeBytes"])) == ("ACTIVE", len(clip.content))
    assert seconds(clip.content) == 3
    assert done["usage"]["output_tokens_by_modality"] == [{"modality": "video", "tokens": 3 * 5792}]
    assert [submit.name for submit in google.submits] == [created["id"]]


async def test_inline_delivery_in_the_foreground(start) -> None:
    """Without background the answer is the finished video."""
    _, client = await start(video_latency=0.0)
    body = {**asking(duration="3s", resolution="360p", aspect_ratio="9:16"), "background": False, "store": False}
    done = (await client.post("/v1beta/interactions", json=body)).json()

    assert seconds(base64.b64decode(done["steps"][-1]["content"][0]["data"])) == 3
    assert (await client.get(f"/v1beta/interactions/{done['id']}")).status_code == 404


async def test_inline_has_a_limit_on_the_gemini_api(start) -> None:
    """A video beyond it fails and names the other delivery."""
    _, client = await start(video_latency=0.0, inline_limit=1000)
    created = (await client.post("/v1beta/interactions", json=asking(duration="3s", resolution="360p"))).json()

    assert created["status"] == "failed"
    assert "uri" in created["errors"][0]["message"]


async def test_bucket_delivery_on_vertex(start, clock) -> None:
    """uri delivery needs gcs_uri there, and puts the clip below it."""
    _, client = await vertex(start)
    refused = await client.post(PLACE, json=asking(delivery="uri"))
    body = asking(duration="3s", delivery="uri", gcs_uri="gs://simulated-bucket/omni")
    created = (await client.post(PLACE, json=body)).json()
    clock.advance(60)
    done = (await client.get(f"{PLACE}/{created['id']}")).json()

    assert refused.json()["error"]["code"] == "invalid_request"
    assert done["steps"][-1]["content"][0]["uri"].startswith("gs://simulated-bucket/omni/")


@pytest.mark.parametrize("verb", ["/cancel", ":cancel"])
async def test_cancel_and_delete(start, verb) -> None:
    """Both spellings cancel; a deleted interaction is 404 with a word for a code."""
    _, client = await start()
    created = (await client.post("/v1/interactions", json=asking())).json()
    path = f"/v1/interactions/{created['id']}"

    assert (await client.post(f"{path}{verb}")).json()["status"] == "cancelled"
    assert (await client.get(path)).json()["status"] == "cancelled"
    assert (await client.delete(path)).status_code == 200
    assert (await client.get(path)).json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("action", "status", "code"),
    [
        (Error(code=13, message="oops"), "failed", "api_error"),
        (Filtered(), "failed", "content_blocked"),
        (Empty(), "completed", None),
    ],
)
async def test_endings_without_a_video(start, clock, action, status, code) -> None:
    """Failed with an error, failed by filter, or completed with nothing and no output tokens."""
    google, client = await start()
    google.faults.add(Fault(verb="createInteraction", model=MODEL, action=action))
    created = (await client.post("/v1beta/interactions", json=asking())).json()
    clock.advance(60)
    done = (await client.get(f"/v1beta/interactions/{created['id']}")).json()

    assert done["status"] == status
    assert done.get("errors", [{"code": None}])[0]["code"] == code
    if code is None:
        assert done["usage"]["total_output_tokens"] == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"foo": 1}, "foo"),
        ({"generationConfig": {}}, "generationConfig"),
        ({"store": False}, "store"),
        ({"system_instruction": "x"}, "system_instruction"),
        ({"generation_config": {"temperature": 1}}, "temperature"),
        ({"generation_config": {"negative_prompt": "x"}}, "negative_prompt"),
        ({"generation_config": {"video_config": {"task": "image_to_video"}}}, "image_to_video"),
        ({"response_format": {"type": "video", "duration": "16s"}}, "duration"),
        ({"response_format": {"type": "video", "duration": "6"}}, "duration"),
        ({"response_format": {"type": "video", "duration": 6}}, "duration"),
        ({"response_format": {"type": "video", "resolution": "480p"}}, "resolution"),
        ({"response_format": {"type": "video", "aspect_ratio": "1:1"}}, "aspect_ratio"),
        ({"response_format": {"type": "video", "gcs_uri": "gs://simulated-bucket/x"}}, "gcs_uri"),
        ({"input": []}, "input"),
        (
            {"input": [{"type": "image", "data": "AAAA", "mime_type": "image/png"}, {"type": "text", "text": "x"}]},
            "image",
        ),
    ],
)
async def test_strictness(start, changes, named) -> None:
    """400 invalid_request, naming the parameter; nothing accepted."""
    google, client = await start()
    refused = await client.post("/v1beta/interactions", json={**asking(), **changes})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_request")
    assert named in refused.json()["error"]["message"]
    assert google.submits == []


async def test_models_of_the_other_surface(start) -> None:
    """Ids and places that do not fit are 404; a wrong key is still a google.rpc.Status."""
    google, client = await start()
    for model in ("gemini-omni-flash-preview", "gemini-omni-1.1-flash-preview", "veo-3.1-generate-001"):
        assert (await client.post("/v1beta/interactions", json=asking(model))).status_code == 404
    elsewhere = PLACE.replace("global", "us-central1")
    headers = {"authorization": f"Bearer {google.access_token()}", "x-goog-api-key": ""}

    assert (await client.post(elsewhere, json=asking(), headers=headers)).status_code == 404
    refused = await client.post("/v1beta/interactions", json=asking(), headers={"x-goog-api-key": "wrong"})
    assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"


async def test_text(start) -> None:
    """A text model answers at once."""
    _, client = await start()
    done = (await client.post("/v1beta/interactions", json={"model": "gemini-2.5-flash", "input": "hi"})).json()

    assert done["steps"][-1]["content"] == [{"type": "text", "text": "Simulated gemini-2.5-flash: hi"}]
