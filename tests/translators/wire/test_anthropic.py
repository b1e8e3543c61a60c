"""The shapes of Anthropic's requests keep what they do not know, and refuse what has no kind."""

from typing import Any

import pytest
from pydantic import ValidationError

from translators.wire.anthropic import CountTokensRequest, DocumentBlock, MessagesRequest, TextBlock

HI = {"role": "user", "content": "Hi"}


def asked(**members: Any) -> MessagesRequest:
    return MessagesRequest.model_validate({"model": "m", "max_tokens": 9, "messages": [HI], **members})


def test_unknown_members_survive_at_each_level() -> None:
    """The caller can be told of what nobody read."""
    block = {"type": "text", "text": "Hi", "x": 3}
    request = asked(x=1, messages=[{"role": "user", "content": [block], "x": 2}])

    (message,) = request.messages
    assert isinstance(message.content, list)
    assert isinstance(message.content[0], TextBlock)
    assert [model.model_extra for model in (request, message, message.content[0])] == [{"x": 1}, {"x": 2}, {"x": 3}]


@pytest.mark.parametrize(
    "members",
    [
        {"model": ""},
        {"max_tokens": 0},
        {"messages": []},
        {"messages": [{"role": "robot", "content": "Hi"}]},
        {"messages": [{"role": "user", "content": [{"type": "sound"}]}]},
        {"thinking": {"type": "sometimes"}},
        {"tool_choice": {"type": "function"}},
    ],
)
def test_what_does_not_fit(members: dict[str, Any]) -> None:
    """Empty names, no budget for an answer, strange roles, blocks and choices."""
    with pytest.raises(ValidationError):
        asked(**members)


def test_counting_asks_for_no_limit() -> None:
    """Only an answer needs max_tokens."""
    assert "max_tokens" not in CountTokensRequest.model_fields
    with pytest.raises(ValidationError, match="max_tokens"):
        MessagesRequest.model_validate({"model": "m", "messages": [HI]})


def test_a_document_may_be_content_of_its_own() -> None:
    """Plain text has a type by itself; blocks are told apart by theirs."""
    plain = DocumentBlock.model_validate({"type": "document", "source": {"type": "text", "data": "D"}})
    blocks = {"type": "content", "content": [{"type": "text", "text": "D"}]}
    content = DocumentBlock.model_validate({"type": "document", "source": blocks})

    assert plain.source.model_dump()["media_type"] == "text/plain"
    assert content.source.model_dump(exclude_unset=True) == blocks


def test_both_spellings_of_googles_own_field() -> None:
    """Google's camelCase and snake_case are one."""
    settings = [{"category": "c", "threshold": "t"}]

    assert asked(safetySettings=settings) == asked(safety_settings=settings)
