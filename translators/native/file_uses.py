"""Files that a caller's own body names by address (`fileData`; an interaction's `uri`), found and replaced.

Both as google-genai 3.4.0 writes them (2026-11). Everything else in the bodies is left as it came.
"""

from collections.abc import Mapping
from typing import Any

from translators.content import HoldsMedia, Media, Medium
from translators.google_parts import Json, parts_of, with_parts

_DATA = ("fileData", "file_data")
_URI = ("fileUri", "file_uri")
_TYPE = ("mimeType", "mime_type")
_ENTRIES = ("image", "audio", "video", "document")
"""Contents of an interaction that may be an address."""


def file_uses(body: Json) -> dict[str, str]:
    """Each address in a generateContent body with the field where it stands first, in order of appearance."""
    found: dict[str, str] = {}
    for field, part in parts_of(body):
        for data in _DATA:
            for uri in _URI:
                if isinstance(part.get(data), Mapping) and isinstance(part[data].get(uri), str):
                    found.setdefault(part[data][uri], f"{field}.{data}.{uri}")
    return found


def with_file_uses(body: Json, media: Mapping[str, Medium]) -> Json:
    """The body with every address in `media` replaced by Google's or by bytes; a type that the caller names stays."""
    return with_parts(body, lambda part, _: _moved_part(part, media)) if media else body


def interaction_uses(body: Mapping[str, Any]) -> dict[str, str]:
    """Each address in an interaction's `input` with the field where it stands first, in order of appearance."""
    found: dict[str, str] = {}
    _entry_uses(body.get("input"), "input", found)
    return found


def with_interaction_uses(body: Mapping[str, Any], media: Mapping[str, Medium]) -> Mapping[str, Any]:
    """The same for an interaction."""
    return {**body, "input": _moved_entries(body.get("input"), media)} if media else body


def _moved_part(part: Json, media: Mapping[str, Medium]) -> Json:
    moved: Json = {}
    for name, value in part.items():
        medium = _named(value, media) if name in _DATA else None
        if isinstance(medium, Media):
            rest = {key: said for key, said in value.items() if key not in _URI}
            moved["inlineData"] = HoldsMedia({**_typed(rest, medium.mime_type), "data": medium.data})
        elif medium is not None:
            at_google = {key: medium.uri if key in _URI else said for key, said in value.items()}
            moved[name] = _typed(at_google, medium.mime_type)
        else:
            moved[name] = value
    return moved


def _named(data: Any, media: Mapping[str, Medium]) -> Medium | None:
    if not isinstance(data, Mapping):
        return None
    links = (data[name] for name in _URI if isinstance(data.get(name), str))
    return next((media[link] for link in links if link in media), None)


def _typed(data: Json, mime_type: str | None) -> Json:
    said = any(data.get(name) for name in _TYPE)
    return data if said or mime_type is None else {**data, "mimeType": mime_type}


def _entry_uses(value: Any, field: str, found: dict[str, str]) -> None:
    if isinstance(value, list):
        for index, entry in enumerate(value):
            _entry_uses(entry, f"{field}[{index}]", found)
    elif isinstance(value, Mapping) and value.get("type") in _ENTRIES:
        if isinstance(value.get("uri"), str):
            found.setdefault(value["uri"], f"{field}.uri")
    elif isinstance(value, Mapping):
        _entry_uses(value.get("content"), f"{field}.content", found)


def _moved_entries(value: Any, media: Mapping[str, Medium]) -> Any:
    if isinstance(value, list):
        return [_moved_entries(entry, media) for entry in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("type") in _ENTRIES:
        uri = value.get("uri")
        return _moved_entry(dict(value), media[uri]) if isinstance(uri, str) and uri in media else value
    return {**value, "content": _moved_entries(value["content"], media)} if "content" in value else value


def _moved_entry(entry: Json, medium: Medium) -> Json:
    del entry["uri"]
    place = {"data": medium.data} if isinstance(medium, Media) else {"uri": medium.uri}
    typed = {"mime_type": medium.mime_type} if medium.mime_type is not None and not entry.get("mime_type") else {}
    return {**entry, **typed, **place}
