"""Who cannot do something hears who can."""

from typing import Any

import pytest

from tests.video_requests import CATALOG_DATA, relay, shipped_catalog
from translators.catalog import Catalog, Mode
from translators.resolve import resolve
from translators.video.who_can import who_can
from translators.wire.call import Surface

OMNI = "gemini-omni-1.2-flash"


def told(mode: Mode, *able: str, catalog: Catalog | None = None) -> str:
    resolution = resolve(shipped_catalog(), OMNI, [relay(Surface.GEMINI), relay(Surface.VERTEX)])
    return who_can(mode, "video_config.mask", resolution, able, catalog or shipped_catalog())


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_has_its_words(mode: Mode) -> None:
    """The field, the model and its places, and the models to choose from."""
    sentence = told(mode, "one", "two")
    assert sentence.startswith(
        f"video_config.mask asks for {mode.value}. On the Gemini API or Vertex AI, {OMNI} cannot "
    )
    assert sentence.endswith("Send `model` with one that can: one, two.")


def test_a_credential_is_missing() -> None:
    """What would help is named with its place."""
    assert f"With a credential for it there would be {OMNI} on the Gemini API, {OMNI} on Vertex AI" in told(Mode.EDIT)


def test_google_has_none_any_more() -> None:
    """Masks went with Veo 2; a gateway may still have it."""
    assert "Google has none any more" in told(Mode.INSERT)
    assert "veo-2.0-generate-001 on Vertex AI (until 2026-06-30)" in told(Mode.INSERT)


def test_google_has_never_had_one() -> None:
    """A catalogue may hold less than ours."""
    models: dict[str, Any] = {OMNI: CATALOG_DATA["models"][OMNI]}
    assert told(Mode.INSERT, catalog=Catalog.of({"models": models})).endswith("Google has never offered one.")
