"""A chat completion -> Anthropic's message.

Blocks come in the order of a chat completion: thinking, text, calls, media. A call that came with Gemini's thought
signature has a thinking block with it directly before: Anthropic's clients send those back untouched. Anthropic's
answers hold no pictures; one is a Markdown image with a data URI, which a later request may bring back as it is.
"""

import json
from collections.abc import Mapping
from typing import Any, assert_never

from translators.answer_events import Call, Cited, Ended, Medium, Thought, Words, read_completion
from translators.as_chat import AsChat
from translators.assistant_turn import marked
from translators.messages.ending import citations_of, message_id, stop_members, told_members, usage_of


def to_message(completion: Mapping[str, Any], asked: AsChat) -> dict[str, Any]:
    """Build the message that answers `asked`. Usage is 0 where Google told none, for a message must have it."""
    blocks: list[dict[str, Any]] = []
    words: list[str] = []
    ended = Ended(finish_reason=None)
    for event in read_completion(completion):
        match event:
            case Thought(text=text):
                blocks.append({"type": "thinking", "thinking": text, "signature": ""})
            case Words(text=text):
                words.append(text)
                blocks.append({"type": "text", "text": text})
            case Cited():
                blocks[-1]["citations"] = citations_of(event, "".join(words))
            case Call():
                _add_call(blocks, event)
            case Medium():
                blocks.append({"type": "text", "text": event.markdown})
            case Ended():
                ended = event
            case _:
                assert_never(event)
    return {
        "id": message_id(completion["id"]),
        "type": "message",
        "role": "assistant",
        "model": completion["model"],
        "content": blocks,
        **stop_members(ended),
        "usage": usage_of(ended.usage),
        **told_members(ended, asked.told(ended.warnings)),
    }


def _add_call(blocks: list[dict[str, Any]], call: Call) -> None:
    if call.signature:
        if not blocks or blocks[-1]["type"] != "thinking":
            blocks.append({"type": "thinking", "thinking": ""})
        blocks[-1]["signature"] = marked(call.signature)
    blocks.append({"type": "tool_use", "id": call.id, "name": call.name, "input": json.loads(call.arguments)})
