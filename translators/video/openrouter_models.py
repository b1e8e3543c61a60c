"""The catalogue's video models as OpenRouter lists them (GET /api/v1/videos/models; its docs, 2026-11)."""

from collections.abc import Iterable, Sequence
from typing import Any

from translators.catalog import Audio, Mode, Model, VideoLimits
from translators.video.read_config import SIZES

_PASSTHROUGH = ("negative_prompt", "person_generation", "enhance_prompt", "resize_mode", "compression_quality", "fps")
"""Our own members that a create takes beside OpenRouter's."""
_FRAMES = {Mode.IMAGE: "first_frame", Mode.FIRST_LAST: "last_frame"}


def openrouter_model(name: str, model: Model, *, created: int) -> dict[str, Any] | None:
    """One entry under its public name, by the widest of what its surfaces allow; None if it makes no videos."""
    limits = _limits(model)
    if not limits:
        return None
    modes = frozenset[Mode]().union(*(limit.modes for limit in limits))
    parameters = frozenset[str]().union(*(limit.parameters for limit in limits))
    resolutions = _union(limit.resolutions for limit in limits)
    ratios = _union(limit.aspect_ratios for limit in limits)
    return {
        "id": name,
        "canonical_slug": model.id,
        "created": created,
        "supported_resolutions": resolutions,
        "supported_aspect_ratios": ratios,
        "supported_sizes": [size for size, (ratio, made) in SIZES.items() if ratio in ratios and made in resolutions],
        "supported_durations": sorted({seconds for limit in limits for seconds in limit.durations}),
        "supported_frame_images": [word for mode, word in _FRAMES.items() if mode in modes],
        "generate_audio": any(limit.audio is not Audio.NONE for limit in limits),
        "seed": "seed" in parameters,
        "pricing_skus": _prices(limits[0]),
        "allowed_passthrough_parameters": [member for member in _PASSTHROUGH if member in parameters],
    }


def _limits(model: Model) -> list[VideoLimits]:
    """Of the surfaces that serve it; a relay may serve what Google has retired everywhere."""
    known = [service for service in model.served.values() if service.video is not None]
    living = [service for service in known if not service.gone] or known
    return [service.video for service in living if service.video is not None]


def _union(lists: Iterable[Sequence[str]]) -> list[str]:
    """Every word once, in the order of the catalogue."""
    return list(dict.fromkeys(word for words in lists for word in words))


def _prices(limits: VideoLimits) -> dict[str, str]:
    """Dollars per second as text, one entry for each resolution, with sound and without."""
    return {
        f"per_second_{resolution}{suffix}": f"{price:g}"
        for resolution, prices in limits.prices.items()
        for suffix, price in zip(("", "_without_audio"), prices, strict=True)
    }
