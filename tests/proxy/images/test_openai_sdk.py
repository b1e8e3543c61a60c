"""openai-python's `client.images` against the Images API."""

import base64
import io

import openai
import pytest
from PIL import Image

from proxy.simulator import Fault, Status
from tests.proxy.e2e.serving import RunningProxy
from tests.proxy.jobs.bench import google_key

BANANA = "gemini-nano-banana-2.1"


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
