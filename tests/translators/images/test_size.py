"""OpenAI's sizes and any other become the nearest shape a model has, and the difference is told."""

from dataclasses import dataclass

import pytest

from translators.errors import BadRequest
from translators.images.size import OPENAI_SIZES, RATIOS, Shape, read_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an imaginary model can make."""

    aspect_ratios: tuple[str, ...] = RATIOS
    sizes: tuple[str, ...] = ("512", "1K", "2K", "4K")


@pytest.mark.parametrize("size", OPENAI_SIZES)
def test_the_sizes_of_openais_clients_need_no_word(size: str) -> None:
    """Where the model has the shape that the table names, there is nothing to tell."""
    shape = read_size(size, Limits())
    width, height = map(int, size.split("x"))

    assert (shape.aspect_ratio, shape.image_size) == OPENAI_SIZES[size]
    assert shape.pixels == (width, height)
    assert shape.warnings == ()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("1920x1080", ("16:9", "1K")),
        ("3840x2160", ("16:9", "2K")),
        ("7680x4320", ("16:9", "4K")),
        ("800X1000", ("4:5", "1K")),
        ("2100*900", ("21:9", "1K")),
    ],
)
def test_any_other_size_is_the_nearest(size: str, expected: tuple[str, str]) -> None:
    """By the quotient and by the area; and it is told."""
    shape = read_size(size, None)

    assert (shape.aspect_ratio, shape.image_size) == expected
    choice = f"aspect ratio {expected[0]} size {expected[1]}"
    assert shape.warnings == (f"size: {size} was asked of the model as {choice}, the nearest that it has.",)


def test_a_model_without_the_shape_gets_its_nearest() -> None:
    """Imagen has no 3:2."""
    shape = read_size("1536x1024", Limits(aspect_ratios=("1:1", "4:3", "16:9"), sizes=("1K", "2K")))

    assert (shape.aspect_ratio, shape.image_size) == ("4:3", "1K")
    assert shape.warnings


def test_a_model_of_one_size_is_asked_for_a_ratio_only() -> None:
    """Where there is no size to choose, none is sent."""
    shape = read_size("1024x1024", Limits(sizes=()))

    assert shape == Shape(aspect_ratio="1:1", pixels=(1024, 1024))


def test_a_model_with_nothing_to_choose() -> None:
    """Its own size is what it makes."""
    shape = read_size("640x480", Limits(aspect_ratios=(), sizes=()))

    assert (shape.aspect_ratio, shape.image_size) == (None, None)
    assert "its own size" in shape.warnings[0]


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        (None, Shape()),
        ("auto", Shape()),
        ("16:9", Shape(aspect_ratio="16:9")),
        ("2k", Shape(image_size="2K")),
    ],
)
def test_words_for_sizes(size: str | None, shape: Shape) -> None:
    """`auto` leaves it to the model; Google's own words are taken as they are."""
    assert read_size(size, Limits()) == shape


@pytest.mark.parametrize("size", ["large", "0x100", "1024", "1024x", "100000x1"])
def test_what_is_no_size(size: str) -> None:
    """The message shows what is."""
    with pytest.raises(BadRequest, match="1024x1024") as caught:
        read_size(size, Limits())
    assert caught.value.param == "size"
