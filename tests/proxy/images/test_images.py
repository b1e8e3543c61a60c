"""/v1/images/generations and /v1/images/edits over the whole program."""

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from proxy.simulator import Fault, Status
from tests.proxy.e2e.serving import RunningProxy
from tests.proxy.jobs.bench import google_key, vertex
from translators.images.fields import FATES

BANANA = "gemini-nano-banana-2.1"
IMAGEN = "imagen-4.0-generate-001"
EDITOR = "imagen-3.0-capability-001"


def drawn(width: int = 16, height: int = 16, kind: str = "PNG") -> bytes:
    """A small file."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, kind)
    return content.getvalue()


def picture(b64_json: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(b64_json, validate=True)))


async def generate(proxy: RunningProxy, **members: Any) -> Any:
    return await proxy.client.post(
        "/v1/images/generations", json={"model": BANANA, "prompt": "a lighthouse", **members}
    )


def events_in(text: str) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


@pytest.mark.parametrize("base", ["/v1", ""])
async def test_an_image_from_words(start, base) -> None:
    """base64 is the default, with and without the prefix; size and type are those of the file."""
    _, proxy = await start(lambda google: [google_key(google)])
    body = {"model": BANANA, "prompt": "a lighthouse", "size": "1024x1024"}
    answer = (await proxy.client.post(f"{base}/images/generations", json=body)).json()

    [image] = answer["data"]
    assert picture(image["b64_json"]).size == (1024, 1024)
    assert (answer["size"], answer["output_format"], answer["model"]) == ("1024x1024", "png", BANANA)
    assert answer["usage"]["output_tokens"] >= 1120
    assert answer["usage"]["cost"] == pytest.approx(0.0336, abs=0.001)
    assert "warnings" not in answer


async def test_what_was_made_otherwise_is_told(start) -> None:
    """Dimensions and type."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = (await generate(proxy, size="1536x1024", output_format="webp", quality="high")).json()

    assert answer["size"] == "1248x832"
    assert answer["warnings"] == [
        f"quality had no effect: {FATES.warned['quality']}.",
        "size: 1536x1024 was asked for, and 1248x832 was made.",
        "output_format: webp was asked for, and png was made.",
    ]


async def test_several_images_are_several_calls(start) -> None:
    """Gemini makes one a call."""
    google, proxy = await start(lambda google: [google_key(google)])
    answer = (await generate(proxy, n=3, seed=4)).json()

    assert len(answer["data"]) == 3
    sent = [request.body["generationConfig"]["seed"] for request in google.requests_for("generateContent")]
    assert sorted(sent) == [4, 5, 6]
    assert answer["warnings"] == ["seed: it took 3 calls, with the seeds 4 to 6, one for each."]
    assert answer["usage"]["cost"] == pytest.approx(3 * 0.0336, abs=0.003)


async def test_imagen_makes_several_in_one_call(start) -> None:
    """Up to four; it counts no tokens, and the cost is known all the same."""
    google, proxy = await start(lambda google: [vertex(google)])
    answer = (await generate(proxy, model=IMAGEN, n=5, size="1792x1024")).json()

    assert len(answer["data"]) == 5
    sent = [request.body["parameters"]["sampleCount"] for request in google.requests_for("predict")]
    assert sorted(sent) == [1, 4]
    assert answer["usage"] == {"cost": 0.2}


@pytest.mark.parametrize("stream", [False, True])
async def test_some_of_several_fail(start, stream) -> None:
    """The others are answered, and the failure is told."""
    google, proxy = await start(lambda google: [google_key(google)], config={"images": {"concurrency": 1}})
    google.faults.add(Fault(action=Status(status=400), times=1))
    answer = await generate(proxy, n=3, stream=stream)

    assert answer.status_code == 200, answer.text
    if stream:
        told = [data for _, data in events_in(answer.text)]
        images, warnings = told, told[-1]["warnings"]
    else:
        images, warnings = answer.json()["data"], answer.json()["warnings"]
    assert len(images) == 2
    assert warnings[-1].startswith("n: 1 of 3 calls made no image. ")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("prompt", ["an unsafe prompt", "image safety", "no image"])
async def test_no_image_at_all(start, stream, prompt) -> None:
    """A 400 that names the prompt, streamed or not."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = await generate(proxy, prompt=prompt, n=2, stream=stream)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "prompt"), answer.text


async def test_an_address_instead_of_base64(start) -> None:
    """Served without a key, with what is known of it beside it on disk."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = (await generate(proxy, response_format="url", aspect_ratio="16:9")).json()
    [image] = answer["data"]
    file = await proxy.client.get(image["url"])

    assert image["url"].startswith(f"{proxy.base_url}/media/")
    assert (file.status_code, file.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(file.content)).size == (1344, 768)
    [sidecar] = (proxy.data_dir / "media").glob("*.png.json")
    metadata = json.loads(sidecar.read_text())["metadata"]
    assert metadata == {
        "caller": "anyone",
        "prompt": "a lighthouse",
        "model": BANANA,
        "parameters": {"aspect_ratio": "16:9"},
        "cost": answer["usage"]["cost"],
    }


