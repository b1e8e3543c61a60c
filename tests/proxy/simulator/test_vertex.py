"""Vertex AI: token or express key, locations, inline and bucket delivery, publisher operations, Imagen."""

import base64
import io

import av
import pytest
from PIL import Image

from tests.clients.media import small_clip
from tests.video_requests import PNG

PLACE = "/v1beta1/projects/simulated-project/locations"
VEO = f"{PLACE}/us-central1/publishers/google/models/veo-3.1-generate-001"


@pytest.fixture
async def vertex(start):
    google, client = await start()
    del client.headers["x-goog-api-key"]
    client.headers["authorization"] = f"Bearer {google.access_token()}"
    return google, client


async def test_inline_samples(vertex, clock, veo_body) -> None:
    """Without storageUri the poll's own body holds every sample, silent when audio was refused."""
    google, client = vertex
    body = veo_body(durationSeconds=4, sampleCount=2, generateAudio=False, seed=7)
    name = (await client.post(f"{VEO}:predictLongRunning", json=body)).json()["name"]
    poll = {"operationName": name}

    assert name.startswith("projects/simulated-project/locations/us-central1/publishers/google/models/")
    assert (await client.post(f"{VEO}:fetchPredictOperation", json=poll)).json() == {"name": name}
    clock.advance(60)
    videos = (await client.post(f"{VEO}:fetchPredictOperation", json=poll)).json()["response"]["videos"]
    clips = [base64.b64decode(video["bytesBase64Encoded"]) for video in videos]
    assert len(set(clips)) == 2
    with av.open(io.BytesIO(clips[0])) as container:
        assert (container.duration, len(container.streams.audio)) == (4_000_000, 0)
    assert google.submits[0].samples == 2


async def test_bucket_delivery(vertex, clock, veo_body) -> None:
    """With storageUri the clips appear below it when the job ends, readable whole, in part, and by listing."""
    _, client = vertex
    body = veo_body(durationSeconds=4, storageUri="gs://simulated-bucket/jobs/7")
    name = (await client.post(f"{VEO}:predictLongRunning", json=body)).json()["name"]
    listing = "/storage/v1/b/simulated-bucket/o?prefix=jobs/7/"

    assert "items" not in (await client.get(listing)).json()
    clock.advance(60)
    done = (await client.post(f"{VEO}:fetchPredictOperation", json={"operationName": name})).json()
    [video] = done["response"]["videos"]
    [item] = (await client.get(listing)).json()["items"]
    assert video == {"gcsUri": f"gs://simulated-bucket/{item['name']}", "mimeType": "video/mp4"}
    path = f"/storage/v1/b/simulated-bucket/o/{item['name'].replace('/', '%2F')}"
    whole = (await client.get(path, params={"alt": "media"})).content
    part = await client.get(path, params={"alt": "media"}, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert int((await client.get(path)).json()["size"]) == len(whole)


async def test_publisher_operations_cannot_be_read_generically(vertex, veo_body) -> None:
    """GET of the full name is 404, of the bare UUID 400."""
    _, client = vertex
    name = (await client.post(f"{VEO}:predictLongRunning", json=veo_body())).json()["name"]
    bare = await client.get(f"{PLACE}/us-central1/operations/{name.rpartition('/')[2]}")

    assert (await client.get(f"/v1/{name}")).status_code == 404
    assert bare.status_code == 400
    assert "The Operation ID must be a Long, but was instead:" in bare.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PLACE}/global/publishers/google/models/veo-3.1-generate-001:predictLongRunning", 404),
        (f"{PLACE}/us-central1/publishers/google/models/veo-3.1-generate-preview:predictLongRunning", 404),
        (
            "/v1/projects/other/locations/us-central1/publishers/google/models/veo-3.1-generate-001:predictLongRunning",
            403,
        ),
        (f"{PLACE}/us-central1/publishers/google/models/gemini-2.5-flash:predictLongRunning", 400),
        ("/v2/nothing", 404),
    ],
)
async def test_wrong_places(vertex, veo_body, path, status) -> None:
    """Veo lives in us-central1, in the caller's own project; an unknown page is the front end's HTML."""
    google, client = vertex
    refused = await client.post(path, json=veo_body())

    assert refused.status_code == status
    assert refused.headers["content-type"].startswith("text/html" if "v2" in path else "application/json")
    assert google.submits == []


@pytest.mark.parametrize(
    "parameters", [{"lastFrame": {}}, {"sampleCount": 5}, {"fps": 30}, {"seed": -1}, {"seed": "7"}]
)
async def test_wrong_parameters(vertex, veo_body, parameters) -> None:
    """Vertex's own parameters are checked too."""
    _, client = vertex
    refused = await client.post(f"{VEO}:predictLongRunning", json=veo_body(**parameters))

    assert refused.status_code == 400
    assert next(iter(parameters)) in refused.json()["error"]["message"]


async def test_imagen(vertex) -> None:
    """:predict draws as many pictures as were asked for; a refusal is silent unless reasons are wanted."""
    _, client = vertex
    path = f"{PLACE}/us-central1/publishers/google/models/imagen-4.0-generate-001:predict"
    body = {"instances": [{"prompt": "a fox"}], "parameters": {"sampleCount": 2, "aspectRatio": "16:9"}}
    predictions = (await client.post(path, json=body)).json()["predictions"]

    assert len(predictions) == 2
    with Image.open(io.BytesIO(base64.b64decode(predictions[0]["bytesBase64Encoded"]))) as picture:
        assert picture.size == (1344, 768)
    refused = {"instances": [{"prompt": "image safety"}], "parameters": {}}
    assert (await client.post(path, json=refused)).json() == {}
    told = {**refused, "parameters": {"includeRaiReason": True}}
    assert "Support codes" in (await client.post(path, json=told)).json()["predictions"][0]["raiFilteredReason"]
    assert (await client.post(path, json={**body, "parameters": {"seed": 1}})).status_code == 400


