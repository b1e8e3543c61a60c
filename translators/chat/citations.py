"""Where an answer's words come from: Google's grounding -> OpenAI's `annotations`.

Google counts a segment in bytes of UTF-8 (Gemini API docs, "Grounding with Google Search", 2026-11), OpenAI in
characters. Google's own text of the segment decides: where it does not stand at the place that was told, it is looked
for, and what cannot be found is cited nowhere. The raw grounding stays in `extra_content` either way.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Annotation = dict[str, Any]

_SOURCES = ("web", "retrievedContext", "maps")
"""The kinds of a grounding chunk that have an address."""


def annotations_of(metadata: Mapping[str, Any] | None, content: str | None) -> list[Annotation]:
    """One `url_citation` for each segment and source, in Google's order; `content` is all that the choice said."""
    if not metadata or not content:
        return []
    sources = [_source(chunk) for chunk in _objects(metadata.get("groundingChunks"))]
    return [
        {"type": "url_citation", "url_citation": {"start_index": start, "end_index": end, **source}}
        for support in _objects(metadata.get("groundingSupports"))
        if (span := _span(support.get("segment"), content)) is not None
        for start, end in [span]
        for source in _named(support.get("groundingChunkIndices"), sources)
    ]


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item if isinstance(item, Mapping) else {} for item in (value if isinstance(value, list) else ()))


def _source(chunk: Mapping[str, Any]) -> dict[str, str] | None:
    found: Mapping[str, Any] = next((chunk[kind] for kind in _SOURCES if isinstance(chunk.get(kind), Mapping)), {})
    uri, title = found.get("uri"), found.get("title")
    if not isinstance(uri, str):
        return None
    return {"url": uri, "title": title if isinstance(title, str) else uri}


def _named(indices: Any, sources: Sequence[dict[str, str] | None]) -> Iterator[dict[str, str]]:
    for index in indices if isinstance(indices, list) else ():
        if isinstance(index, int) and 0 <= index < len(sources) and (source := sources[index]) is not None:
            yield source


def _span(segment: Any, content: str) -> tuple[int, int] | None:
    """First character, and the one after the last."""
    if not isinstance(segment, Mapping):
        return None
    told = _characters(segment, content)
    text = segment.get("text")
    if not isinstance(text, str) or not text:
        return told
    if told is not None and content[told[0] : told[1]] == text:
        return told
    # Offsets count within a part; an answer of several parts is one text at OpenAI.
    place = content.find(text)
    return (place, place + len(text)) if place >= 0 else None


def _characters(segment: Mapping[str, Any], content: str) -> tuple[int, int] | None:
    start, end = segment.get("startIndex", 0), segment.get("endIndex")
    raw = content.encode("utf-8", "surrogatepass")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(raw):
        return None
    try:
        first = len(raw[:start].decode("utf-8", "surrogatepass"))
        return first, first + len(raw[start:end].decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return None
