"""The shape of an old completion takes every form of prompt that OpenAI's does."""

from typing import Any

import pytest
from pydantic import ValidationError

from translators.wire.completions import CompletionRequest


@pytest.mark.parametrize("prompt", ["Hi", ["Hi", "there"], [1, 2], [[1], [2]]])
def test_every_form_of_prompt_is_kept_as_it_is(prompt: Any) -> None:
    """Text, texts, tokens, lists of tokens: none is taken for another."""
    assert CompletionRequest.model_validate({"model": "m", "prompt": prompt}).prompt == prompt


def test_unknown_fields_survive() -> None:
    """The caller can be told of what nobody read."""
    assert CompletionRequest.model_validate({"model": "m", "prompt": "Hi", "x": 1}).model_extra == {"x": 1}


@pytest.mark.parametrize("members", [{"model": ""}, {"prompt": 5}, {"prompt": None}, {"n": 0}, {"logprobs": -1}])
def test_what_does_not_fit(members: dict[str, Any]) -> None:
    """Empty names, prompts of no form, counts below their least."""
    with pytest.raises(ValidationError):
        CompletionRequest.model_validate({"model": "m", "prompt": "Hi", **members})
