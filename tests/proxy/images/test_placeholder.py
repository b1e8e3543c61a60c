"""`image_config.fallback: placeholder`: a labelled picture where Google made none, and never without saying so."""

import base64
import io
import sys
from typing import Any

import pytest
from PIL import Image

from proxy.media.placeholder import placeholder
from proxy.simulator import Fault, Status
from tests.proxy.jobs.bench import google_key

BANANA = "gemini-nano-banana-2.1"


def a_chat(prompt: str = "a lighthouse", **config: Any) -> dict[str, Any]:
    image_config = {"fallback": "placeholder", **config}
    return {"model": BANANA, "messages": [{"role": "user", "content": prompt}], "image_config": image_config}


def picture(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2], validate=True)))


@pytest.mark.parametrize(("ratio", "shape"), [(None, 1.0), ("16:9", 16 / 9), ("1:8", 1 / 8)])
async def test_a_picture_of_the_asked_ratio(ratio: str | None, shape: float) -> None:
    """Equal words make equal pictures; the prompt is to be read on it."""
    made = Image.open(io.BytesIO(await placeholder(ratio, "a lighthouse")))

    assert made.format == "PNG"
    assert made.width / made.height == pytest.approx(shape, rel=0.02)
    assert await placeholder(ratio, "a lighthouse") != await placeholder(ratio, "a fox")


async def test_a_withheld_image(start) -> None:
    """Said in words, in a warning and in a member; Google's reason is in it."""
    _, proxy = await start(lambda google: [google_key(google)])
    answer = (await proxy.ask(a_chat("an unsafe prompt", aspect_ratio="16:9"))).json()

    [choice] = answer["choices"]
    made = picture(choice["message"]["images"][0]["image_url"]["url"])
    assert made.width / made.height == pytest.approx(16 / 9, rel=0.02)
    assert answer["placeholder"] is True
    assert answer["warnings"] == [choice["message"]["content"]]
    assert answer["warnings"][0].startswith("No image was made; this is a placeholder. ")
    assert "error" not in choice
    assert "cost" not in answer.get("usage", {})


async def test_a_failure_streamed(start) -> None:
    """Google's error becomes a whole stream."""
    google, proxy = await start(lambda google: [google_key(google)])
    google.faults.add(Fault(action=Status(status=400)))
    chunks = await proxy.chunks(a_chat())

    assert chunks[-1] == "[DONE]"
    assert chunks[-2]["placeholder"] is True
    assert any(chunk["choices"][0]["delta"].get("images") for chunk in chunks[:-1])


async def test_an_image_that_is_made_is_the_answer(start) -> None:
    """Then nothing is said."""
    google, proxy = await start(lambda google: [google_key(google)])
    answer = (await proxy.ask(a_chat())).json()

    assert "placeholder" not in answer
    assert "warnings" not in answer
    assert "fallback" not in str(google.requests[-1].body)


async def test_a_placeholder_is_not_kept(start) -> None:
    """The next time, the image may be made."""
    google, proxy = await start(lambda google: [google_key(google)])
    google.faults.add(Fault(action=Status(status=400), times=1))
    first = (await proxy.ask({**a_chat(), "seed": 7})).json()
    second = (await proxy.ask({**a_chat(), "seed": 7})).json()

    assert first["placeholder"] is True
    assert "placeholder" not in second
    assert "cached" not in second


async def test_the_images_api(start) -> None:
    """The same, told in `warnings`."""
    _, proxy = await start(lambda google: [google_key(google)])
    body = {"model": BANANA, "prompt": "an unsafe prompt", "image_config": {"fallback": "placeholder"}}
    answer = (await proxy.client.post("/v1/images/generations", json=body)).json()

    assert answer["size"] == "1024x1024"
    assert answer["warnings"][0].startswith("No image was made; this is a placeholder. ")


async def test_without_the_extra_it_is_refused(start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is paid, with the way out."""
    google, proxy = await start(lambda google: [google_key(google)])
    monkeypatch.setitem(sys.modules, "PIL.ImageDraw", None)
    answer = await proxy.ask(a_chat())

    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, "image_config.fallback", "media_extra_missing")
    assert "mediashim[media]" in error["message"]
    assert not google.requests
