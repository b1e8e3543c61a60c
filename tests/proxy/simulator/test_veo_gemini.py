"""Veo on the Gemini API: lifecycle, polling, download; every refusal in Google's words."""

import base64
import io

import av
import pytest

from proxy.simulator.media.picture import make_picture
from proxy.simulator.media.recipe import PictureRecipe

MODEL = "/v1beta/models/veo-3.1-generate-preview"
PNG = make_picture(PictureRecipe(width=64, height=36, model="m", prompt="p"))
IMAGE = {"bytesBase64Encoded": base64.b64encode(PNG).decode(), "mimeType": "image/png"}
INLINE = {"inlineData": {"data": base64.b64encode(PNG).decode(), "mimeType": "image/png"}}


async def test_a_video_from_submit_to_bytes(start, clock, veo_body) -> None:
    """Submit, pending, done, redirect, MP4 of the asked length; one submit in the ledger."""
    google, client = await start(alive_veo_on_gemini=True)
    name = (await client.post(f"{MODEL}:predictLongRunning", json=veo_body(durationSeconds="4"))).json()["name"]

    assert (await client.get(f"/v1beta/{name}")).json() == {"name": name}
    clock.advance(60)
    done = (await client.get(f"/v1beta/{name}")).json()
    [sample] = done["response"]["generateVideoResponse"]["generatedSamples"]
    redirect = await client.get(sample["video"]["uri"])
    assert redirect.status_code == 302
    video = await client.get(redirect.headers["location"], headers={"x-goog-api-key": ""})

    with av.open(io.BytesIO(video.content)) as container:
        assert container.duration == 4_000_000
    [submit] = google.submits
    assert (submit.name, submit.seconds, submit.prompt) == (name, 4, "a fox in the snow")
    assert [request.accepted for request in google.requests_for("predictLongRunning")] == [True]


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_veo_is_gone_from_the_api_key_route(start, veo_body, version) -> None:
    """The real lifecycle: 404 and "is no longer available", for ids that once were there."""
    google, client = await start()
    path = f"/{version}/models/veo-3.1-generate-preview:predictLongRunning"
    refused = await client.post(path, json=veo_body())

    assert refused.status_code == 404
    assert "is no longer available" in refused.json()["error"]["message"]
    assert google.submits == []


@pytest.mark.parametrize("model", ["veo-9", "veo-3.1-generate-001", "gemini-2.5-flash"])
async def test_a_model_that_never_had_the_method(start, veo_body, model) -> None:
    """404, and the way to the list."""
    _, client = await start()
    refused = await client.post(f"/v1beta/models/{model}:predictLongRunning", json=veo_body())

    assert refused.status_code == 404
    assert "is not found for API version v1beta" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("instance", "parameters", "named"),
    [
        ({}, {"seed": 1}, "seed"),
        ({}, {"generateAudio": False}, "generateAudio"),
        ({}, {"fps": 24}, "fps"),
        ({}, {"storageUri": "gs://b/o"}, "storageUri"),
        ({}, {"lastFrame": IMAGE}, "lastFrame"),
        ({}, {"referenceImages": []}, "referenceImages"),
        ({}, {"numberOfVideos": 1}, "numberOfVideos"),
        ({}, {"sampleCount": 2}, "sampleCount"),
        ({}, {"durationSeconds": 5}, "durationSeconds"),
        ({}, {"durationSeconds": 4.5}, "durationSeconds"),
        ({}, {"durationSeconds": True}, "durationSeconds"),
        ({}, {"durationSeconds": "8s"}, "durationSeconds"),
        ({}, {"durationSeconds": 4, "resolution": "1080p"}, "Resolution 1080p"),
        ({}, {"resolution": "480p"}, "resolution"),
        ({}, {"aspectRatio": "1:1"}, "aspectRatio"),
        ({}, {"personGeneration": "allow_adult"}, "personGeneration"),
        ({"image": IMAGE}, {"personGeneration": "allow_all"}, "personGeneration"),
        ({"prompt": " "}, {}, "prompt"),
        ({"lastFrame": IMAGE}, {}, "image"),
        ({"image": {"bytesBase64Encoded": "AAAA"}}, {}, "mimeType"),
        ({"image": {"gcsUri": "gs://b/o.png", "mimeType": "image/png"}}, {}, "image"),
        ({"image": {**IMAGE, "mimeType": "image/jpeg"}}, {}, "input image"),
        ({"image": {**IMAGE, "mimeType": "image/gif"}}, {}, "image/gif"),
        ({"image": {**IMAGE, "bytesBase64Encoded": "?"}}, {}, "Base64"),
        ({"mask": IMAGE}, {}, "mask"),
        ({"image": IMAGE, "video": {"uri": "x"}}, {}, "video"),
        ({"video": {"uri": "https://nowhere/v1beta/files/none"}}, {}, "video"),
        ({"referenceImages": [{"image": IMAGE, "referenceType": "style"}]}, {}, "referenceType"),
        ({"referenceImages": [{"image": IMAGE, "referenceType": "asset"}] * 4}, {}, "referenceImages"),
        ({"referenceImages": [{"image": IMAGE, "referenceType": "asset"}]}, {"durationSeconds": 6}, "durationSeconds"),
    ],
)
async def test_a_misplaced_or_wrong_field_is_refused(start, veo_body, instance, parameters, named) -> None:
    """400 that names the field; nothing is accepted."""
    google, client = await start(alive_veo_on_gemini=True)
    refused = await client.post(f"{MODEL}:predictLongRunning", json=veo_body(instance, **parameters))

    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert named in refused.json()["error"]["message"]
    assert google.submits == []


