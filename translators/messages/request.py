"""A message request -> a chat completion request."""

import json
from collections.abc import Iterator
from typing import Any, assert_never

from pydantic import BaseModel

from translators.as_chat import AsChat, Draft, Trail
from translators.assistant_turn import AssistantTurn
from translators.conversation import conversation_of
from translators.errors import BadRequest
from translators.messages.blocks import misplaced, parts_of, strict_text, text_part
from translators.messages.fields import FATES
from translators.messages.settings import (
    reasoning_of,
    response_format_of,
    thinking_warnings,
    tool_choice_of,
    tool_warnings,
    tools_of,
)
from translators.read_body import Branches, read_body
from translators.wire.anthropic import (
    AnyBlock,
    CountTokensRequest,
    Message,
    MessagesRequest,
    RedactedThinkingBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
)
from translators.wire.openai import (
    ChatCompletionRequest,
    Part,
    SystemMessage,
    ToolMessage,
    UserMessage,
)

_BRANCHES = Branches(
    tags=frozenset({"text", "image", "document", "search_result", "thinking", "redacted_thinking", "tool_use"})
    | frozenset({"tool_result", "base64", "url", "file", "content"}),
    fields=frozenset({"content", "source"}),
)

OWN_NAMES = {
    "stop": "stop_sequences",
    "reasoning.max_tokens": "thinking.budget_tokens",
    "reasoning.effort": "output_config.effort",
    "reasoning.enabled": "thinking.type",
    "tool_choice.function.name": "tool_choice.name",
}
"""A chat completion's fields -> where the same is said in a message request."""


def parse_messages(body: bytes) -> MessagesRequest:
    """Read POST /v1/messages. Raises BadRequest naming the place."""
    return read_body(MessagesRequest, body, _BRANCHES)


def parse_count_tokens(body: bytes) -> CountTokensRequest:
    """Read POST /v1/messages/count_tokens. Raises BadRequest naming the place."""
    return read_body(CountTokensRequest, body, _BRANCHES)


def to_chat(request: CountTokensRequest) -> AsChat:
    """Rewrite a request. Raises BadRequest naming the field that cannot be carried over."""
    warnings = FATES.review(request, _below(request))
    draft = Draft(Trail(dict(OWN_NAMES)))
    if request.system:
        draft.add(SystemMessage(role="system", content=strict_text(request.system, path="system")), own="system")
    for index, message in enumerate(request.messages):
        _add(draft, message, path=f"messages[{index}]")
    if not draft.messages:
        raise BadRequest("messages has nothing in it that a model could answer; send a text.", param="messages")
    settings: dict[str, Any] = {
        "tools": tools_of(request.tools) if request.tools else None,
        "tool_choice": tool_choice_of(request.tool_choice) if request.tool_choice else None,
        "reasoning": reasoning_of(request),
        "response_format": response_format_of(request),
        **(_sampling(request) if isinstance(request, MessagesRequest) else {}),
    }
    given = {name: value for name, value in settings.items() if value is not None}
    return AsChat(
        chat=ChatCompletionRequest(
            model=request.model, messages=draft.messages, n=1, **given, **conversation_of(request)
        ),
        trail=draft.trail,
        warnings=(*warnings, *tool_warnings(request), *thinking_warnings(request)),
    )


def _sampling(request: MessagesRequest) -> dict[str, Any]:
    return {
        "stream": request.stream,
        "max_tokens": request.max_tokens,
        "stop": request.stop_sequences,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "image_config": request.image_config,
        "safety_settings": request.safety_settings,
    }


def _add(draft: Draft, message: Message, *, path: str) -> None:
    match message.role:
        case "system":
            content = strict_text(message.content, path=f"{path}.content")
            draft.add(SystemMessage(role="system", content=content), own=path)
        case "user":
            _add_user(draft, message, path=path)
        case "assistant":
            _add_assistant(draft, message, path=path)
        case _:
            assert_never(message.role)


def _add_user(draft: Draft, message: Message, *, path: str) -> None:
    """Results first: in a chat completion nothing may stand between a call and its result."""
    parts: list[Part] = []
    origins: dict[str, str] = {}
    for block, place in _blocks(message, path):
        match block:
            case ToolResultBlock():
                draft.add(_result(block), own=place)
            case ThinkingBlock() | RedactedThinkingBlock() | ToolUseBlock():
                raise misplaced(block, path=place)
            case _:
                made = parts_of(block)
                origins |= {f"content[{len(parts) + number}]": place for number in range(len(made))}
                parts += made
    if isinstance(message.content, str):
        draft.add(UserMessage(role="user", content=message.content), own=path)
    elif parts:
        draft.add(UserMessage(role="user", content=parts), own=path, origins=origins)


def _add_assistant(draft: Draft, message: Message, *, path: str) -> None:
    turn = AssistantTurn(own=path)
    if isinstance(message.content, str):
        turn.say(text_part(message.content), own=f"{path}.content")
    for block, place in _blocks(message, path):
        match block:
            case ThinkingBlock():
                turn.think(block.thinking, block.signature)
            case RedactedThinkingBlock():
                # Nobody but its maker can read it, and nothing depends on it.
                continue
            case ToolUseBlock():
                turn.call(block.id, block.name, json.dumps(block.input, ensure_ascii=False), own=place)
            case ToolResultBlock():
                raise misplaced(block, path=place)
            case _:
                for part in parts_of(block):
                    turn.say(part, own=place)
    made = turn.message()
    if made is not None:
        draft.add(made, own=path, origins=turn.origins)


def _result(block: ToolResultBlock) -> ToolMessage:
    content = block.content or ""
    parts = content if isinstance(content, str) else [part for inner in content for part in parts_of(inner)]
    failed = {"is_error": True} if block.is_error else {}
    return ToolMessage(role="tool", tool_call_id=block.tool_use_id, content=parts, **failed)


def _blocks(message: Message, path: str) -> list[tuple[AnyBlock, str]]:
    blocks = [] if isinstance(message.content, str) else message.content
    return [(block, f"{path}.content[{index}]") for index, block in enumerate(blocks)]


def _below(request: CountTokensRequest) -> Iterator[tuple[str, BaseModel]]:
    """What may have members that nobody knows."""
    for index, message in enumerate(request.messages):
        yield f"messages[{index}]", message
        for block, place in _blocks(message, f"messages[{index}]"):
            yield place, block
    for index, tool in enumerate(request.tools or ()):
        if tool.type in {None, "custom"}:
            yield f"tools[{index}]", tool
    for name in ("thinking", "tool_choice", "output_config"):
        if (part := getattr(request, name)) is not None:
            yield name, part
