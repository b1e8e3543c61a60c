"""What a job costs, as far as the catalogue knows; never a guess."""

from collections.abc import Mapping
from typing import Any

from translators.catalog import Model, VideoLimits
from translators.video.spec import VideoSpec


def video_price(spec: VideoSpec, limits: VideoLimits) -> float | None:
    """Dollars for what was asked; None where the price or the duration is not known beforehand."""
    duration = spec.duration or limits.default_duration
    per_second = price_per_second(limits, spec.resolution, audio=spec.generate_audio is not False)
    if duration is None or per_second is None:
        return None
    return round(duration * per_second * spec.count, 6)


def price_per_second(limits: VideoLimits, resolution: str | None, *, audio: bool) -> float | None:
    """Dollars per second of video; None where the catalogue has no price."""
    prices = limits.prices.get(resolution or limits.default_resolution)
    return None if prices is None else prices[0 if audio else 1]


def token_price(model: Model, usage: Mapping[str, int]) -> float | None:
    """Dollars for tokens as Google counted them; None where the catalogue has no price per token.

    Thoughts and words (`reasoning_tokens`, `text_tokens`, both part of `completion_tokens`) have a price of their own
    on models whose other output is video: 9 dollars a million against 17.50 (Gemini API pricing, Omni, 2026-11).
    """
    if model.tokens is None:
        return None
    per_input, per_output = model.tokens
    per_word = per_output if model.text_tokens is None else model.text_tokens
    words = usage.get("reasoning_tokens", 0) + usage.get("text_tokens", 0)
    others = usage.get("completion_tokens", 0) - words
    return round((usage.get("prompt_tokens", 0) * per_input + others * per_output + words * per_word) / 1_000_000, 6)


def image_price(model: Model, *, size: str | None, images: int, usage: Mapping[str, Any] | None) -> float | None:
    """Dollars for `images` of one size ("2K"; None is Google's default, 1K) and for the words around them.

    The price of an image covers its own tokens. None where the catalogue has no price for the size.
    """
    each = model.image.price.get(size or "1K") if model.image else None
    if each is None:
        return None
    words = token_price(model, _without_image_tokens(usage)) if usage else None
    return round(each * images + (words or 0.0), 6)


def _without_image_tokens(usage: Mapping[str, Any]) -> dict[str, int]:
    made = usage.get("completion_tokens_details", {})
    return {
        "prompt_tokens": usage["prompt_tokens"],
        "completion_tokens": usage["completion_tokens"] - made.get("image_tokens", 0) + made.get("reasoning_tokens", 0),
    }
