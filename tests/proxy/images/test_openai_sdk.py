"""openai-python's `client.images` against the Images API."""

import base64
import io

import openai
import pytest
from PIL import Image

from proxy.simulator import Fault, Status
from tests.proxy.e2e.serving import RunningProxy
from tests.proxy.jobs.bench import google_key, vertex

BANANA = "gemini-nano-banana-2.1"


EDITOR = "imagen-3.0-capability-001"


def client_of(proxy: RunningProxy) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{proxy.base_url}/v1", api_key="unused", max_retries=0)


def file(colour: str = "teal") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(content, "PNG")
    return content.getvalue()


async def test_generate(start) -> None:
    """Images and usage, as its types have them."""
    _, proxy = await start(lambda google: [google_key(google)])
    async with client_of(proxy) as client:
        answer = await client.images.generate(model=BANANA, prompt="a lighthouse", n=2, size="1024x1024")

    assert answer.data is not None
    assert [Image.open(io.BytesIO(base64.b64decode(each.b64_json or ""))).size for each in answer.data] == [
        (1024, 1024),
        (1024, 1024),
    ]
    assert answer.usage is not None
    assert answer.usage.input_tokens_details.image_tokens == 0
    assert answer.usage.output_tokens_details is not None
    assert answer.usage.output_tokens_details.image_tokens == 2240


async def test_generate_streamed(start) -> None:
    """A `completed` event, of its own class."""
    _, proxy = await start(lambda google: [google_key(google)])
    async with client_of(proxy) as client:
        stream = await client.images.generate(model=BANANA, prompt="a lighthouse", stream=True, partial_images=2)
        events = [event async for event in stream]

    [event] = events
    assert event.type == "image_generation.completed"
    assert event.usage.total_tokens > 0
    assert Image.open(io.BytesIO(base64.b64decode(event.b64_json))).size == (1024, 1024)


@pytest.mark.parametrize("count", [1, 2])
async def test_edit(start, count) -> None:
    """One file, or a list of them, which goes out as `image[]`."""
    google, proxy = await start(lambda google: [google_key(google)])
    files = [("a.png", file()), ("b.png", file("red"))]
    async with client_of(proxy) as client:
        answer = await client.images.edit(
            model=BANANA, prompt="at night", image=files if count == 2 else files[0], size="1024x1536"
        )

    assert answer.data is not None
    assert answer.size == "832x1248"
    parts = google.requests_for("generateContent")[-1].body["contents"][0]["parts"]
    sent = [base64.b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part]
    assert sent == [content for _, content in files[:count]]


async def test_edit_streamed(start) -> None:
    """The edit's own event; extra fields of a form nest."""
    _, proxy = await start(lambda google: [google_key(google)])
    async with client_of(proxy) as client:
        stream = await client.images.edit(
            model=BANANA,
            prompt="at night",
            image=("a.png", file()),
            stream=True,
            extra_body={"image_config": {"aspect_ratio": "21:9"}},
        )
        events = [event async for event in stream]

    assert [(event.type, event.size) for event in events] == [("image_edit.completed", "1536x672")]


async def test_a_failure_keeps_its_class(start) -> None:
    """Also where a stream was asked for."""
    google, proxy = await start(lambda google: [google_key(google)])
    google.faults.add(Fault(action=Status(status=403)))
    async with client_of(proxy) as client:
        with pytest.raises(openai.PermissionDeniedError):
            await client.images.generate(model=BANANA, prompt="a lighthouse", stream=True)


async def test_a_mask_is_refused(start) -> None:
    """With the way out."""
    _, proxy = await start(lambda google: [google_key(google)])
    async with client_of(proxy) as client:
        with pytest.raises(openai.BadRequestError, match="say in the prompt what shall change"):
            await client.images.edit(model=BANANA, prompt="at night", image=("a.png", file()), mask=("m.png", file()))


