"""Every field of a message request has one fate."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.messages.fields import FATES
from translators.wire.anthropic import MessagesRequest


def asked(**members: Any) -> MessagesRequest:
    turn = {"role": "user", "content": "Hi"}
    return MessagesRequest.model_validate({"model": "m", "max_tokens": 9, "messages": [turn], **members})


def test_each_field_is_in_exactly_one_table() -> None:
    """The tables name the model's fields, each once, and no other."""
    tables = (FATES.mapped, FATES.ignored, FATES.warned, FATES.rejected)

    assert sorted(name for table in tables for name in table) == sorted(MessagesRequest.model_fields)


def test_the_tables_are_obeyed() -> None:
    """What is ignored is silent, what is warned of is told, what is rejected is a 400."""
    for name in FATES.ignored:
        assert FATES.review(asked(**{name: {"x": 1}})) == []
    for name, reason in FATES.warned.items():
        assert FATES.review(asked(**{name: {"x": 1}})) == [f"{name} had no effect: {reason}."]
    for name in FATES.rejected:
        with pytest.raises(BadRequest) as caught:
            FATES.review(asked(**{name: {"x": 1}}))
        assert caught.value.param == name
