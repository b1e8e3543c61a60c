"""A Responses request -> a chat completion request."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from translators.as_chat import AsChat, Draft, Trail
from translators.assistant_turn import AssistantTurn
from translators.chat.parse import PART_TAGS
from translators.content import media_from_base64
from translators.conversation import conversation_of
from translators.errors import BadRequest
from translators.read_body import Branches, read_body
from translators.responses.fields import FATES
from translators.responses.settings import (
    logprobs_of,
    reasoning_of,
    response_format_of,
    setting_warnings,
    tool_choice_of,
    tools_of,
)
from translators.wire.openai import ChatCompletionRequest, SystemMessage, TextPart, ToolMessage, UserMessage
from translators.wire.responses import (
    FunctionCallItem,
    FunctionCallOutputItem,
    ImageGenerationItem,
    Item,
    MessageItem,
    ReasoningItem,
    ReferenceItem,
    ResponsesRequest,
)

_BRANCHES = Branches(
    tags=frozenset({"message", "function_call", "function_call_output", "reasoning", "image_generation_call"})
    | frozenset({"item_reference"})
    | PART_TAGS,
    fields=frozenset({"input", "content", "output"}),
    models=frozenset({"str", "MediaUrl"}),
)

OWN_NAMES = {
    "messages": "input",
    "max_completion_tokens": "max_output_tokens",
    "max_tokens": "max_output_tokens",
    "verbosity": "text.verbosity",
    "reasoning.enabled": "reasoning.summary",
    "tool_choice.function.name": "tool_choice.name",
    "tool_choice.allowed_tools.tools": "tool_choice.tools",
}
"""A chat completion's fields -> where the same is said in a Responses request."""


def parse_responses(body: bytes) -> ResponsesRequest:
    """Read POST /v1/responses. Raises BadRequest naming the place."""
    return read_body(ResponsesRequest, body, _BRANCHES)


def to_chat(request: ResponsesRequest) -> AsChat:
    """Rewrite a request. Raises BadRequest naming the field that cannot be carried over."""
    warnings = FATES.review(request, _below(request))
    draft = Draft(Trail(dict(OWN_NAMES)))
    if request.instructions:
        draft.add(SystemMessage(role="system", content=request.instructions), own="instructions")
    if isinstance(request.input, str):
        draft.add(UserMessage(role="user", content=request.input), own="input")
    else:
        _add_items(draft, request.input)
    settings: dict[str, Any] = {
        "stream": request.stream,
        "max_completion_tokens": request.max_output_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        **logprobs_of(request),
        "response_format": response_format_of(request),
        "verbosity": request.text.verbosity if request.text is not None else None,
        "reasoning": reasoning_of(request),
        "tools": tools_of(request.tools) if request.tools else None,
        "tool_choice": tool_choice_of(request.tool_choice) if request.tool_choice is not None else None,
        **{name: getattr(request, name) for name in _UNCHANGED},
    }
    given = {name: value for name, value in settings.items() if value is not None}
    if not draft.messages:
        raise BadRequest("There is nothing in the input.", param="input")
    return AsChat(
        chat=ChatCompletionRequest(
            model=request.model, messages=draft.messages, n=1, **given, **conversation_of(request)
        ),
        trail=draft.trail,
        warnings=(*warnings, *setting_warnings(request)),
    )


_UNCHANGED = ("parallel_tool_calls", "google", "image_config", "safety_settings", "seed", "stop", "top_k")


def _add_items(draft: Draft, items: list[Item]) -> None:
    """Neighbouring pieces of one answer are one message; the next thing that is not the model's ends it."""
    turn = AssistantTurn()
    for index, item in enumerate(items):
        path = f"input[{index}]"
        if _add_to_turn(turn, item, path):
            continue
        _end(turn, draft)
        turn = AssistantTurn()
        match item:
            case MessageItem(role="system" | "developer"):
                _add(draft, SystemMessage(role="system", content=item.content), path)
            case MessageItem():
                _add(draft, UserMessage(role="user", content=item.content), path)
            case FunctionCallOutputItem():
                draft.add(ToolMessage(role="tool", tool_call_id=item.call_id, content=item.output), own=path)
            case _:
                raise BadRequest(
                    "Nothing is kept between requests, so there is nothing to refer to; send the item itself.",
                    param=f"{path}.id",
                    code="unsupported_parameter",
                )
    _end(turn, draft)


def _add_to_turn(turn: AssistantTurn, item: Item, path: str) -> bool:
    """Add a piece of an answer; False for anything else."""
    match item:
        case MessageItem(role="assistant", content=content):
            for number, part in enumerate(
                [TextPart(type="text", text=content)] if isinstance(content, str) else content
            ):
                turn.say(part, own=f"{path}.content[{number}]")
        case FunctionCallItem():
            turn.call(item.call_id, item.name, item.arguments, own=path)
        case ReasoningItem():
            texts = [piece.text for piece in (*item.summary, *(item.content or ()))]
            turn.think("\n".join(text for text in texts if text), item.encrypted_content)
        case ImageGenerationItem():
            if item.result:
                mime_type = f"image/{item.output_format}" if item.output_format else None
                picture = media_from_base64(item.result, mime_type=mime_type, param=f"{path}.result")
                turn.show(picture.data_uri, own=f"{path}.result")
        case _:
            return False
    return True


def _add(draft: Draft, message: SystemMessage | UserMessage, path: str) -> None:
    draft.trail.alike.add(f"messages[{len(draft.messages)}]")
    draft.add(message, own=path)


def _end(turn: AssistantTurn, draft: Draft) -> None:
    message = turn.message()
    if message is not None:
        draft.add(message, own=turn.own or "input", origins=turn.origins)


def _below(request: ResponsesRequest) -> Iterator[tuple[str, BaseModel]]:
    """What may have members that nobody knows. Parts of messages are a chat completion's, and judged there."""
    for index, item in enumerate(request.input if isinstance(request.input, list) else ()):
        if not isinstance(item, ReferenceItem):
            yield f"input[{index}]", item
    for index, tool in enumerate(request.tools or ()):
        if tool.type == "function":
            yield f"tools[{index}]", tool
    for name in ("text", "reasoning"):
        if (part := getattr(request, name)) is not None:
            yield name, part