def painted(
    mode: str = "RGB", size: tuple[int, int] = (96, 64), hole: tuple[int, int, int, int] | None = None
) -> bytes:
    """A PNG; `hole` is where it is fully transparent."""
    content = io.BytesIO()
    picture = Image.new(mode, size, "teal")
    if hole is not None:
        picture.paste((0, 0, 0, 0), hole)
    picture.save(content, "PNG")
    return content.getvalue()


async def test_an_edit_by_a_mask(start) -> None:
    """Google gets the image as it was, and white where the mask was transparent; the answer is of the image's size."""
    google, proxy = await start(lambda google: [google_key(google), vertex(google)])
    mask = painted("RGBA", hole=(10, 20, 30, 50))
    async with client_of(proxy) as client:
        answer = await client.images.edit(
            model=EDITOR, prompt="a boat", image=("a.png", painted()), mask=("m.png", mask), n=2
        )

    assert answer.data is not None
    sizes = [Image.open(io.BytesIO(base64.b64decode(each.b64_json or ""))).size for each in answer.data]
    assert sizes == [(96, 64)] * 2
    assert answer.usage is None
    [sent] = google.requests_for("predict")
    [instance] = sent.body["instances"]
    raw, masked = (
        base64.b64decode(each["referenceImage"]["bytesBase64Encoded"]) for each in instance["referenceImages"]
    )
    assert raw == painted()
    white = Image.new("L", (96, 64), 0)
    white.paste(255, (10, 20, 30, 50))
    assert Image.open(io.BytesIO(masked)).mode == "L"
    assert Image.open(io.BytesIO(masked)).tobytes() == white.tobytes()
    assert sent.body["parameters"]["editMode"] == "EDIT_MODE_INPAINT_INSERTION"


async def test_an_edit_by_words_alone(start) -> None:
    """The same model without a mask."""
    google, proxy = await start(lambda google: [vertex(google)])
    async with client_of(proxy) as client:
        await client.images.edit(model=EDITOR, prompt="at night", image=("a.png", painted()))

    [sent] = google.requests_for("predict")
    assert [each["referenceType"] for each in sent.body["instances"][0]["referenceImages"]] == ["REFERENCE_TYPE_RAW"]
    assert sent.body["parameters"]["editMode"] == "EDIT_MODE_DEFAULT"


@pytest.mark.parametrize(
    ("mask", "why"),
    [
        (painted("RGBA", (64, 64), (0, 0, 9, 9)), "64x64 and the image 96x64"),
        (painted("RGBA"), "fully transparent nowhere"),
        (painted("RGB"), "fully transparent nowhere"),
        (b"\xff\xd8\xff\xe0 a JPEG", "no PNG"),
        (b"something else", "no PNG"),
        (painted("RGBA", hole=(0, 0, 9, 9))[:90], "damaged"),
    ],
)
async def test_a_mask_that_cannot_be_used(start, mask, why) -> None:
    """400 before anything is paid, with the field and the way out."""
    google, proxy = await start(lambda google: [vertex(google)])
    async with client_of(proxy) as client:
        with pytest.raises(openai.BadRequestError, match=why) as caught:
            await client.images.edit(model=EDITOR, prompt="a boat", image=("a.png", painted()), mask=("m.png", mask))

    assert caught.value.param == "mask"
    assert "Send a PNG" in caught.value.message
    assert not google.requests_for("predict")


async def test_another_model_names_the_one_with_masks(start) -> None:
    """Where a credential here serves it."""
    google, proxy = await start(lambda google: [google_key(google), vertex(google)])
    async with client_of(proxy) as client:
        with pytest.raises(openai.BadRequestError, match=f"send `model` with one that takes masks: {EDITOR}"):
            await client.images.edit(
                model=BANANA, prompt="a boat", image=("a.png", painted()), mask=("m.png", painted("RGBA"))
            )
    assert not google.requests_for("generateContent")
