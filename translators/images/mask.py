"""Whether a model takes the mask of an edit, and which ones do."""

from collections.abc import Sequence

from translators.catalog import Model
from translators.errors import BadRequest
from translators.wire.images import ImageRequest

MASKING = "imagen-3.0-capability-001"
"""The one model of Google's that is known to take masks (google-genai 3.4.0, `edit_image`)."""


def edits_by_mask(model: Model) -> bool:
    """Whether the model takes an image to change and a mask beside it."""
    return model.image is not None and model.image.edits


def check_mask(request: ImageRequest, model: Model, able: Sequence[str]) -> None:
    """Raise BadRequest for a mask that the model has no use for; `able` are those here that take one."""
    if not request.mask or edits_by_mask(model):
        return
    other = (
        f"send `model` with one that takes masks: {', '.join(able)}"
        if able
        else f"with a credential for Vertex AI, {MASKING} would take it"
    )
    raise BadRequest(
        f"mask cannot be used here: {model.id} takes none. Leave it out and say in the prompt what shall change, mark "
        f"it in the image itself, or {other}.",
        param="mask",
        code="unsupported_parameter",
    )
