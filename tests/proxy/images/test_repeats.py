"""The same image request again: answered with the image made before, which it says, and only where that is wished."""

from typing import Any

import pytest

from tests.proxy.e2e.serving import RunningProxy
from tests.proxy.jobs.bench import google_key, vertex

BANANA = "gemini-nano-banana-2.1"


def a_chat(**members: Any) -> dict[str, Any]:
    return {"model": BANANA, "messages": [{"role": "user", "content": "a lighthouse"}], **members}


async def generate(proxy: RunningProxy, **members: Any) -> Any:
    body = {"model": BANANA, "prompt": "a lighthouse", **members}
    return await proxy.client.post("/v1/images/generations", json=body)


@pytest.mark.parametrize("wish", [{"seed": 7}, {"cache": True}, {"image_config": {"cache": True}}])
async def test_a_chat_completion_repeats(start, wish) -> None:
    """Google is asked once; the second answer says so, in its body and in a header, and costs nothing."""
    google, proxy = await start(lambda google: [google_key(google)])
    first = await proxy.ask(a_chat(**wish))
    second = await proxy.ask(a_chat(**wish))

    assert second.json()["choices"] == first.json()["choices"]
    assert second.json()["cached"] is True
    assert second.headers["x-mediashim-cache"] == "hit"
    assert second.json()["usage"]["cost"] == 0.0
    assert second.json()["id"] != first.json()["id"]
    assert "cached" not in first.json()
    assert "x-mediashim-cache" not in first.headers
    assert len(google.requests_for("generateContent")) == 1


@pytest.mark.parametrize("wish", [{}, {"seed": 7, "cache": False}])
async def test_without_the_wish_it_is_made_anew(start, wish) -> None:
    """A seed can be taken back."""
    google, proxy = await start(lambda google: [google_key(google)])
    for _ in range(2):
        assert "cached" not in (await proxy.ask(a_chat(**wish))).json()

    assert len(google.requests_for("generateContent")) == 2


async def test_any_difference_is_another_image(start) -> None:
    """Prompt, seed, shape; whether it is streamed is none."""
    google, proxy = await start(lambda google: [google_key(google)])
    await proxy.ask(a_chat(seed=7))
    await proxy.ask(a_chat(seed=8))
    await proxy.ask(a_chat(seed=7, image_config={"aspect_ratio": "16:9"}))
    chunks = await proxy.chunks(a_chat(seed=7))

    assert len(google.requests) == 3
    assert chunks[-2]["cached"] is True
    assert any(chunk["choices"][0]["delta"].get("images") for chunk in chunks[:-1])


async def test_another_caller_gets_an_image_of_its_own(start) -> None:
    """What one caller asked is nobody else's business."""
    keys = ["first-caller", "second-caller"]
    google, proxy = await start(lambda google: [google_key(google)], config={"api-keys": keys})
    for key in keys:
        await proxy.ask(a_chat(seed=7), authorization=f"Bearer {key}")

    assert len(google.requests_for("generateContent")) == 2


async def test_the_images_api_repeats(start) -> None:
    """Each of several images is its own, and all of them are found again."""
    google, proxy = await start(lambda google: [google_key(google)])
    first = await generate(proxy, n=2, cache=True)
    second = await generate(proxy, n=2, cache=True)
    third = await generate(proxy, n=3, cache=True)

    assert second.json()["data"] == first.json()["data"]
    assert (second.json()["cached"], second.headers["x-mediashim-cache"]) == (True, "hit")
    assert second.json()["usage"]["cost"] == 0.0
    assert "cached" not in third.json()
    assert len(google.requests_for("generateContent")) == 3


async def test_words_for_the_prompt_come_back(start) -> None:
    """Style and what not to show, by both routes, streamed or not."""
    google, proxy = await start(lambda google: [google_key(google)])
    revised = "a lighthouse\nStyle: ink.\nDo not show: ships."
    config = {"style": "ink", "negative_prompt": "ships"}
    image = (await generate(proxy, **config)).json()["data"][0]
    chat = (await proxy.ask(a_chat(image_config=config))).json()
    chunks = await proxy.chunks(a_chat(image_config=config))
    streamed = [each for chunk in chunks[:-1] for each in chunk["choices"][0]["delta"].get("images", ())]

    assert image["revised_prompt"] == revised
    assert chat["choices"][0]["message"]["images"][0]["revised_prompt"] == revised
    assert [each["revised_prompt"] for each in streamed] == [revised]
    assert "warnings" not in chat
    assert google.requests[-1].body["contents"][0]["parts"] == [{"text": revised}]


async def test_imagen_has_its_own_setting(start) -> None:
    """Only the style is written into the prompt."""
    google, proxy = await start(lambda google: [vertex(google)])
    answer = await generate(proxy, model="imagen-4.0-generate-001", style="ink", negative_prompt="ships")

    assert answer.status_code == 200, answer.text
    sent = google.requests_for("predict")[-1].body
    assert sent["instances"] == [{"prompt": "a lighthouse\nStyle: ink."}]
    assert sent["parameters"]["negativePrompt"] == "ships"


async def test_a_text_is_not_kept(start) -> None:
    """Who asks for it is told."""
    google, proxy = await start(lambda google: [google_key(google)])
    for _ in range(2):
        answer = (await proxy.ask(a_chat(model="gemini-2.5-flash", cache=True))).json()

    assert answer["warnings"] == ["cache had no effect: only images are kept."]
    assert len(google.requests_for("generateContent")) == 2
