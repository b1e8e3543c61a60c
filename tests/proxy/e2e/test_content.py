"""Text and images by the same route."""

import base64
import io
import json

import pytest
from aiohttp import web
from PIL import Image

from proxy.simulator import Fault, Status
from tests.proxy.e2e.serving import stable
from tests.proxy.jobs.bench import google_key, vertex

BANANA = "gemini-nano-banana-2.1"
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def an_image(model: str = BANANA, prompt: object = "a lighthouse", **config: object) -> dict:
    body = {"model": model, "messages": [{"role": "user", "content": prompt}], "modalities": ["image", "text"]}
    return {**body, "image_config": config} if config else body


def picture(url: str) -> Image.Image:
    head, _, text = url.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


@pytest.mark.parametrize(
    ("ratio", "size", "expected"), [("16:9", "1K", 16 / 9), ("1:1", "2K", 1.0), ("9:16", "1K", 9 / 16)]
)
async def test_an_image_as_asked(start, ratio, size, expected) -> None:
    """Ratio and size; the same shape whole and streamed."""
    _, proxy = await start(lambda google: [google_key(google)])
    body = an_image(aspect_ratio=ratio, image_size=size)
    whole = (await proxy.ask(body)).json()
    events = await proxy.chunks(body)

    [image] = whole["choices"][0]["message"]["images"]
    assert (image["type"], image["index"]) == ("image_url", 0)
    made = picture(image["image_url"]["url"])
    assert made.width / made.height == pytest.approx(expected, rel=0.05)
    assert max(made.size) >= (1500 if size == "2K" else 1000)
    chunks = [event for event in events if isinstance(event, dict)]
    images = [one for chunk in chunks for one in chunk["choices"][0]["delta"].get("images", [])]
    assert stable(images) == stable([image])
    assert events[-1] == "[DONE]"


async def test_a_picture_by_data_uri(start) -> None:
    """It reaches Google as it is."""
    google, proxy = await start(lambda google: [google_key(google)])
    url = (await proxy.ask(an_image())).json()["choices"][0]["message"]["images"][0]["image_url"]["url"]
    parts = [{"type": "text", "text": "at night"}, {"type": "image_url", "image_url": {"url": url}}]
    answer = await proxy.ask(an_image(prompt=parts))

    assert answer.status_code == 200, answer.text
    sent = google.requests_for("generateContent")[-1].body["contents"][0]["parts"]
    assert [part["inlineData"]["data"] for part in sent if "inlineData" in part] == [url.partition(",")[2]]


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_picture_by_address(start, serve, allowed) -> None:
    """Fetched by the proxy, unless it lies on a private address that nobody allowed."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=buffer.getvalue(), content_type="image/png")

    url = f"{await serve(handle)}/red.png"
    config = {"fetch": {"allow-hosts": ["127.0.0.1"]}} if allowed else {}
    google, proxy = await start(lambda google: [google_key(google)], config=config)
    parts = [{"type": "text", "text": "at night"}, {"type": "image_url", "image_url": {"url": url}}]
    answer = await proxy.ask(an_image(prompt=parts))

    if not allowed:
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "messages[0].content[1].image_url")
        assert not google.requests
        return
    assert answer.status_code == 200, answer.text
    [sent] = [part for part in google.requests[-1].body["contents"][0]["parts"] if "inlineData" in part]
    assert base64.b64decode(sent["inlineData"]["data"]) == buffer.getvalue()


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/x.png", "http://[::1]/x"]
)
async def test_a_private_address_is_refused(start, address) -> None:
    """Also for a video's first frame: no job is made and nothing is paid."""
    google, proxy = await start(lambda google: [vertex(google)])
    parts = [{"type": "text", "text": "fly"}, {"type": "image_url", "image_url": {"url": address}}]
    body = {"model": "veo-3.1-generate-001", "messages": [{"role": "user", "content": parts}], "modalities": ["video"]}
    answer = await proxy.ask(body)

    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert error["param"] == "messages[0].content[1].image_url"
    assert not google.requests


@pytest.mark.parametrize("stream", [True, False])
async def test_imagen_on_vertex(start, stream) -> None:
    """By `:predict`; two pictures are two images."""
    google, proxy = await start(lambda google: [vertex(google)])
    body = {**an_image("imagen-4.0-generate-001", aspect_ratio="16:9"), "n": 2}
    if stream:
        events = await proxy.chunks(body)
        deltas = [event["choices"][0]["delta"] for event in events if isinstance(event, dict)]
        images = [image for delta in deltas for image in delta.get("images", [])]
        assert events[-1] == "[DONE]"
    else:
        answer = (await proxy.ask(body)).json()
        images = [image for choice in answer["choices"] for image in choice["message"]["images"]]

    assert len(images) == 2
    assert len(google.requests_for("predict")) == 1


@pytest.mark.parametrize("stream", [True, False])
async def test_text_with_a_tool(start, stream) -> None:
    """A call of the function comes back with its name and arguments, and ends the turn."""
    _google, proxy = await start(lambda google: [google_key(google)])
    body = {
        "model": "gemini-2.5-flash",
        "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
        "tools": [WEATHER],
        "tool_choice": "required",
    }
    if stream:
        chunks = [event for event in await proxy.chunks(body) if isinstance(event, dict)]
        calls = [c for chunk in chunks for c in chunk["choices"][0]["delta"]["tool_calls"] or ()]
        finish = chunks[-1]["choices"][0]["finish_reason"]
    else:
        choice = (await proxy.ask(body)).json()["choices"][0]
        calls, finish = choice["message"]["tool_calls"], choice["finish_reason"]

    assert [call["function"]["name"] for call in calls] == ["weather"]
    assert isinstance(json.loads(calls[0]["function"]["arguments"]), dict)
    assert finish == "tool_calls"


@pytest.mark.parametrize("stream", [True, False])
async def test_an_error_before_the_first_byte_keeps_its_status(start, stream) -> None:
    """A stream that fails at once is no 200."""
    google, proxy = await start(lambda google: [google_key(google)])
    google.faults.add(Fault(action=Status(status=403)))
    answer = await proxy.ask(
        {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hello"}], "stream": stream}
    )

    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "permission_error")