async def test_each_image_of_a_call_has_its_share_of_the_cost(start) -> None:
    """Imagen makes several in one call, which has one price."""
    _, proxy = await start(lambda google: [vertex(google)])
    answer = (await generate(proxy, model=IMAGEN, n=2, response_format="url")).json()

    assert answer["usage"] == {"cost": 0.08}
    sidecars = [json.loads(path.read_text()) for path in (proxy.data_dir / "media").glob("*.png.json")]
    assert [sidecar["metadata"]["cost"] for sidecar in sidecars] == [0.04, 0.04]


async def test_an_edit_as_json(start) -> None:
    """A data URI, plain or as an object."""
    google, proxy = await start(lambda google: [google_key(google)])
    uri = f"data:image/png;base64,{base64.b64encode(drawn()).decode()}"
    body = {"model": BANANA, "prompt": "at night", "images": [{"image_url": uri}, uri]}
    answer = await proxy.client.post("/v1/images/edits", json=body)

    assert answer.status_code == 200, answer.text
    parts = google.requests_for("generateContent")[-1].body["contents"][0]["parts"]
    assert [set(part) for part in parts] == [{"inlineData"}, {"inlineData"}, {"text"}]
    assert answer.json()["usage"]["input_tokens_details"]["image_tokens"] == 2 * 258


@pytest.mark.parametrize("names", [["image"], ["image", "image"], ["image[]"], ["image[]", "image[]"]])
async def test_an_edit_as_a_form(start, names) -> None:
    """Every way to name several files."""
    google, proxy = await start(lambda google: [google_key(google)])
    files = [(name, ("a.png", drawn(), "application/octet-stream")) for name in names]
    answer = await proxy.client.post(
        "/v1/images/edits", data={"model": BANANA, "prompt": "at night", "n": "1"}, files=files
    )

    assert answer.status_code == 200, answer.text
    parts = google.requests_for("generateContent")[-1].body["contents"][0]["parts"]
    sent = [part["inlineData"] for part in parts if "inlineData" in part]
    assert [base64.b64decode(each["data"]) for each in sent] == [drawn()] * len(names)
    assert {each["mimeType"] for each in sent} == {"image/png"}


@pytest.mark.parametrize(
    ("path", "members", "param"),
    [
        ("edits", {}, "image"),
        ("edits", {"image": "data:image/png;base64,AAAA", "mask": "data:image/png;base64,AAAA"}, "mask"),
        ("edits", {"image": "no address"}, "image"),
        ("generations", {"model": "veo-3.1-generate-001"}, "model"),
        ("generations", {"model": "gemini-2.5-flash"}, "model"),
        ("generations", {"aspect_ratio": "16:10"}, "aspect_ratio"),
        ("generations", {"background": "transparent"}, "background"),
        ("generations", {"prompt": None}, "prompt"),
    ],
)
async def test_a_wrong_request_costs_nothing(start, path, members, param) -> None:
    """400, the caller's own field, and Google hears nothing."""
    google, proxy = await start(lambda google: [google_key(google), vertex(google)])
    answer = await proxy.client.post(f"/v1/images/{path}", json={"model": BANANA, "prompt": "a fox", **members})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param), answer.text
    assert not google.requests_for("generateContent")


async def test_a_mask_as_json(start) -> None:
    """An object, as OpenAI's JSON form has it; the answer is streamed as an edit."""
    google, proxy = await start(lambda google: [vertex(google)])
    mask = io.BytesIO()
    Image.new("LA", (96, 64), (0, 0)).save(mask, "PNG")
    image, mask_uri = (
        f"data:image/png;base64,{base64.b64encode(content).decode()}" for content in (drawn(96, 64), mask.getvalue())
    )
    body = {"model": EDITOR, "prompt": "a boat", "images": [{"image_url": image}], "mask": {"image_url": mask_uri}}
    answer = await proxy.client.post("/v1/images/edits", json={**body, "stream": True})

    [(name, data)] = events_in(answer.text)
    assert (name, data["size"]) == ("image_edit.completed", "96x64")
    sent = google.requests_for("predict")[0].body["instances"][0]["referenceImages"][1]["referenceImage"]
    assert picture(sent["bytesBase64Encoded"]).getextrema() == (255, 255)


async def test_a_mask_in_a_bucket_is_refused(start) -> None:
    """It is read here; an image may be there."""
    google, proxy = await start(lambda google: [vertex(google)])
    body = {"model": EDITOR, "prompt": "a boat", "image": "gs://b/fox.png", "mask": "gs://b/mask.png"}
    answer = await proxy.client.post("/v1/images/edits", json=body)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "mask"), answer.text
    assert not google.requests_for("predict")


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
async def test_a_file_that_is_no_mask(start, kind) -> None:
    """The way out is said whatever the form called it."""
    google, proxy = await start(lambda google: [vertex(google)])
    files = [("image", ("a.png", drawn(), "image/png")), ("mask", ("m", b"words", kind))]
    answer = await proxy.client.post("/v1/images/edits", data={"model": EDITOR, "prompt": "a boat"}, files=files)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "mask"), answer.text
    assert "Send a PNG" in answer.json()["error"]["message"]
    assert not google.requests_for("predict")


