"""Imagen's predict request, strictly. Source: Vertex AI's Imagen reference and google-genai 3.4.0's body, 2026-11."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proxy.simulator.errors import invalid, unknown_names
from proxy.simulator.imagen_edit import read_edit
from proxy.simulator.media.recipe import PictureRecipe
from proxy.simulator.models import Image
from proxy.simulator.pixels import image_pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagenOrder:
    """Pictures as they were ordered."""

    model: str
    prompt: str
    samples: int
    aspect_ratio: str
    size: str
    mime_type: str
    tell_reasons: bool
    storage_uri: str | None
    edited: tuple[int, int] | None = None
    """Pixels of the image that is edited, which its successor has too."""

    def recipe(self, sample: int) -> PictureRecipe:
        """How to draw picture number `sample`, from 0."""
        width, height = self.edited or image_pixels(self.aspect_ratio, self.size)
        details = (f"{self.aspect_ratio}   {self.size}   sample {sample + 1} of {self.samples}",)
        return PictureRecipe(
            width=width,
            height=height,
            model=self.model,
            prompt=self.prompt,
            details=details,
            mime_type=self.mime_type,
        )


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


_PARAMETERS: Mapping[str, Callable[[Any], bool]] = {
    "sampleCount": lambda value: _is(int)(value) and 1 <= value <= 4,
    "aspectRatio": _is(str),
    "sampleImageSize": _is(str),
    "seed": _is(int),
    "addWatermark": _is(bool),
    "negativePrompt": _is(str),
    "guidanceScale": lambda value: _is(int)(value) or isinstance(value, float),
    "safetySetting": _is(str),
    "personGeneration": _is(str),
    "includeRaiReason": _is(bool),
    "includeSafetyAttributes": _is(bool),
    "language": _is(str),
    "enhancePrompt": _is(bool),
    "storageUri": lambda value: isinstance(value, str) and value.startswith("gs://"),
    "outputOptions": _is(dict),
}
_NOT_OF_EDITS = frozenset({"sampleImageSize", "enhancePrompt"})
_OF_EDITS: Mapping[str, Callable[[Any], bool]] = {
    **{name: check for name, check in _PARAMETERS.items() if name not in _NOT_OF_EDITS},
    "editMode": _is(str),
    "editConfig": _is(dict),
}


def read_predict(model: str, limits: Image, body: Mapping[str, Any]) -> ImagenOrder:
    """The order in a predict body. Raises GoogleError 400 for whatever Imagen does not know or allow."""
    strangers = [(name, "") for name in sorted(body.keys() - {"instances", "parameters", "labels"})]
    if strangers:
        raise unknown_names(strangers)
    parameters = body.get("parameters", {})
    match body.get("instances"):
        case [{"prompt": str(prompt), "referenceImages": references, **others}] if limits.edits and not others:
            edited = read_edit(references, parameters)
        case [{"prompt": str(prompt), **others}] if prompt.strip() and not others and not limits.edits:
            edited = None
        case _:
            what = "a `prompt`, `referenceImages`" if limits.edits else "a `prompt`"
            raise invalid(f"`instances` must hold exactly one object with {what} and nothing else.")
    known = _OF_EDITS if limits.edits else _PARAMETERS
    for name, value in parameters.items():
        check = known.get(name)
        if check is None:
            raise invalid(f"`{name}` isn't supported by this model.")
        if not check(value):
            raise invalid(f"The value {value!r} for `{name}` is invalid.")
    ratio, size = parameters.get("aspectRatio", "1:1"), parameters.get("sampleImageSize", "1K")
    if ratio not in limits.aspect_ratios and not limits.edits:
        raise invalid(f"Invalid aspect ratio {ratio!r}. Supported: {', '.join(sorted(limits.aspect_ratios))}.")
    if size not in limits.sizes and not limits.edits:
        raise invalid(f"Invalid sampleImageSize {size!r}. Supported: {', '.join(limits.sizes)}.")
    if "seed" in parameters and parameters.get("addWatermark", True):
        raise invalid("Seed is not supported when watermark is enabled.")
    mime_type = parameters.get("outputOptions", {}).get("mimeType", "image/png")
    if mime_type not in ("image/png", "image/jpeg"):
        raise invalid(f"Invalid outputOptions.mimeType {mime_type!r}. Supported: image/jpeg, image/png.")
    return ImagenOrder(
        model=model,
        prompt=prompt,
        samples=parameters.get("sampleCount", 4),
        aspect_ratio=ratio,
        size=size,
        mime_type=mime_type,
        tell_reasons=parameters.get("includeRaiReason", False),
        storage_uri=parameters.get("storageUri"),
        edited=edited,
    )
