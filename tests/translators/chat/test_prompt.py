"""The prompt is the last user message."""

from typing import Any

import pytest

from translators.chat.prompt import last_prompt
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, ImagePart


def request_of(*messages: dict[str, Any]) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate({"model": "m", "messages": list(messages)})


def test_the_last_user_message_is_the_prompt() -> None:
    """Earlier ones and the assistant's are not."""
    prompt = last_prompt(
        request_of(
            {"role": "user", "content": "one"},
            {"role": "user", "content": "two"},
            {"role": "assistant", "content": "three"},
        )
    )

    assert (prompt.index, prompt.text, prompt.others) == (1, "two", ())


def test_words_and_media_are_apart() -> None:
    """Text parts join; other parts keep their order."""
    image = {"type": "image_url", "image_url": "u"}
    parts = [{"type": "text", "text": "a"}, image, {"type": "input_text", "text": "b"}]

    prompt = last_prompt(request_of({"role": "user", "content": parts}))

    assert prompt.text == "a\nb"
    assert prompt.others == (ImagePart(type="image_url", image_url="u"),)


def test_no_user_message_is_no_prompt() -> None:
    """A model that takes one prompt needs one."""
    with pytest.raises(BadRequest) as error:
        last_prompt(request_of({"role": "system", "content": "x"}))

    assert error.value.param == "messages"
