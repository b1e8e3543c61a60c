"""The parts of a generateContent body, wherever they stand."""

import copy
from typing import Any

from translators.google_parts import parts_of, with_parts

BODY: dict[str, Any] = {
    "systemInstruction": {"parts": [{"text": "a"}]},
    "contents": [
        {"role": "user", "parts": [{"text": "b"}, {"functionResponse": {"name": "f", "parts": [{"text": "c"}]}}]},
        {"role": "model"},
        "no content",
        {"parts": ["no part"]},
    ],
    "generateContentRequest": {"contents": {"parts": [{"text": "d"}]}},
    "tools": [{"parts": [{"text": "no part of the conversation"}]}],
}
FIELDS = [
    "contents[0].parts[0]",
    "contents[0].parts[1].functionResponse.parts[0]",
    "systemInstruction.parts[0]",
    "generateContentRequest.contents.parts[0]",
]


def test_every_part_is_found_and_named() -> None:
    """In contents, instructions, a function's result and a nested request; nowhere else."""
    assert [field for field, _ in parts_of(BODY)] == FIELDS


def test_a_change_leaves_the_rest_as_it_is() -> None:
    """The body that came stays, and what is no part is shared."""
    before = copy.deepcopy(BODY)
    changed = with_parts(BODY, lambda part, _: {"text": part["text"].upper()})
    assert before == BODY
    assert [part["text"] for _, part in parts_of(changed)] == ["B", "C", "A", "D"]
    assert changed["tools"] is BODY["tools"]
    assert changed["contents"][1:] == BODY["contents"][1:]


def test_a_nested_request_that_is_none() -> None:
    """Left for Google to refuse."""
    assert with_parts({"generateContentRequest": 7}, lambda part, _: part) == {"generateContentRequest": 7}
