"""The catalogue as GET /v1/models shows it."""

from collections.abc import Iterable, Sequence
from typing import Any

from translators.catalog import Audio, Kind, Model, Service

_MODALITIES = {Kind.TEXT: ["text"], Kind.IMAGE: ["text", "image"], Kind.VIDEO: ["video", "text"]}


def model_entry(name: str, model: Model, *, created: int, display_name: str | None = None) -> dict[str, Any]:
    """One entry under its public name. `created` is unix seconds; what is not known is left out."""
    members: dict[str, Any] = {
        "id": name,
        "object": "model",
        "created": created,
        "owned_by": "google",
        "display_name": display_name,
        "modalities": _MODALITIES[model.kind],
        **_image_facts(model),
        **_video_facts(model),
        "pricing": _pricing(model),
        "lifecycle": {surface.value: _lifecycle(service) for surface, service in model.served.items()}
        if model.listed
        else None,
    }
    return {key: value for key, value in members.items() if value not in (None, [], {})}


def _image_facts(model: Model) -> dict[str, Any]:
    if model.image is None:
        return {}
    return {"aspect_ratios": list(model.image.aspect_ratios), "image_sizes": list(model.image.sizes)}


def _video_facts(model: Model) -> dict[str, Any]:
    """The widest of what the surfaces allow; validation says exactly what one of them does not."""
    known = [service for service in model.served.values() if service.video is not None]
    # A relay may serve what Google has retired everywhere.
    living = [service for service in known if not service.gone] or known
    limits = [service.video for service in living if service.video is not None]
    if not limits:
        return {}
    return {
        "durations": sorted({seconds for limit in limits for seconds in limit.durations}),
        "resolutions": _union(limit.resolutions for limit in limits),
        "aspect_ratios": _union(limit.aspect_ratios for limit in limits),
        "modes": sorted({mode.value for limit in limits for mode in limit.modes}),
        "audio": "toggle" if any(limit.audio is Audio.TOGGLE for limit in limits) else limits[0].audio.value,
        "max_videos": max(limit.samples for limit in limits),
    }


def _union(lists: Iterable[Sequence[str]]) -> list[str]:
    """Every word once, in the order of the catalogue."""
    return list(dict.fromkeys(word for words in lists for word in words))


def _pricing(model: Model) -> dict[str, Any]:
    """Dollars, by what Google bills."""
    videos = next((service.video for service in model.served.values() if service.video is not None), None)
    pricing: dict[str, Any] = {}
    if videos is not None and videos.prices:
        pricing["per_second"] = {
            resolution: {"with_audio": with_audio, "without_audio": without}
            for resolution, (with_audio, without) in videos.prices.items()
        }
        if not videos.prices_stated:
            pricing["estimated"] = True
    if model.image is not None and model.image.price:
        pricing["per_image"] = dict(model.image.price)
    if model.tokens is not None:
        pricing["per_million_tokens"] = {"input": model.tokens[0], "output": model.tokens[1]}
    return pricing


def _lifecycle(service: Service) -> dict[str, Any]:
    members = {
        "status": service.status.value,
        "date": service.date.isoformat() if service.date is not None else None,
        "successor": service.successor,
    }
    return {key: value for key, value in members.items() if value is not None}
