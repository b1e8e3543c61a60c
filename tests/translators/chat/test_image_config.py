"""image_config is judged before it is sent."""

from dataclasses import dataclass
from typing import Any

import pytest

from translators.chat.image_config import VERTEX_ONLY, gemini_image_config
from translators.errors import BadRequest
from translators.wire.call import Surface
from translators.wire.openai import ImageConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an imaginary model can make."""

    aspect_ratios: tuple[str, ...] = ("1:1", "16:9")
    sizes: tuple[str, ...] = ("1K", "2K")


def made(config: dict[str, Any] | None, surface: Surface = Surface.GEMINI, limits: Limits | None = None) -> Any:
    return gemini_image_config(
        None if config is None else ImageConfig.model_validate(config), limits=limits or Limits(), surface=surface
    )


@pytest.mark.parametrize(
    ("config", "google"),
    [
        (None, {}),
        ({}, {}),
        ({"aspect_ratio": "16:9", "image_size": "2k"}, {"aspectRatio": "16:9", "imageSize": "2K"}),
        ({"aspectRatio": "1:1", "imageSize": "1K"}, {"aspectRatio": "1:1", "imageSize": "1K"}),
        ({"aspect_ratio": None, "style": None}, {}),
    ],
)
def test_what_is_sent(config: dict[str, Any] | None, google: dict[str, Any]) -> None:
    """Both spellings of names, either case of sizes; null is nothing."""
    assert made(config) == (google, [])


def test_unknown_limits_judge_nothing() -> None:
    """Of a model that nobody knows, Google is the judge."""
    config = ImageConfig.model_validate({"aspect_ratio": "9:1", "image_size": "8K"})

    assert gemini_image_config(config, limits=None, surface=Surface.GEMINI)[0] == {
        "aspectRatio": "9:1",
        "imageSize": "8K",
    }


@pytest.mark.parametrize(
    ("config", "param", "words"),
    [
        ({"aspect_ratio": "9:1"}, "image_config.aspect_ratio", "allowed are 1:1, 16:9"),
        ({"image_size": "8k"}, "image_config.image_size", "allowed are 1K, 2K"),
        ({"aspct_ratio": "1:1"}, "image_config.aspct_ratio", "did you mean aspect_ratio?"),
        ({"xyzzy": 1}, "image_config.xyzzy", "known are aspect_ratio"),
        ({"person_generation": "ALLOW_ALL"}, "image_config.person_generation", "Vertex AI only"),
    ],
)
def test_what_is_refused(config: dict[str, Any], param: str, words: str) -> None:
    """A 400 names the field and the way out."""
    with pytest.raises(BadRequest) as error:
        made(config)

    assert error.value.param == param
    assert words in error.value.message


def test_a_model_without_sizes_says_so() -> None:
    """Where there is nothing to choose, the way out is to leave the field out."""
    with pytest.raises(BadRequest, match="nothing to choose"):
        made({"image_size": "1K"}, limits=Limits(sizes=()))


def test_vertex_takes_more() -> None:
    """Members that only Vertex AI knows go there as they are."""
    config = dict.fromkeys(VERTEX_ONLY, "x")

    assert made(config, surface=Surface.VERTEX) == (dict.fromkeys(VERTEX_ONLY.values(), "x"), [])


@pytest.mark.parametrize("surface", [Surface.GEMINI, Surface.CODE_ASSIST])
@pytest.mark.parametrize("name", VERTEX_ONLY)
def test_the_others_do_not(name: str, surface: Surface) -> None:
    """Told, with the way out."""
    with pytest.raises(BadRequest, match="works on Vertex AI only") as caught:
        made({name: "x"}, surface=surface)
    assert caught.value.param == f"image_config.{name}"


def test_known_members_without_effect_are_told() -> None:
    """The caller learns of each, with the way out."""
    assert made({"negative_prompt": "dogs"}) == (
        {},
        ["image_config.negative_prompt had no effect on this model: say in the prompt what should not be seen."],
    )
