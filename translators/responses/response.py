"""A chat completion -> a response.

Thinking, words, calls and pictures are items in their order. A call that came with Gemini's thought signature has a
reasoning item with it directly before: clients that keep no state at the server send those back. A picture is an
`image_generation_call`; any other medium has no form here and is a Markdown link in a message.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, assert_never

from translators.answer_events import Call, Cited, Ended, Medium, Thought, Words, read_completion
from translators.as_chat import AsChat
from translators.responses.frame import Frame, response_id, status_of
from translators.responses.items import (
    Item,
    annotations_in,
    call_item,
    item_id,
    message_item,
    picture_item,
    reasoning_item,
)
from translators.wire.responses import ResponsesRequest

Said: TypeAlias = Thought | Words | Call | Medium


def to_response(completion: Mapping[str, Any], *, request: ResponsesRequest, asked: AsChat) -> dict[str, Any]:
    """Build the response that answers `request`, which `asked` is the chat completion of."""
    frame = Frame(
        request=request,
        asked=asked,
        id=response_id(completion["id"]),
        created=completion["created"],
        model=completion["model"],
    )
    ended = Ended(finish_reason=None)
    output: list[Item] = []
    for event in read_completion(completion):
        if isinstance(event, Ended):
            ended = event
        elif isinstance(event, Cited):
            content = output[-1]["content"][0]
            content["annotations"] = annotations_in(event, begin=0, length=len(content["text"]))
        else:
            output += _items(event, frame.id, len(output))
    if output and output[-1]["type"] == "message":
        output[-1]["status"] = status_of(ended) or "completed"
    return frame.ended(ended, output)


def _items(event: Said, own: str, place: int) -> list[Item]:
    match event:
        case Thought(text=text):
            return [reasoning_item(item_id("rs", own, place), text)]
        case Words(text=text, logprobs=logprobs):
            return [message_item(item_id("msg", own, place), text, logprobs)]
        case Call(signature=None):
            return [call_item(item_id("fc", own, place), event, arguments=event.arguments)]
        case Call(signature=signature):
            return [
                reasoning_item(item_id("rs", own, place), "", signature=signature),
                call_item(item_id("fc", own, place + 1), event, arguments=event.arguments),
            ]
        case Medium() if event.is_inline_image:
            return [picture_item(item_id("ig", own, place), event)]
        case Medium():
            return [message_item(item_id("msg", own, place), event.markdown, [])]
        case _:
            assert_never(event)
