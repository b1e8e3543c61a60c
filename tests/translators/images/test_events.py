"""A streamed image is OpenAI's `completed` event, for a generation and for an edit."""

import pytest
from openai.types import ImageEditCompletedEvent, ImageGenCompletedEvent

from translators.content import Media
from translators.images.answer import Picture
from translators.images.events import completed_event

USAGE = {
    "input_tokens": 1,
    "output_tokens": 2,
    "total_tokens": 3,
    "input_tokens_details": {"text_tokens": 1, "image_tokens": 0},
}
PICTURE = Picture(media=Media(mime_type="image/png", data="AAAA"), pixels=(64, 32), revised_prompt="a red fox")


@pytest.mark.parametrize(("edit", "reader"), [(False, ImageGenCompletedEvent), (True, ImageEditCompletedEvent)])
def test_the_event_is_openais(edit: bool, reader: type) -> None:
    """openai-python reads it with nothing missing."""
    event = completed_event(PICTURE, edit=edit, created=1, usage=USAGE, warnings=["told"])
    read = reader.model_validate(event)

    assert (read.b64_json, read.created_at, read.size, read.output_format) == ("AAAA", 1, "64x32", "png")
    assert (event["warnings"], event["revised_prompt"]) == (["told"], "a red fox")


def test_nothing_is_claimed_that_is_not_known() -> None:
    """An address instead of base64; no usage, no size."""
    picture = Picture(media=PICTURE.media, pixels=None)

    assert completed_event(picture, edit=False, created=1, usage=None, link="http://h/x.png") == {
        "type": "image_generation.completed",
        "url": "http://h/x.png",
        "created_at": 1,
        "quality": "auto",
        "background": "opaque",
        "output_format": "png",
        "size": "auto",
    }
