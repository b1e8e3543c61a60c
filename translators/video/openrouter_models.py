"""The catalogue's video models as OpenRouter lists them (GET /api/v1/videos/models; its docs, 2026-11)."""

from typing import Any

from translators.catalog import Audio, Mode, Model, VideoLimits
from translators.video.read_config import SIZES

_PASSTHROUGH = ("negative_prompt", "person_generation", "enhance_prompt", "resize_mode", "compression_quality", "fps")
"""Our own members that a create takes beside OpenRouter's."""


def openrouter_model(name: str, model: Model, *, created: int) -> dict[str, Any] | None:
    """One entry under its public name, by the widest of what its surfaces allow; None if it makes no videos."""
    living = [service.video for service in model.served.values() if service.video is not None and not service.gone]
    if not living:
        return None
    modes = frozenset[Mode]().union(*(limits.modes for limits in living))
    parameters = frozenset[str]().union(*(limits.parameters for limits in living))
    first = living[0]
    return {
        "id": name,
        "canonical_slug": model.id,
        "created": created,
        "supported_resolutions": list(first.resolutions),
        "supported_aspect_ratios": list(first.aspect_ratios),
        "supported_sizes": _sizes(first),
        "supported_durations": list(first.durations),
        "supported_frame_images": [
            *(["first_frame"] if Mode.IMAGE in modes else []),
            *(["last_frame"] if Mode.FIRST_LAST in modes else []),
        ],
        "generate_audio": any(limits.audio is not Audio.NONE for limits in living),
        "seed": "seed" in parameters,
        "pricing_skus": _prices(first),
        "allowed_passthrough_parameters": [member for member in _PASSTHROUGH if member in parameters],
    }


def _sizes(limits: VideoLimits) -> list[str]:
    return [
        size
        for size, (ratio, resolution) in SIZES.items()
        if ratio in limits.aspect_ratios and resolution in limits.resolutions
    ]


def _prices(limits: VideoLimits) -> dict[str, str]:
    """Dollars per second as text, one entry for each resolution, with sound and without."""
    return {
        f"per_second_{resolution}{suffix}": f"{price:g}"
        for resolution, prices in limits.prices.items()
        for suffix, price in zip(("", "_without_audio"), prices, strict=True)
    }
