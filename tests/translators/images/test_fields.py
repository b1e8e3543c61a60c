"""Every field of an Images API request has exactly one fate, and a front-end's defaults ask for nothing."""

import pytest
from openai.types import image_edit_params, image_generate_params

from translators.errors import BadRequest
from translators.images.fields import FATES, NOTHING_ASKED, review
from translators.wire.images import ImageRequest


def request_of(**members: object) -> ImageRequest:
    return ImageRequest.model_validate({"model": "m", "prompt": "a fox", **members})


def test_every_field_has_exactly_one_fate() -> None:
    """Each is in one of the four tables, and the tables have no other."""
    tables = (FATES.mapped, FATES.ignored, FATES.warned, FATES.rejected)
    listed = [name for table in tables for name in table]
    assert sorted(listed) == sorted(ImageRequest.model_fields)


@pytest.mark.parametrize(
    "params", [image_generate_params.ImageGenerateParamsBase, image_edit_params.ImageEditParamsBase]
)
def test_openais_fields_are_known(params: type) -> None:
    """All that openai-python can send."""
    assert set(params.__annotations__) <= set(ImageRequest.model_fields)


def test_defaults_of_front_ends_ask_for_nothing() -> None:
    """They are sent with every request, and no warning is due."""
    for name, values in NOTHING_ASKED.items():
        for value in values:
            assert review(request_of(**{name: value})) == []


@pytest.mark.parametrize("name", FATES.warned)
def test_what_has_no_effect_is_told(name: str) -> None:
    """By name, with what to do instead."""
    assert review(request_of(**{name: "high"})) == [f"{name} had no effect: {FATES.warned[name]}."]


@pytest.mark.parametrize("name", FATES.rejected)
def test_what_cannot_be_is_refused(name: str) -> None:
    """With the way out."""
    with pytest.raises(BadRequest, match=f"{name} cannot be used here: ") as caught:
        review(request_of(**{name: "transparent"}))
    assert (caught.value.param, caught.value.code) == (name, "unsupported_parameter")


@pytest.mark.parametrize("form", ["gif", "svg"])
def test_forms_that_google_does_not_make(form: str) -> None:
    """The message says what can be asked for."""
    with pytest.raises(BadRequest, match="png, jpeg or webp") as caught:
        review(request_of(output_format=form))
    assert caught.value.param == "output_format"


def test_what_nobody_knows_is_told() -> None:
    """At the top level and in an image's object; a part's usual members need no word."""
    images = [{"type": "image_url", "image_url": "data:,", "weight": 1}, "data:,"]

    assert review(request_of(qualty="high", image=images)) == [
        "qualty is not known here and had no effect. Did you mean quality?",
        "image[0].weight had no effect: Gemini has nothing like it.",
    ]
