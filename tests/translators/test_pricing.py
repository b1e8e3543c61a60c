"""What a job costs, as far as the catalogue knows; where it does not, there is no figure."""

from dataclasses import replace
from typing import Any

import pytest

from tests.video_requests import shipped_catalog, target_of
from translators.pricing import image_price, price_per_second, token_price, video_price
from translators.video.spec import VideoSpec
from translators.wire.call import Surface

VEO = target_of("veo-3.1-generate-001", Surface.VERTEX).video
OMNI = target_of("gemini-omni-1.2-flash", Surface.GEMINI).video
UNKNOWN = target_of("veo-9", Surface.VERTEX).video


@pytest.mark.parametrize(
    ("members", "dollars"),
    [
        ({}, 3.2),
        ({"duration": 4}, 1.6),
        ({"duration": 4, "generate_audio": True}, 1.6),
        ({"duration": 4, "generate_audio": False}, 0.8),
        ({"duration": 8, "resolution": "4k"}, 4.8),
        ({"duration": 8, "resolution": "4k", "generate_audio": False, "samples": 4}, 12.8),
        ({"resolution": "360p"}, None),
    ],
)
def test_veo_is_billed_by_the_second(members: dict[str, Any], dollars: float | None) -> None:
    """Seconds, resolution, sound and the number of videos make the price (Vertex AI pricing, 2026-11)."""
    assert video_price(VideoSpec(prompt="p", **members), VEO) == dollars


def test_what_is_not_known_beforehand_has_no_price() -> None:
    """A duration that Google chooses, or a model without a price, makes no figure."""
    assert video_price(VideoSpec(prompt="p"), OMNI) is None
    assert video_price(VideoSpec(prompt="p", duration=10), OMNI) == 0.7
    assert video_price(VideoSpec(prompt="p"), UNKNOWN) is None
    assert price_per_second(UNKNOWN, None, audio=True) is None


def test_price_per_second() -> None:
    """Without a resolution the model's own default counts."""
    assert price_per_second(VEO, None, audio=False) == 0.2
    assert price_per_second(replace(VEO, default_resolution="4k"), None, audio=True) == 0.6


def test_tokens() -> None:
    """Google's own count, where the catalogue has a price per million."""
    models = shipped_catalog().models
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 2_000_000}

    assert token_price(models["gemini-omni-1.1-flash"], usage) == 36.5
    assert token_price(models["gemini-omni-1.1-flash"], {}) == 0
    assert token_price(models["gemini-2.5-pro"], usage) is None
    words = {**usage, "reasoning_tokens": 500_000, "text_tokens": 500_000}
    assert token_price(models["gemini-omni-1.1-flash"], words) == 1.5 + 17.5 + 9
    assert token_price(replace(models["gemini-omni-1.1-flash"], text_tokens=None), words) == 36.5


@pytest.mark.parametrize(
    ("model", "size", "images", "dollars"),
    [
        ("gemini-3-pro-image", "4K", 1, 0.24),
        ("gemini-3-pro-image", None, 2, 0.268),
        ("imagen-4.0-fast-generate-001", "1K", 3, 0.06),
        ("gemini-nano-banana-2.1", "4K", 1, None),
        ("gemini-2.5-flash", None, 1, None),
    ],
)
def test_an_image_has_a_price_by_its_size(model: str, size: str | None, images: int, dollars: float | None) -> None:
    """Of 1K where nothing is said (Gemini API pricing, 2026-11)."""
    found = shipped_catalog().find(model)
    assert found is not None
    assert image_price(found, size=size, images=images, usage=None) == dollars


def test_the_words_around_an_image_have_their_own_price() -> None:
    """Prompt, words and thinking by the token; the image's tokens are in its price."""
    found = shipped_catalog().find("gemini-3-pro-image")
    assert found is not None
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 1220,
        "completion_tokens_details": {"image_tokens": 1120, "reasoning_tokens": 900},
    }
    assert image_price(found, size="1K", images=1, usage=usage) == round(0.134 + 0.002 + 0.012, 6)