def png(width: int, height: int) -> str:
    content = io.BytesIO()
    Image.new("L", (width, height)).save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def reference(number: int, kind: str, size: tuple[int, int] = (96, 64), **members: object) -> dict[str, object]:
    image = {"bytesBase64Encoded": png(*size), "mimeType": "image/png"}
    return {"referenceImage": image, "referenceId": number, "referenceType": f"REFERENCE_TYPE_{kind}", **members}


BY_MASK = {"maskImageConfig": {"maskMode": "MASK_MODE_USER_PROVIDED"}}
INSERT = {"editMode": "EDIT_MODE_INPAINT_INSERTION"}
RAW, MASK = reference(1, "RAW"), reference(2, "MASK", **BY_MASK)
IN_A_BUCKET = {**RAW, "referenceImage": {"gcsUri": "gs://b/fox.png", "mimeType": "image/png"}}


async def edited(client, references, parameters):
    path = f"{PLACE}/us-central1/publishers/google/models/imagen-3.0-capability-001:predict"
    instances = [{"prompt": "a boat", **({} if references is None else {"referenceImages": references})}]
    return await client.post(path, json={"instances": instances, "parameters": {"sampleCount": 1, **parameters}})


@pytest.mark.parametrize(
    ("references", "parameters", "size"),
    [
        ([RAW], {}, (96, 64)),
        ([RAW, MASK], INSERT, (96, 64)),
        ([IN_A_BUCKET, MASK], {**INSERT, "editConfig": {"baseSteps": 32}}, (1024, 1024)),
    ],
)
async def test_an_edit_by_imagen(vertex, references, parameters, size) -> None:
    """As large as its image, where that can be seen."""
    _, client = vertex
    [prediction] = (await edited(client, references, parameters)).json()["predictions"]

    with Image.open(io.BytesIO(base64.b64decode(prediction["bytesBase64Encoded"]))) as picture:
        assert picture.size == size


@pytest.mark.parametrize(
    ("references", "parameters", "why"),
    [
        (None, {}, "referenceImages"),
        ([], {}, "one raw image"),
        ([RAW, MASK, MASK], INSERT, "one raw image"),
        ([MASK], {}, "REFERENCE_TYPE_RAW is wrong"),
        ([RAW, reference(2, "MASK")], INSERT, "REFERENCE_TYPE_MASK is wrong"),
        ([RAW, {**MASK, "referenceId": 1}], INSERT, "of its own"),
        ([RAW, reference(2, "MASK", (64, 64), **BY_MASK)], INSERT, "same dimensions"),
        ([RAW], INSERT, "needs a mask"),
        ([RAW, MASK], {}, "takes no mask"),
        ([RAW], {"editMode": "EDIT_MODE_ODD"}, "Invalid editMode"),
        ([RAW], {"aspectRatio": "1:1"}, "aspectRatio"),
        ([RAW], {"enhancePrompt": True}, "enhancePrompt"),
        ([{**RAW, "referenceImage": {}}], {}, "bytesBase64Encoded"),
        (
            [{**RAW, "referenceImage": {"bytesBase64Encoded": "iVBORw0KGgo=", "mimeType": "image/png"}}],
            {},
            "Unable to process",
        ),
    ],
)
async def test_what_is_no_edit_of_imagens(vertex, references, parameters, why) -> None:
    """400 with the reason."""
    _, client = vertex
    refused = await edited(client, references, parameters)

    assert refused.status_code == 400
    assert why in refused.json()["error"]["message"]


async def test_an_express_key_opens_answers_but_no_videos(start, veo_body) -> None:
    """An API key without a project: generateContent works, predictLongRunning is 401."""
    _, client = await start()
    models = "/v1beta1/publishers/google/models"
    body = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}
    refused = await client.post(f"{models}/veo-3.1-generate-001:predictLongRunning", json=veo_body())

    assert (await client.post(f"{models}/gemini-2.5-flash:generateContent", json=body)).status_code == 200
    assert refused.status_code == 401
    assert "API keys are not supported by this API" in refused.json()["error"]["message"]


@pytest.fixture
async def veo_2(start):
    google, client = await start(revived=frozenset({"veo-2.0-generate-001"}))
    del client.headers["x-goog-api-key"]
    client.headers["authorization"] = f"Bearer {google.access_token()}"
    return google, client


def _inline(data: bytes, mime_type: str) -> dict[str, str]:
    return {"bytesBase64Encoded": base64.b64encode(data).decode(), "mimeType": mime_type}


async def test_masks_where_veo_2_lives_on(veo_2, veo_body) -> None:
    """A mask goes with a video, and says what it is for."""
    google, client = veo_2
    path = f"{VEO.rpartition('/')[0]}/veo-2.0-generate-001:predictLongRunning"
    video, mask = _inline(small_clip(seconds=2), "video/mp4"), _inline(base64.b64decode(PNG), "image/png")
    alone = await client.post(path, json=veo_body({"mask": {**mask, "maskMode": "INSERT"}}))
    unsaid = await client.post(path, json=veo_body({"video": video, "mask": mask}))
    taken = await client.post(path, json=veo_body({"video": video, "mask": {**mask, "maskMode": "REMOVE"}}))

    assert (alone.status_code, "`mask` requires `video`" in alone.text) == (400, True)
    assert (unsaid.status_code, "maskMode" in unsaid.text) == (400, True)
    assert taken.status_code == 200
    assert len(google.submits) == 1
