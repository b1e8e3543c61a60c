"""The catalogue as OpenRouter lists video models."""

from pathlib import Path

import pytest
import yaml

import translators
from translators.catalog import Catalog
from translators.video.openrouter_models import openrouter_model


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The one that ships."""
    return Catalog.of(yaml.safe_load(Path(translators.__file__).with_name("catalog.yaml").read_text()))


def test_a_veo_model(catalog: Catalog) -> None:
    """What its living surface allows."""
    entry = openrouter_model("my-veo", catalog.models["veo-3.1-generate-001"], created=5)
    assert entry is not None
    assert (entry["id"], entry["canonical_slug"], entry["created"]) == ("my-veo", "veo-3.1-generate-001", 5)
    assert entry["supported_durations"] == [4, 6, 8]
    assert entry["supported_sizes"] == [
        "1280x720", "720x1280", "1920x1080", "1080x1920", "3840x2160", "2160x3840"
    ]  # fmt: skip
    assert entry["supported_frame_images"] == ["first_frame", "last_frame"]
    assert (entry["generate_audio"], entry["seed"]) == (True, True)
    assert entry["pricing_skus"]["per_second_720p"] == "0.4"
    assert entry["pricing_skus"]["per_second_720p_without_audio"] == "0.2"
    assert "negative_prompt" in entry["allowed_passthrough_parameters"]


def test_what_makes_no_videos_is_left_out(catalog: Catalog) -> None:
    """An image model."""
    assert openrouter_model("banana", catalog.models["gemini-3-pro-image"], created=5) is None


def test_what_google_has_retired_everywhere(catalog: Catalog) -> None:
    """A relay may still serve it."""
    entry = openrouter_model("old", catalog.models["veo-3.0-generate-001"], created=5)
    assert entry is not None
    assert entry["supported_frame_images"] == ["first_frame"]
