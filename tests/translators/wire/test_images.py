"""The Images API's request in the spellings of its clients."""

import pytest

from translators.wire.images import ImageReference, ImageRequest


@pytest.mark.parametrize("name", ["image", "images", "input_references"])
def test_three_names_for_the_inputs(name: str) -> None:
    """OpenAI's two, and OpenRouter's."""
    request = ImageRequest.model_validate(
        {"model": "m", "prompt": "p", name: ["data:,", {"image_url": {"url": "data:,"}}]}
    )
    assert isinstance(request.image, list)
    assert request.image[0] == "data:,"
    assert isinstance(request.image[1], ImageReference)


def test_a_forms_values_are_text() -> None:
    """Numbers and truth values are read out of it."""
    request = ImageRequest.model_validate({"model": "m", "prompt": "p", "n": "2", "stream": "true", "seed": "7"})
    assert (request.n, request.stream, request.seed) == (2, True, 7)


@pytest.mark.parametrize("name", ["image_size", "imageSize", "resolution"])
def test_three_names_for_the_size(name: str) -> None:
    """Ours, Google's and OpenRouter's."""
    assert ImageRequest.model_validate({"model": "m", "prompt": "p", name: "2K"}).image_size == "2K"
