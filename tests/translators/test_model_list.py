"""GET /v1/models says what a model can do, and leaves out what is not known."""

from dataclasses import replace

from tests.video_requests import CATALOG_DATA, shipped_catalog
from translators.catalog import Catalog, Lifecycle, Model
from translators.model_list import model_entry
from translators.wire.call import Surface

VEO, OMNI = "veo-3.1-generate-001", "gemini-omni-1.2-flash"


def model_of(name: str) -> Model:
    model = shipped_catalog().find(name)
    assert model is not None
    return model


def test_a_video_model() -> None:
    """The four fields that CLIProxyAPI's clients know, then what can be asked for, at what price, how long still."""
    entry = model_entry("film", model_of(VEO), created=7)

    assert list(entry)[:4] == ["id", "object", "created", "owned_by"]
    assert entry == {
        "id": "film",
        "object": "model",
        "created": 7,
        "owned_by": "google",
        "modalities": ["video", "text"],
        "durations": [4, 6, 8],
        "resolutions": ["720p", "1080p", "4k"],
        "aspect_ratios": ["16:9", "9:16"],
        "modes": ["extension", "first_last", "image", "reference_asset", "text"],
        "audio": "toggle",
        "max_videos": 4,
        "pricing": {
            "per_second": {
                "720p": {"with_audio": 0.4, "without_audio": 0.2},
                "1080p": {"with_audio": 0.4, "without_audio": 0.2},
                "4k": {"with_audio": 0.6, "without_audio": 0.4},
            }
        },
        "lifecycle": {
            "vertex": {"status": "deprecated", "date": "2026-11-17", "successor": OMNI},
            "gemini": {"status": "absent", "successor": OMNI},
        },
    }


def test_a_derived_price_says_so() -> None:
    """Where Google states no figure, ours is called an estimate."""
    entry = model_entry(OMNI, model_of(OMNI), created=7)

    assert entry["pricing"]["estimated"] is True
    assert entry["audio"] == "always"


def test_an_image_model() -> None:
    """Ratios, sizes, and both of its prices."""
    entry = model_entry("x", model_of("gemini-3-pro-image"), created=7)

    assert entry["modalities"] == ["text", "image"]
    assert entry["image_sizes"] == ["1K", "2K", "4K"]
    assert "16:9" in entry["aspect_ratios"]
    assert entry["pricing"] == {
        "per_image": {"1K": 0.134, "2K": 0.134, "4K": 0.24},
        "per_million_tokens": {"input": 2.0, "output": 12.0},
    }


def test_a_text_model_has_no_empty_members() -> None:
    """What is not known is left out, not null."""
    assert set(model_entry("x", model_of("gemini-2.5-pro"), created=7)) == {
        "id", "object", "created", "owned_by", "modalities", "lifecycle"
    }  # fmt: skip


def test_an_unlisted_model_promises_nothing() -> None:
    """Neither price nor lifecycle of an id that is known by its pattern only."""
    entry = model_entry("veo-9", model_of("veo-9"), created=7)

    assert entry["durations"] == [4, 6, 8]
    assert "pricing" not in entry
    assert "lifecycle" not in entry


def test_the_surfaces_are_put_together() -> None:
    """Where two surfaces allow different things, all of them are listed; a surface that is gone does not count."""
    data = {**CATALOG_DATA, "models": {**CATALOG_DATA["models"]}}
    data["models"]["short"] = {
        "kind": "video",
        "family": "veo",
        "served": {
            "vertex": {"status": "active", "video": {"durations": [4], "resolutions": ["720p"]}},
            "gemini": {"status": "active", "video": {"durations": [10], "resolutions": ["360p", "720p"]}},
        },
        "video": {"aspect_ratios": ["16:9"], "modes": ["text"]},
    }
    model = Catalog.of(data).models["short"]
    half = replace(
        model, served={**model.served, Surface.GEMINI: replace(model.served[Surface.GEMINI], status=Lifecycle.RETIRED)}
    )

    assert model_entry("x", model, created=7)["durations"] == [4, 10]
    assert model_entry("x", model, created=7)["resolutions"] == ["720p", "360p"]
    assert model_entry("x", half, created=7)["durations"] == [4]


def test_a_model_that_only_a_relay_still_serves() -> None:
    """Retired everywhere at Google, it still has its limits."""
    assert model_entry("x", model_of("veo-2.0-generate-001"), created=7)["durations"] == [5, 6, 7, 8]
