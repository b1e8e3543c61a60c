"""The reference images of an edit by Imagen, strictly: one raw image and at most one mask of its size.

Source: google-genai 3.4.0's body of `edit_image` and its `types.MaskReferenceImage`. The other references that it can
write (control, style, subject, masks that the model finds itself) are not simulated.
"""

import io
from collections.abc import Mapping
from typing import Any

from proxy.simulator.errors import invalid
from proxy.simulator.inputs import checked, decoded

_READ = frozenset({"image/png", "image/jpeg"})
_MASK = {"maskImageConfig": {"maskMode": "MASK_MODE_USER_PROVIDED"}}
_MODES = frozenset({"EDIT_MODE_DEFAULT", "EDIT_MODE_INPAINT_INSERTION", "EDIT_MODE_INPAINT_REMOVAL"})


def read_edit(references: Any, parameters: Mapping[str, Any]) -> tuple[int, int] | None:
    """Width and height of the image that is edited; None for one in a bucket. Raises GoogleError 400."""
    if not isinstance(references, list) or len(references) not in (1, 2):
        raise invalid("`referenceImages` must hold one raw image and at most one user provided mask.")
    raw = _checked(references[0], "REFERENCE_TYPE_RAW", {})
    mask = _checked(references[1], "REFERENCE_TYPE_MASK", _MASK) if len(references) > 1 else None
    if mask is not None and mask["referenceId"] == raw["referenceId"]:
        raise invalid("Each reference image needs a `referenceId` of its own.")
    _check_mode(parameters, has_mask=mask is not None)
    size = _size(raw["referenceImage"], "raw reference image")
    if mask is not None and size is not None and _size(mask["referenceImage"], "mask") != size:
        raise invalid("The mask must have the same dimensions as the raw reference image.")
    return size


def _checked(reference: Any, kind: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """One reference image of a kind, with exactly these settings."""
    match reference:
        case {"referenceType": said, "referenceId": int(), "referenceImage": dict(), **others} if said == kind:
            if others == settings:
                return dict(reference)
    raise invalid(f"A reference image of type {kind} is wrong.")


def _check_mode(parameters: Mapping[str, Any], *, has_mask: bool) -> None:
    mode = parameters.get("editMode", "EDIT_MODE_DEFAULT")
    if mode not in _MODES:
        raise invalid(f"Invalid editMode {mode!r}. Supported: {', '.join(sorted(_MODES))}.")
    if has_mask is (mode == "EDIT_MODE_DEFAULT"):
        raise invalid(f"{mode} {'takes no' if has_mask else 'needs a'} mask.")
    if "aspectRatio" in parameters:
        raise invalid("`aspectRatio` isn't supported for this edit.")


def _size(image: Mapping[str, Any], field: str) -> tuple[int, int] | None:
    match image:
        case {"gcsUri": str(uri), **others} if uri.startswith("gs://") and others.keys() <= {"mimeType"}:
            return None
        case {"bytesBase64Encoded": encoded, "mimeType": mime_type, **others} if not others:
            content = checked(decoded(encoded, field), mime_type, field, _READ)
        case _:
            raise invalid(f"The {field} needs `bytesBase64Encoded` and `mimeType`, or `gcsUri`.")
    from PIL import Image, UnidentifiedImageError  # the media extra, which the simulator's pictures need too

    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except UnidentifiedImageError:
        raise invalid(f"Unable to process the {field}.") from None
