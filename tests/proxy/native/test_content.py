"""Text, images, tokens and models, as google-genai 3.4 asks for them."""

import asyncio
import io
import json

import httpx2
import pytest
from aiohttp import web
from google.genai import errors, types
from PIL import Image

from proxy.credentials import load
from proxy.simulator import Fault, Status
from tests.proxy.conftest import Serve
from tests.proxy.jobs.bench import entry, google_key, vertex

from .conftest import BANANA, TEXT, Start

pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
QUESTION = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}


@pytest.mark.parametrize("mode", ["api key", "vertex"])
async def test_google_genai_asks_for_text(start: Start, mode: str) -> None:
    """Whole, streamed and counted; what reaches Google carries the proxy's credential and not the caller's key."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client() if mode == "api key" else both.vertex_client()
    async with client.aio as aio:
        whole = await aio.models.generate_content(model=TEXT, contents="hello")
        pieces = [piece async for piece in await aio.models.generate_content_stream(model=TEXT, contents="hello")]
        count = await aio.models.count_tokens(model=TEXT, contents="hello")
    client.close()
    assert whole.text
    assert "".join(piece.text or "" for piece in pieces) == whole.text
    assert count.total_tokens
    assert both.keys["alice"] not in json.dumps([dict(sent.headers) for sent in both.google.requests])


async def test_an_image(start: Start) -> None:
    """As asked, decoded."""
    both = await start(lambda google: [google_key(google)])
    async with both.api_key_client().aio as aio:
        answer = await aio.models.generate_content(
            model=BANANA,
            contents="a lighthouse",
            config=types.GenerateContentConfig(
                response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9")
            ),
        )
    assert answer.parts
    [data] = [part.inline_data.data for part in answer.parts if part.inline_data and part.inline_data.data]
    made = Image.open(io.BytesIO(data))
    assert made.width / made.height == pytest.approx(16 / 9, rel=0.05)


@pytest.mark.filterwarnings("ignore:The generate_images method is deprecated")
async def test_imagen_by_predict(start: Start) -> None:
    """generate_images in Vertex mode."""
    both = await start(lambda google: [vertex(google)])
    async with both.vertex_client().aio as aio:
        answer = await aio.models.generate_images(model="imagen-4.0-generate-001", prompt="a lighthouse")
    assert answer.generated_images
    assert answer.generated_images[0].image
    assert answer.generated_images[0].image.image_bytes


@pytest.mark.parametrize("base", ["/v1beta", "/v1"])
async def test_a_stream_is_a_list_without_sse(start: Start, base: str) -> None:
    """`alt=sse` makes events; without it, one JSON array, as Google has it."""
    both = await start(lambda google: [google_key(google)])
    path = f"{base}/models/{TEXT}:streamGenerateContent"
    array = await both.post(path, QUESTION)
    events = await both.post(f"{path}?alt=sse", QUESTION)
    assert all("candidates" in item for item in array.json())
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.text.startswith("data: ")


async def test_models(start: Start) -> None:
    """Listed page by page, and one by one."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    async with both.api_key_client().aio as aio:
        names = [model.name async for model in await aio.models.list(config={"page_size": 2, "query_base": True})]
        one = await aio.models.get(model=TEXT)
        with pytest.raises(errors.ClientError) as missing:
            await aio.models.get(model="gemini-0")
    async with both.vertex_client().aio as aio:
        published = await aio.models.get(model=TEXT)
    assert f"models/{TEXT}" in names
    assert len(set(names)) == len(names)
    assert one.name == f"models/{TEXT}"
    assert one.supported_actions == ["generateContent", "countTokens"]
    assert (missing.value.code, missing.value.status) == (404, "NOT_FOUND")
    assert published.name == f"publishers/google/models/{TEXT}"


async def test_the_list_under_v1_is_openais_for_everyone_else(start: Start) -> None:
    """Google's for who shows Google's header or `?key=`; OpenAI's for a bearer."""
    both = await start(lambda google: [google_key(google)])
    key = both.keys["alice"]
    bearer = {"authorization": f"Bearer {key}"}
    client = both.proxy.client
    assert "data" in (await client.get("/v1/models", headers=bearer)).json()
    assert "models" in (await client.get("/v1/models", params={"key": key})).json()
    assert "models" in (await client.get("/v1/models", headers={**bearer, "x-goog-api-client": "x/1"})).json()
    assert (await client.get(f"/v1/models/{TEXT}", headers=bearer)).json()["object"] == "model"
    assert (await both.get(f"/v1/models/{TEXT}")).json()["name"] == f"models/{TEXT}"


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        (f"/v1beta/models/{TEXT}:generateContent", [], 400, "INVALID_ARGUMENT"),
        (f"/v1beta/models/{TEXT}:generateContent?upload=1", QUESTION, 400, "INVALID_ARGUMENT"),
        (f"/v1beta/models/{TEXT}:predict", QUESTION, 400, "INVALID_ARGUMENT"),
        ("/v1beta/models/imagen-4.0-generate-001:generateContent", QUESTION, 400, "INVALID_ARGUMENT"),
        (f"/v1beta/models/{TEXT}:embedContent", QUESTION, 404, "NOT_FOUND"),
        ("/v1beta/cachedContents", QUESTION, 404, "NOT_FOUND"),
        ("/v1beta/models/..%2Fx:generateContent", QUESTION, 400, "INVALID_ARGUMENT"),
    ],
)
async def test_refusals_are_google_rpc_status(start: Start, path: str, body: object, status: int, word: str) -> None:
    """Nothing reaches Google, and the body is what its clients read."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    answer = await both.post(path, body)
    told = answer.json()["error"]
    assert (answer.status_code, told["code"], told["status"]) == (status, status, word)
    assert told["message"]
    assert not both.google.requests


async def test_without_a_key(start: Start) -> None:
    """401 in Google's shape, on every route."""
    both = await start(lambda google: [google_key(google)])
    for method, path in (
        ("GET", "/v1beta/models"),
        ("POST", f"/v1beta/models/{TEXT}:generateContent"),
        ("POST", f"/v1beta/models/{TEXT}:predictLongRunning"),
        ("GET", f"/v1/models/{TEXT}/operations/video_1"),
        ("GET", "/v1beta/files/abc:download"),
        ("POST", "/v1beta/interactions"),
        ("GET", "/v1beta/interactions/video_1"),
        ("DELETE", "/v1beta/interactions/video_1"),
        ("POST", "/v1beta1/projects/p/locations/l/publishers/google/models/m:fetchPredictOperation"),
        ("GET", "/v1beta1/publishers/google/models"),
    ):
        answer = await both.proxy.client.request(method, path)
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED"), path


