"""Which models take a mask, and what is said for the others."""

from collections.abc import Sequence

import pytest

from tests.video_requests import shipped_catalog
from translators.catalog import Model, Surface
from translators.errors import BadRequest
from translators.images.mask import MASKING, check_mask, edits_by_mask
from translators.wire.images import ImageRequest

REQUEST = ImageRequest(model="m", prompt="a boat", mask="data:image/png;base64,iVBORw0KGgo=")


def model_of(name: str) -> Model:
    model = shipped_catalog().find(name)
    assert model is not None
    return model


@pytest.mark.parametrize(
    ("name", "takes"),
    [(MASKING, True), ("imagen-3.0-capability-002", True), ("imagen-4.0-generate-001", False), ("veo-9", False)],
)
def test_who_takes_one(name: str, takes: bool) -> None:
    """Imagen's edit model, and what is named like it."""
    assert edits_by_mask(model_of(name)) is takes


def test_it_lives_on_vertex_ai_alone() -> None:
    """google-genai's `edit_image` has no API-key form; no price is known, so none is told."""
    model = model_of(MASKING)

    assert [surface for surface, service in model.served.items() if not service.gone] == [Surface.VERTEX]
    assert model.image is not None
    assert not model.image.price


@pytest.mark.parametrize(
    ("able", "way_out"),
    [([MASKING], f"send `model` with one that takes masks: {MASKING}"), ([], "with a credential for Vertex AI")],
)
def test_any_other_model_refuses_it(able: Sequence[str], way_out: str) -> None:
    """By name, with the model that takes one."""
    with pytest.raises(BadRequest, match=f"{way_out}.*") as caught:
        check_mask(REQUEST, model_of("gemini-nano-banana-2.1"), able)

    assert MASKING in caught.value.message
    assert (caught.value.param, caught.value.code) == ("mask", "unsupported_parameter")


def test_no_mask_or_the_right_model_is_no_error() -> None:
    """An empty field of a form is no mask."""
    check_mask(REQUEST, model_of(MASKING), [])
    check_mask(REQUEST.model_copy(update={"mask": ""}), model_of("gemini-nano-banana-2.1"), [])
