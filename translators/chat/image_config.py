"""`image_config` -> Gemini's imageConfig, judged before anything is sent."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Protocol

from translators.errors import BadRequest
from translators.wire.call import Surface
from translators.wire.openai import ImageConfig

VERTEX_ONLY: Mapping[str, str] = {
    "person_generation": "personGeneration",
    "prominent_people": "prominentPeople",
    "image_output_options": "imageOutputOptions",
}
"""Members that only Vertex AI knows (google-genai 3.4.0 refuses them with an API key)."""

NOT_FOR_GEMINI: Mapping[str, str] = {
    "style": "describe it in the prompt",
    "negative_prompt": "say in the prompt what should not be seen",
    "fallback": "a failed image is told as such",
    "cache": "each request is answered anew",
    "seed": "use the request's own seed",
}
"""Members that are known, but have no effect on a Gemini model; the caller is told, with the way out."""


class ImageLimits(Protocol):
    """What an image model can make, as the catalogue says; empty means that there is nothing to choose."""

    @property
    def aspect_ratios(self) -> tuple[str, ...]:
        """Such as "16:9"."""
        ...

    @property
    def sizes(self) -> tuple[str, ...]:
        """Such as "2K"."""
        ...


def check_image_choices(config: ImageConfig, limits: ImageLimits | None) -> tuple[str | None, str | None]:
    """The aspect ratio and the size, in Google's spelling ("2k" is "2K").

    Raises BadRequest naming the field and the allowed values, where the model's limits are known.
    """
    ratios, sizes = (limits.aspect_ratios, limits.sizes) if limits else (None, None)
    return (
        _one_of(config.aspect_ratio, ratios, field="aspect_ratio"),
        _one_of(config.image_size.upper() if config.image_size else None, sizes, field="image_size"),
    )


def gemini_image_config(
    config: ImageConfig | None, *, limits: ImageLimits | None, surface: Surface
) -> tuple[dict[str, Any], list[str]]:
    """Gemini's imageConfig ({} for none), and what had no effect.

    Raises BadRequest for a value outside `limits`, a member that only Vertex AI knows, and an unknown member.
    """
    if config is None:
        return {}, []
    aspect_ratio, image_size = check_image_choices(config, limits)
    extra = {name: value for name, value in (config.model_extra or {}).items() if value is not None}
    check_known(extra, known=(*VERTEX_ONLY, *NOT_FOR_GEMINI))
    vertex = {VERTEX_ONLY[name]: value for name, value in extra.items() if name in VERTEX_ONLY}
    if vertex and surface is not Surface.VERTEX:
        name = next(name for name in extra if name in VERTEX_ONLY)
        raise BadRequest(
            f"{name} works on Vertex AI only; leave it out, or use a Vertex credential.", param=f"image_config.{name}"
        )
    settings = {"aspectRatio": aspect_ratio, "imageSize": image_size, **vertex}
    return (
        {name: value for name, value in settings.items() if value is not None},
        [
            f"image_config.{name} had no effect on this model: {way_out}."
            for name, way_out in NOT_FOR_GEMINI.items()
            if name in extra
        ],
    )


def check_known(extra: Mapping[str, Any], *, known: tuple[str, ...]) -> None:
    """Raise BadRequest, with the nearest name, for the first member of image_config that nobody knows."""
    names = ("aspect_ratio", "image_size", *known)
    for name in extra:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            guess = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
            raise BadRequest(f"image_config.{name} is not known; {guess}", param=f"image_config.{name}")


def _one_of(value: str | None, allowed: tuple[str, ...] | None, *, field: str) -> str | None:
    if value is None or allowed is None or value in allowed:
        return value
    choice = f"allowed are {', '.join(allowed)}" if allowed else "this model has nothing to choose; leave it out"
    raise BadRequest(f"{value!r} is not possible with this model; {choice}.", param=f"image_config.{field}")
