"""Chat completions become the Images API's answer; what was not made, or made otherwise, is told."""

import base64
import io
from typing import Any

import pytest
from openai.types import ImagesResponse
from PIL import Image

from translators.as_chat import AsChat, Trail
from translators.content import Media
from translators.errors import BadRequest, UpstreamFailed
from translators.images.answer import (
    Picture,
    differences,
    not_made,
    pictures_of,
    to_images_response,
    usage_of,
)
from translators.images.read import ImageOrder
from translators.images.size import Shape
from translators.wire.openai import ChatCompletionRequest


def encoded(kind: str = "PNG", size: tuple[int, int] = (64, 32)) -> str:
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return base64.b64encode(content.getvalue()).decode()


PNG = encoded()


def completion_of(*urls: str, usage: dict[str, Any] | None = None, **choice: Any) -> dict[str, Any]:
    """A whole chat completion with these images."""
    images = [{"type": "image_url", "image_url": {"url": url}, "index": index} for index, url in enumerate(urls)]
    message = {"role": "assistant", "content": choice.pop("content", None), **({"images": images} if images else {})}
    return {
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}],
        **({"usage": usage} if usage else {}),
    }


def order_of(**members: Any) -> ImageOrder:
    chat = ChatCompletionRequest.model_validate({"model": "m", "messages": [{"role": "user", "content": "a fox"}]})
    usual = {
        "asked": AsChat(chat=chat, trail=Trail()),
        "count": 1,
        "shape": Shape(),
        "output_format": None,
        "by_link": False,
        "stream": False,
        "has_inputs": False,
    }
    return ImageOrder(**{**usual, **members})


def picture_of(data: str = PNG, **members: Any) -> Picture:
    return Picture(media=Media(mime_type="image/png", data=data), pixels=(64, 32), **members)


def test_pictures_are_what_their_bytes_say() -> None:
    """The type Google names may be wrong; the pixels are read."""
    jpeg = encoded("JPEG", (48, 48))
    first, second = pictures_of(completion_of(f"data:image/png;base64,{PNG}", f"data:image/png;base64,{jpeg}"))

    assert (first.output_format, first.size) == ("png", "64x32")
    assert (second.output_format, second.size, second.media.mime_type) == ("jpeg", "48x48", "image/jpeg")


def test_a_picture_that_nobody_can_read_keeps_googles_word() -> None:
    """Its size is not known."""
    (picture,) = pictures_of(completion_of("data:image/tiff;base64,QUJDRA=="))
    assert (picture.output_format, picture.size) == ("tiff", None)


def test_a_withheld_image_is_the_callers_to_change() -> None:
    """A 400, and no SDK repeats it."""
    error = {"code": "image_filtered", "message": "Withheld."}
    with pytest.raises(BadRequest, match="Withheld") as caught:
        pictures_of(completion_of(finish_reason="content_filter", error=error))
    assert (caught.value.param, caught.value.code, caught.value.should_retry) == ("prompt", "image_filtered", False)


@pytest.mark.parametrize(
    ("completion", "message", "code"),
    [
        (completion_of(error={"code": "no_image", "message": "No image."}), "No image.", "no_image"),
        (completion_of(content="I cannot."), "I cannot.", "no_image"),
        (completion_of(), "The model answered without an image.", "no_image"),
        (completion_of("gs://bucket/a.png"), "The model answered without an image.", "no_image"),
    ],
)
def test_no_image_for_another_reason(completion: dict[str, Any], message: str, code: str) -> None:
    """Google's failure, with its words."""
    with pytest.raises(UpstreamFailed) as caught:
        pictures_of(completion)
    assert caught.value.message.endswith(message)
    assert caught.value.code == code


def test_differences_are_told_once() -> None:
    """In dimensions and in type."""
    order = order_of(shape=Shape(pixels=(1536, 1024)), output_format="webp")

    assert differences(order, [picture_of(), picture_of()]) == [
        "size: 1536x1024 was asked for, and 64x32 was made.",
        "output_format: webp was asked for, and png was made.",
    ]


@pytest.mark.parametrize(
    "order", [order_of(), order_of(shape=Shape(pixels=(64, 32)), output_format="png")], ids=["anything", "the same"]
)
def test_what_was_asked_for_needs_no_word(order: ImageOrder) -> None:
    """Nor what was left to the model."""
    assert differences(order, [picture_of()]) == []


def test_calls_that_made_nothing_are_told() -> None:
    """Each reason once."""
    failure = UpstreamFailed("Google failed.")

    assert not_made([], 3) == []
    assert not_made([failure, failure], 3) == ["n: 2 of 3 calls made no image. Google failed."]


USAGE = {
    "prompt_tokens": 10,
    "completion_tokens": 1125,
    "total_tokens": 1155,
    "completion_tokens_details": {"reasoning_tokens": 20, "image_tokens": 1120},
    "cost": 0.04,
}


def test_usage_of_all_calls() -> None:
    """Sums; thinking is output; an input of words alone has no image tokens."""
    completions = [completion_of(usage=USAGE), completion_of(usage=USAGE)]

    assert usage_of(completions, has_inputs=False) == {
        "input_tokens": 20,
        "output_tokens": 2290,
        "total_tokens": 2310,
        "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
        "output_tokens_details": {"text_tokens": 50, "image_tokens": 2240},
        "cost": 0.08,
    }
    assert "input_tokens_details" not in (usage_of(completions, has_inputs=True) or {})
    told = completion_of(usage={**USAGE, "prompt_tokens_details": {"image_tokens": 1}})
    assert (usage_of([told], has_inputs=True) or {})["input_tokens_details"]["image_tokens"] == 1
    assert "input_tokens_details" not in (usage_of([told, *completions], has_inputs=True) or {})


@pytest.mark.parametrize(
    ("completions", "usage"),
    [
        ([completion_of()], None),
        ([completion_of(usage={"cost": 0.04})], {"cost": 0.04}),
        ([completion_of(usage={"cost": 0.04}), completion_of()], None),
    ],
)
def test_usage_is_never_invented(completions: list[dict[str, Any]], usage: dict[str, Any] | None) -> None:
    """Imagen counts no tokens; a cost is told only where all of it is known."""
    assert usage_of(completions, has_inputs=False) == usage


def test_the_answer_is_openais() -> None:
    """openai-python reads it with nothing missing."""
    answer = to_images_response(
        [picture_of(revised_prompt="a red fox"), picture_of()],
        created=1_700_000_000,
        model="m",
        usage=usage_of([completion_of(usage=USAGE)], has_inputs=False),
        warnings=["told"],
    )
    read = ImagesResponse.model_validate(answer)

    assert read.data is not None
    assert [(each.b64_json, each.revised_prompt) for each in read.data] == [(PNG, "a red fox"), (PNG, None)]
    assert (read.size, read.output_format, read.background) == ("64x32", "png", "opaque")
    assert answer["warnings"] == ["told"]
    assert "cached" not in answer


def test_an_answer_by_address() -> None:
    """Links instead of base64, and nothing that is not known."""
    unknown = Picture(media=Media(mime_type="image/png", data=PNG), pixels=None)
    answer = to_images_response(
        [unknown], created=1, model="m", usage=None, warnings=[], links=["http://h/media/x.png"], cached=True
    )

    assert answer == {
        "created": 1,
        "model": "m",
        "data": [{"url": "http://h/media/x.png"}],
        "background": "opaque",
        "output_format": "png",
        "cached": True,
    }