@pytest.mark.parametrize("members", [{}, {"mask": "data:image/png;base64,iVBORw0KGgo="}])
async def test_imagens_edit_model_makes_nothing_from_words_alone(start, members) -> None:
    """400 that names the image, and Google hears nothing."""
    google, proxy = await start(lambda google: [vertex(google)])
    answer = await generate(proxy, model=EDITOR, **members)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "image"), answer.text
    assert not google.requests_for("predict")


async def test_a_mask_without_vertex_ai(start) -> None:
    """The Gemini API does not have the model, and its successor there takes no mask: nothing is made without it."""
    google, proxy = await start(lambda google: [google_key(google)])
    uri = f"data:image/png;base64,{base64.b64encode(drawn()).decode()}"
    body = {"model": EDITOR, "prompt": "a boat", "image": uri, "mask": uri}
    answer = await proxy.client.post("/v1/images/edits", json=body)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "mask"), answer.text
    assert f"with a credential for Vertex AI, {EDITOR} would take it" in answer.json()["error"]["message"]
    assert not google.requests_for("generateContent")


@pytest.mark.parametrize("stream", [False, True])
async def test_the_same_masked_edit_is_paid_once(start, stream) -> None:
    """With a seed, the image that was made is the answer again; another mask is another edit."""
    google, proxy = await start(lambda google: [vertex(google)])
    image = f"data:image/png;base64,{base64.b64encode(drawn(96, 64)).decode()}"

    async def edit(alpha: int) -> None:
        mask = Image.new("RGBA", (96, 64), (0, 0, 0, 0))
        mask.putpixel((0, 0), (0, 0, 0, alpha))
        content = io.BytesIO()
        mask.save(content, "PNG")
        uri = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
        body = {"model": EDITOR, "prompt": "a boat", "image": image, "mask": uri, "seed": 7, "stream": stream}
        answer = await proxy.client.post("/v1/images/edits", json=body)
        assert answer.status_code == 200, answer.text
        assert "error" not in answer.text

    for alpha in (0, 0, 255):
        await edit(alpha)
    assert len(google.requests_for("predict")) == 2


async def test_a_mask_in_a_chat(start) -> None:
    """The part with `role: mask`, in the same form; its role has its effect, so there is nothing to tell."""
    google, proxy = await start(lambda google: [vertex(google)])
    mask = io.BytesIO()
    Image.new("RGBA", (96, 64), (0, 0, 0, 0)).save(mask, "PNG")
    parts = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(content).decode()}"}}
        for content in (drawn(96, 64), mask.getvalue())
    ]
    content = [parts[0], {**parts[1], "role": "mask"}, {"type": "text", "text": "a boat"}]
    answer = (await proxy.ask({"model": EDITOR, "messages": [{"role": "user", "content": content}]})).json()

    assert answer["choices"][0]["message"]["images"]
    assert "warnings" not in answer
    assert len(google.requests_for("predict")) == 1


async def test_a_stream_of_images(start) -> None:
    """An event for each, named by its type; usage on each, and no farewell."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = await generate(proxy, stream=True, n=2, response_format="b64_json")
    events = events_in(answer.text)

    assert [name for name, _ in events] == ["image_generation.completed"] * 2
    assert all(data["type"] == name and data["usage"]["total_tokens"] for name, data in events)
    assert picture(events[0][1]["b64_json"]).size == (1024, 1024)


async def test_streamed_imagen_tells_the_cost_once(start) -> None:
    """It is that of the call, which made both images; addresses work in a stream too."""
    _, proxy = await start(lambda google: [vertex(google)])
    answer = await generate(proxy, model=IMAGEN, stream=True, n=2, response_format="url")
    first, second = [data for _, data in events_in(answer.text)]

    assert "usage" not in first
    assert second["usage"] == {"cost": 0.08}
    assert (await proxy.client.get(second["url"])).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
async def test_a_chat_completion_tells_the_cost_too(start, stream) -> None:
    """In `usage`, beside the tokens."""
    _, proxy = await start(lambda google: [google_key(google)])
    body = {"model": BANANA, "messages": [{"role": "user", "content": "a lighthouse"}]}
    if stream:
        usage = next(each["usage"] for each in await proxy.chunks(body) if isinstance(each, dict) and "usage" in each)
    else:
        usage = (await proxy.ask(body)).json()["usage"]

    assert usage["prompt_tokens"]
    assert usage["cost"] == pytest.approx(0.0336, abs=0.001)
