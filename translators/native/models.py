"""The catalogue as Google lists it: `models` of the Gemini API, `publisherModels` of Vertex AI."""

from collections.abc import Mapping, Sequence
from typing import Any

from translators.catalog import Family, Model
from translators.errors import BadRequest

METHODS: Mapping[Family, tuple[str, ...]] = {
    Family.GEMINI: ("generateContent", "countTokens"),
    Family.IMAGEN: ("predict",),
    Family.VEO: ("predictLongRunning",),
    Family.OMNI: ("predictLongRunning", "createInteraction"),
}
"""What of a model can be called here. Google lists `generateContent` for the streaming form, too."""
USUAL_PAGE, LARGEST_PAGE = 50, 1000
"""Gemini API reference, models.list, 2026-11."""


def gemini_model(name: str, model: Model, display_name: str | None = None) -> dict[str, Any]:
    """One model of the Gemini API; what is not known is left out."""
    return {
        "name": f"models/{name}",
        "displayName": display_name or name,
        "supportedGenerationMethods": list(METHODS[model.family]),
    }


def publisher_model(name: str) -> dict[str, Any]:
    """One model of Vertex AI."""
    return {"name": f"publishers/google/models/{name}"}


def page_of(entries: Sequence[Mapping[str, Any]], key: str, *, size: str | None, token: str | None) -> dict[str, Any]:
    """One page of a list and, unless it is the last, `nextPageToken`. Raises BadRequest."""
    first = _number(token, "pageToken") if token else 0
    length = min(_number(size, "pageSize") if size else USUAL_PAGE, LARGEST_PAGE) or USUAL_PAGE
    page: dict[str, Any] = {key: list(entries[first : first + length])}
    if first + length < len(entries):
        page["nextPageToken"] = str(first + length)
    return page


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadRequest(f"Invalid value at '{field}': {text!r} is no number that was given out here.", param=field)
    return int(text)
