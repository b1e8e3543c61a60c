"""Google's grounding as OpenAI's annotations: bytes become characters, and nothing is cited at a guess."""

from typing import Any

import pytest

from translators.chat.citations import annotations_of

CONTENT = "Zürich hat 3 Brücken 🌉. Genf auch."
CHUNKS = [
    {"web": {"uri": "https://a.example", "title": "A"}},
    {"retrievedContext": {"uri": "https://b.example"}},
    {"web": {"title": "no address"}},
    {"image": {"sourceUri": "https://c.example"}},
]


def support(text: str | None, start: int | None, end: int | None, *indices: Any) -> dict[str, Any]:
    said = {"text": text, "startIndex": start, "endIndex": end}
    segment = {name: value for name, value in said.items() if value is not None}
    return {"segment": segment, "groundingChunkIndices": list(indices)}


def spans(*supports: Any) -> list[tuple[str, str]]:
    """Each cited passage and its address."""
    made = annotations_of({"groundingChunks": CHUNKS, "groundingSupports": list(supports)}, CONTENT)
    assert all(annotation["type"] == "url_citation" for annotation in made)
    cited = [annotation["url_citation"] for annotation in made]
    return [(CONTENT[one["start_index"] : one["end_index"]], one["url"]) for one in cited]


def offsets(text: str) -> tuple[int, int]:
    """Where Google says it stands."""
    start = CONTENT.encode().index(text.encode())
    return start, start + len(text.encode())


def test_bytes_become_characters() -> None:
    """One annotation for each source; a title is the address where there is none."""
    text = "Genf auch."
    assert spans(support(text, *offsets(text), 0, 1)) == [(text, "https://a.example"), (text, "https://b.example")]
    first = "Zürich hat 3 Brücken 🌉."
    assert spans(support(first, None, len(first.encode()), 0)) == [(first, "https://a.example")]
    told = annotations_of({"groundingChunks": CHUNKS, "groundingSupports": [support(text, *offsets(text), 1)]}, CONTENT)
    assert told[0]["url_citation"] == {
        "start_index": 24,
        "end_index": 34,
        "url": "https://b.example",
        "title": "https://b.example",
    }


def test_googles_own_text_decides() -> None:
    """Offsets that count within a part, or in characters, lead elsewhere: the text is looked for."""
    assert spans(support("Genf auch.", 0, 10, 0)) == [("Genf auch.", "https://a.example")]
    assert spans(support("Genf auch.", 900, 910, 0)) == [("Genf auch.", "https://a.example")]
    assert spans(support(None, *offsets("Brücken"), 0)) == [("Brücken", "https://a.example")]


@pytest.mark.parametrize(
    "wrong",
    [
        support("Bern", 0, 4, 0),
        support(None, 0, 2, 0),
        support(None, 0, 900, 0),
        support(None, 5, 5, 0),
        support(None, 0, None, 0),
        support("Genf auch.", *offsets("Genf auch."), 2, 3, 9, -1, "0"),
        {"segment": "Genf", "groundingChunkIndices": [0]},
        {"segment": {"text": "Genf auch."}},
        "nonsense",
    ],
)
def test_what_cannot_be_placed_is_not_cited(wrong: Any) -> None:
    """Half a character, a place outside, a passage that is not there, a source without an address."""
    assert spans(wrong) == []


@pytest.mark.parametrize(
    "metadata", [None, {}, {"groundingSupports": "?"}, {"groundingSupports": [support("Z", 0, 1)]}]
)
def test_no_grounding_no_annotations(metadata: Any) -> None:
    """Nor for an answer without words."""
    assert annotations_of(metadata, CONTENT) == []
    assert annotations_of({"groundingSupports": [support("Z", 0, 1, 0)], "groundingChunks": CHUNKS}, None) == []