async def test_googles_own_refusal(start: Start) -> None:
    """Its status and sentence, after the retries that the proxy makes by itself."""
    both = await start(lambda google: [google_key(google)], config={"request-retry": 0})
    both.google.faults.add(Fault(verb="generateContent", action=Status(status=429)))
    answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", QUESTION)
    assert (answer.status_code, answer.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")


async def test_a_redirect_is_told(start: Start) -> None:
    """A retired id is answered by its successor, and a header says so."""
    both = await start(lambda google: [google_key(google)])
    answer = await both.post("/v1beta/models/gemini-3-pro-image-preview:generateContent", QUESTION)
    assert answer.status_code == 200, answer.text
    [warning] = json.loads(answer.headers["x-mediashim-warnings"])
    assert "gemini-3-pro-image" in warning
    assert both.google.requests[-1].model == "gemini-3-pro-image"


async def test_the_body_goes_as_it_came(start: Start) -> None:
    """Members that the proxy knows nothing of reach Google; what counts tokens names the model that is asked."""
    both = await start(lambda google: [google_key(google)])
    body = {**QUESTION, "generationConfig": {"temperature": 0.5, "seed": 7}}
    await both.post(f"/v1beta/models/{TEXT}:generateContent", body)
    assert both.google.requests[-1].body == body
    whole = {"generateContentRequest": {"model": "models/x", **QUESTION}}
    counted = await both.post(f"/v1beta/models/{TEXT}:countTokens", whole)
    assert counted.json()["totalTokens"] > 0
    assert both.google.requests[-1].body["generateContentRequest"]["model"] == f"models/{TEXT}"


@pytest.mark.parametrize("sse", [True, False])
async def test_a_stream_that_breaks_says_so(start: Start, serve: Serve, sse: bool) -> None:
    """It comes while Google writes it; events end with an error that clients raise, a list never looks whole."""
    arrived = asyncio.Event()

    async def break_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_type = "text/event-stream" if sse else "application/json"
        await answer.prepare(request)
        await answer.write(b'data: {"candidates": []}\n\n' if sse else b'[{"candidates": []}')
        await arrived.wait()
        assert request.transport is not None
        request.transport.abort()
        return answer

    upstream = await serve(break_off)
    both = await start(lambda google: [entry(load.gemini_api_key(google.api_key, base_url=upstream))])
    path = f"/v1beta/models/{TEXT}:streamGenerateContent{'?alt=sse' if sse else ''}"
    text = ""
    told: list[str] = []
    async with both.proxy.client.stream("POST", path, json=QUESTION, headers=both.headers()) as answer:
        try:
            async for piece in answer.aiter_text():
                text += piece
                arrived.set()
        except httpx2.RemoteProtocolError as error:
            told.append(str(error))
    assert "candidates" in text
    assert bool(told) is not sse
    if sse:
        assert json.loads(text.strip().rpartition("data: ")[2])["error"]["status"] == "INTERNAL"


@pytest.mark.filterwarnings("ignore:The edit_image method is deprecated")
async def test_a_masked_edit_is_passed_on(start: Start, serve: Serve) -> None:
    """google-genai's `edit_image` reaches Vertex AI with its mask as it was written."""
    asked: list[dict[str, object]] = []

    async def edited(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"predictions": [{"bytesBase64Encoded": "iVBORw0KGgo=", "mimeType": "image/png"}]})

    upstream = await serve(edited)
    both = await start(lambda google: [entry(load.vertex_api_key("AQ." + "a" * 30, base_url=upstream))])
    picture = types.Image(image_bytes=b"\x89PNG", mime_type="image/png")
    async with both.vertex_client().aio as aio:
        answer = await aio.models.edit_image(
            model="imagen-3.0-capability-001",
            prompt="a boat",
            reference_images=[
                types.RawReferenceImage(reference_id=1, reference_image=picture),
                types.MaskReferenceImage(
                    reference_id=2,
                    reference_image=picture,
                    config=types.MaskReferenceConfig(mask_mode=types.MaskReferenceMode.MASK_MODE_USER_PROVIDED),
                ),
            ],
            config=types.EditImageConfig(edit_mode=types.EditMode.EDIT_MODE_INPAINT_INSERTION),
        )
    assert answer.generated_images
    [body] = asked
    instances = body["instances"]
    assert isinstance(instances, list)
    assert [each["referenceType"] for each in instances[0]["referenceImages"]] == [
        "REFERENCE_TYPE_RAW",
        "REFERENCE_TYPE_MASK",
    ]
