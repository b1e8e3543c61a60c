"""Files that a generateContent body names by address (`fileData`), read and replaced."""

from collections.abc import Mapping
from typing import Any

from translators.google_parts import Json, parts_of, with_parts

_DATA = ("fileData", "file_data")
_URI = ("fileUri", "file_uri")
_TYPE = ("mimeType", "mime_type")


def file_uses(body: Json) -> list[tuple[str, str]]:
    """Each address with its field, in order of appearance."""
    return [
        (f"{field}.{data}.{uri}", part[data][uri])
        for field, part in parts_of(body)
        for data in _DATA
        if isinstance(part.get(data), Mapping)
        for uri in _URI
        if isinstance(part[data].get(uri), str)
    ]


def with_file_uses(body: Json, places: Mapping[str, tuple[str, str | None]]) -> Json:
    """The body with every address in `places` replaced by (address, type); a type that the caller names stays."""

    def change(part: Json, _: str) -> Json:
        return {**part, **{name: _moved(part[name], places) for name in _DATA if isinstance(part.get(name), Mapping)}}

    return with_parts(body, change) if places else body


def _moved(data: Mapping[str, Any], places: Mapping[str, tuple[str, str | None]]) -> dict[str, Any]:
    moved = dict(data)
    for name in _URI:
        place = places.get(data[name]) if isinstance(data.get(name), str) else None
        if place is not None:
            moved[name], mime_type = place
            if mime_type is not None and not any(data.get(known) for known in _TYPE):
                moved["mimeType"] = mime_type
    return moved
