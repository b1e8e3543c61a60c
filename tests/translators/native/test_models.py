"""The catalogue as Google lists it."""

import pytest

from tests.video_requests import shipped_catalog
from translators.catalog import Family
from translators.errors import BadRequest
from translators.native.models import LARGEST_PAGE, METHODS, gemini_model, page_of, publisher_model

ENTRIES = [{"name": str(number)} for number in range(120)]


def test_one_model() -> None:
    """Its name in both protocols, and what can be called of it."""
    model = shipped_catalog().find("veo-3.1-generate-001")
    assert model is not None
    assert gemini_model("veo", model) == {
        "name": "models/veo",
        "displayName": "veo",
        "supportedGenerationMethods": ["predictLongRunning"],
    }
    assert gemini_model("veo", model, "Veo 3.1")["displayName"] == "Veo 3.1"
    assert publisher_model("veo") == {"name": "publishers/google/models/veo"}


def test_every_family_has_methods() -> None:
    """No model is listed without a way to call it."""
    assert set(METHODS) == set(Family)


def test_pages() -> None:
    """Fifty at a time, or as asked; the token of a page is where the next begins."""
    first = page_of(ENTRIES, "models", size=None, token=None)
    last = page_of(ENTRIES, "models", size="100", token=first["nextPageToken"])
    assert first == {"models": ENTRIES[:50], "nextPageToken": "50"}
    assert last == {"models": ENTRIES[50:]}
    assert page_of(ENTRIES, "models", size="0", token="") == first
    assert len(page_of(ENTRIES * 10, "models", size="5000", token=None)["models"]) == LARGEST_PAGE


@pytest.mark.parametrize(("size", "token"), [("x", None), (None, "x"), ("-1", None), (None, "9" * 7)])
def test_no_page(size: str | None, token: str | None) -> None:
    """A size or a token that is no number is a 400."""
    with pytest.raises(BadRequest):
        page_of(ENTRIES, "models", size=size, token=token)
