"""The shapes of Responses requests tell items apart by their type, and keep what they do not know."""

from typing import Any

import pytest
from pydantic import ValidationError

from translators.wire.responses import (
    FunctionCallItem,
    FunctionCallOutputItem,
    ImageGenerationItem,
    MessageItem,
    ReasoningItem,
    ReferenceItem,
    ResponsesRequest,
)


def asked(**members: Any) -> ResponsesRequest:
    return ResponsesRequest.model_validate({"model": "m", "input": "Hi", **members})


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"role": "user", "content": "Hi"}, MessageItem),
        ({"type": "message", "role": "developer", "content": "Hi"}, MessageItem),
        ({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, FunctionCallItem),
        ({"type": "function_call_output", "call_id": "c", "output": "x"}, FunctionCallOutputItem),
        ({"type": "reasoning", "summary": [{"text": "Hm."}]}, ReasoningItem),
        ({"type": "image_generation_call"}, ImageGenerationItem),
        ({"type": "item_reference", "id": "i"}, ReferenceItem),
    ],
)
def test_an_item_is_known_by_its_type(item: dict[str, Any], kind: type) -> None:
    """A message may leave its type out; one that has been read is read again alike."""
    (read,) = asked(input=[{**item, "x": 1}]).input

    assert isinstance(read, kind)
    assert read.model_extra == {"x": 1}
    assert asked(input=[read]).input == [read]


@pytest.mark.parametrize(
    "members",
    [
        {"model": ""},
        {"input": 3},
        {"input": ["Hi"]},
        {"input": [{"type": "computer_call"}]},
        {"input": [{"role": "robot", "content": "Hi"}]},
        {"top_logprobs": -1},
        {"text": {"format": {"type": "xml"}}},
    ],
)
def test_what_does_not_fit(members: dict[str, Any]) -> None:
    """Empty names, items of no kind, strange roles and forms."""
    with pytest.raises(ValidationError):
        asked(**members)


def test_both_spellings_of_googles_own_field() -> None:
    """Google's camelCase and snake_case are one."""
    settings = [{"category": "c", "threshold": "t"}]

    assert asked(safetySettings=settings) == asked(safety_settings=settings)
