"""A whole chat completion, cut into chunks: for a caller who asked to stream what Google cannot stream."""

from collections.abc import Mapping
from typing import Any

from translators.chat.stream import DONE, Item

_WORDS = ("content", "reasoning_content", "tool_calls")


def chunks_of(completion: Mapping[str, Any]) -> list[Item]:
    """Words, media and ending of each choice in chunks of their own; usage, warnings and such on the last; `[DONE]`."""
    head = {name: completion[name] for name in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    chunks: list[dict[str, Any]] = [
        {**head, "choices": [choice]} for whole in completion["choices"] for choice in _choice_chunks(whole)
    ]
    extra = {name: completion[name] for name in ("usage", "warnings", "cached", "placeholder") if name in completion}
    return [*chunks[:-1], {**chunks[-1], **extra}, DONE]


def _choice_chunks(choice: Mapping[str, Any]) -> list[dict[str, Any]]:
    message: Mapping[str, Any] = choice["message"]
    silent = dict.fromkeys(_WORDS)
    words = {name: message[name] for name in _WORDS}
    media = {name: value for name, value in message.items() if name not in {*_WORDS, "role"}}
    open_choice = {"index": choice["index"], "finish_reason": None, "native_finish_reason": None}
    return [
        *([open_choice | {"delta": {"role": "assistant", **words}}] if any(words.values()) else []),
        *([open_choice | {"delta": {"role": "assistant", **silent, **media}}] if media else []),
        {**{name: value for name, value in choice.items() if name != "message"}, "delta": {"role": None, **silent}},
    ]