@pytest.mark.parametrize(
    ("instance", "parameters"),
    [
        ({"image": IMAGE}, {"personGeneration": "allow_adult"}),
        ({"image": INLINE}, {"durationSeconds": "6"}),
        ({"image": IMAGE, "lastFrame": IMAGE}, {}),
        ({"referenceImages": [{"image": IMAGE, "referenceType": "asset"}] * 3}, {"durationSeconds": 8}),
        ({}, {"resolution": "4k", "aspectRatio": "9:16", "negativePrompt": "rain", "enhancePrompt": True}),
    ],
)
async def test_what_the_guide_allows_is_accepted(start, veo_body, instance, parameters) -> None:
    """The documented modes and parameters all become jobs."""
    google, client = await start(alive_veo_on_gemini=True)

    assert (await client.post(f"{MODEL}:predictLongRunning", json=veo_body(instance, **parameters))).status_code == 200
    assert len(google.submits) == 1


async def test_an_unknown_key_at_the_top(start, veo_body) -> None:
    """Protobuf's sentence for a key that no message has."""
    _, client = await start(alive_veo_on_gemini=True)
    refused = await client.post(f"{MODEL}:predictLongRunning", json={**veo_body(), "labels": {"a": "b"}})

    assert refused.json()["error"]["message"] == (
        'Invalid JSON payload received. Unknown name "labels": Cannot find field.'
    )


async def test_an_extension_is_seven_seconds_longer(start, clock, veo_body) -> None:
    """A video made here can be extended by its URI, while it is stored."""
    google, client = await start(alive_veo_on_gemini=True)
    name = (await client.post(f"{MODEL}:predictLongRunning", json=veo_body(durationSeconds=4))).json()["name"]
    clock.advance(60)
    done = (await client.get(f"/v1beta/{name}")).json()
    uri = done["response"]["generateVideoResponse"]["generatedSamples"][0]["video"]["uri"]
    body = veo_body({"video": {"uri": uri}})

    assert (await client.post(f"{MODEL}:predictLongRunning", json=body)).status_code == 200
    assert google.submits[1].seconds == 11
    clock.advance(3 * 24 * 3600)
    assert (await client.post(f"{MODEL}:predictLongRunning", json=body)).status_code == 400


async def test_operations_and_files_are_forgotten(start, clock, veo_body) -> None:
    """After retention the operation is 404 and the file 403."""
    _, client = await start(alive_veo_on_gemini=True)
    name = (await client.post(f"{MODEL}:predictLongRunning", json=veo_body())).json()["name"]
    clock.advance(60)
    done = (await client.get(f"/v1beta/{name}")).json()
    uri = done["response"]["generateVideoResponse"]["generatedSamples"][0]["video"]["uri"]
    clock.advance(2 * 24 * 3600)

    assert (await client.get(f"/v1beta/{name}")).status_code == 404
    assert (await client.get(uri)).status_code == 403
    assert (await client.get("/v1beta/models/m/operations/none")).status_code == 404


@pytest.mark.parametrize(
    ("prompt", "ending"),
    [
        ("a blocked prompt", {"error": 3}),
        ("image safety", {"filtered": 1}),
        ("no image", {}),
    ],
)
async def test_refusals_by_prompt(start, clock, veo_body, prompt, ending) -> None:
    """The three endings without a video are told apart as Google tells them."""
    _, client = await start(alive_veo_on_gemini=True)
    body = veo_body({"prompt": prompt})
    name = (await client.post(f"{MODEL}:predictLongRunning", json=body)).json()["name"]
    clock.advance(60)
    done = (await client.get(f"/v1beta/{name}")).json()

    assert done["done"] is True
    assert done.get("error", {}).get("code") == ending.get("error")
    response = done.get("response", {}).get("generateVideoResponse", {})
    assert response.get("raiMediaFilteredCount") == ending.get("filtered")
    assert "generatedSamples" not in response
