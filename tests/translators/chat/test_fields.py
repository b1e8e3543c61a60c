"""Every field has one fate, and the caller learns of those that had no effect."""

from typing import Any, get_type_hints

import pytest
from openai.types.chat.completion_create_params import CompletionCreateParamsBase

from translators.chat.fields import IGNORED, MAPPED, REJECTED, WARNED, review_fields
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

TABLES = (MAPPED, IGNORED, WARNED, REJECTED)


def request_of(**members: Any) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": "m", "messages": [{"role": "user", "content": "x"}], **members}
    )


@pytest.mark.parametrize(
    "field", sorted({*ChatCompletionRequest.model_fields, *get_type_hints(CompletionCreateParamsBase)})
)
def test_each_field_is_in_exactly_one_table(field: str) -> None:
    """Our request's fields and OpenAI's own (openai-python's) are each decided on, once."""
    assert sum(field in table for table in TABLES) == 1


@pytest.mark.parametrize("field", sorted(REJECTED))
def test_rejected_fields_are_a_400(field: str) -> None:
    """A field that cannot be honoured is refused by name, with the way out; empty it says nothing and may stay."""
    with pytest.raises(BadRequest) as error:
        review_fields(request_of(**{field: {"x": 1}}))

    assert error.value.param == field
    assert REJECTED[field] in error.value.message
    assert review_fields(request_of(**{field: None})) == review_fields(request_of(**{field: {}})) == []


def test_harmless_fields_are_silent() -> None:
    """What chat front ends add by themselves is no news."""
    assert review_fields(request_of(**{key: {"x": 1} for key in IGNORED})) == []


def test_fields_without_effect_are_told() -> None:
    """Known fields without counterpart and unknown ones each get a sentence; null is no field."""
    warnings = review_fields(request_of(verbosity="low", temprature=1, xyzzy=2, nothing=None))

    assert warnings == [
        "verbosity had no effect: Gemini has no such setting; ask for short or long answers in the prompt.",
        "temprature is not known here and had no effect. Did you mean temperature?",
        "xyzzy is not known here and had no effect.",
    ]


def test_members_of_messages_are_told_once() -> None:
    """A member that many messages carry is told at its first place; bookkeeping is silent."""
    part = {"type": "text", "text": "x", "cache_control": {}, "colour": "red"}
    message = {"role": "user", "content": [part, part], "name": "Ann", "cache_control": {}, "audio": None}

    assert review_fields(request_of(messages=[message, message])) == [
        "messages[0].name had no effect: Gemini's contents have nothing like it.",
        "messages[0].content[0].colour had no effect: Gemini's contents have nothing like it.",
    ]
