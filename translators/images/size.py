"""OpenAI's `size` ("1536x1024") -> an aspect ratio and an image size that the model has."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translators.chat.image_config import ImageLimits
from translators.errors import BadRequest

OPENAI_SIZES: Mapping[str, tuple[str, str]] = {
    "256x256": ("1:1", "512"),
    "512x512": ("1:1", "512"),
    "1024x1024": ("1:1", "1K"),
    "1536x1024": ("3:2", "1K"),
    "1024x1536": ("2:3", "1K"),
    "1792x1024": ("16:9", "1K"),
    "1024x1792": ("9:16", "1K"),
    "2048x2048": ("1:1", "2K"),
    "4096x4096": ("1:1", "4K"),
}
"""The sizes that OpenAI's clients offer, and what each means; where a model has both, nothing needs to be told."""

TIERS: Mapping[str, int] = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Google's words -> the side of a square of that size (Gemini API docs, "Image generation", 2026-11)."""

RATIOS = ("1:1", "3:2", "2:3", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
"""What every Gemini image model has: for a model whose limits are not known."""

_SIZES = ("1K", "2K", "4K")
_PIXELS = re.compile(r"([1-9]\d{0,4})[xX*]([1-9]\d{0,4})")
_RATIO = re.compile(r"[1-9]\d?:[1-9]\d?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What to ask Google for. `pixels` are those the caller named; None where there is nothing to compare with."""

    aspect_ratio: str | None = None
    image_size: str | None = None
    pixels: tuple[int, int] | None = None
    warnings: tuple[str, ...] = ()


def read_size(size: str | None, limits: ImageLimits | None) -> Shape:
    """The nearest shape the model has, and a warning where it is not the one that was asked for.

    Raises BadRequest for what is neither `auto`, WIDTHxHEIGHT, a ratio nor one of Google's sizes.
    """
    if size is None or size.lower() == "auto":
        return Shape()
    if _RATIO.fullmatch(size):
        return Shape(aspect_ratio=size)
    if size.upper() in TIERS:
        return Shape(image_size=size.upper())
    matched = _PIXELS.fullmatch(size)
    if matched is None:
        raise BadRequest(
            f"{size!r} is not a size; allowed are auto, WIDTHxHEIGHT such as {', '.join(list(OPENAI_SIZES)[2:5])}, "
            f"a ratio such as 16:9, and {', '.join(TIERS)}.",
            param="size",
        )
    return _nearest(size, (int(matched[1]), int(matched[2])), limits)


def _nearest(size: str, pixels: tuple[int, int], limits: ImageLimits | None) -> Shape:
    ratios: Sequence[str] = limits.aspect_ratios if limits else RATIOS
    tiers = [tier for tier in (limits.sizes if limits else _SIZES) if tier in TIERS]
    width, height = pixels
    ratio = min(ratios, key=lambda each: abs(math.log(_quotient(each) * height / width)), default=None)
    tier = min(tiers, key=lambda each: abs(math.log(TIERS[each] ** 2 / (width * height))), default=None)
    wanted = OPENAI_SIZES.get(f"{width}x{height}")
    if wanted is not None and wanted[0] in ratios:
        ratio = wanted[0]
    if wanted == (ratio, tier) or (wanted is not None and wanted[0] == ratio and tier is None):
        return Shape(aspect_ratio=ratio, image_size=tier, pixels=pixels)
    choice = " ".join(part for part in (ratio and f"aspect ratio {ratio}", tier and f"size {tier}") if part)
    told = f"size: {size} was asked of the model as {choice or 'its own size'}, the nearest that it has."
    return Shape(aspect_ratio=ratio, image_size=tier, pixels=pixels, warnings=(told,))


def _quotient(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)
