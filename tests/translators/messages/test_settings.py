"""Tools, thinking and form are said in a chat completion's words, or the caller learns that they are not."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.messages.settings import (
    reasoning_of,
    response_format_of,
    thinking_warnings,
    tool_choice_of,
    tool_warnings,
    tools_of,
)
from translators.wire.anthropic import CountTokensRequest, Tool, ToolChoice

SCHEMA = {"type": "object"}
FORMAT = {"type": "json_schema", "schema": SCHEMA}


def asked(**members: Any) -> CountTokensRequest:
    return CountTokensRequest.model_validate({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **members})


@pytest.mark.parametrize(
    ("tool", "chat"),
    [
        ({"name": "f"}, {"type": "function", "function": {"name": "f"}}),
        (
            {"name": "f", "type": "custom", "description": "d", "input_schema": SCHEMA, "strict": True},
            {
                "type": "function",
                "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True},
            },
        ),
        ({"name": "s", "type": "web_search_20260209"}, {"type": "google_search"}),
        ({"name": "s", "type": "web_fetch_20260209"}, {"type": "url_context"}),
        ({"name": "s", "type": "code_execution_20260521"}, {"type": "code_execution"}),
    ],
)
def test_tools(tool: dict[str, Any], chat: dict[str, Any]) -> None:
    """A function of the caller's stays one; Anthropic's own tools become Google's."""
    (made,) = tools_of([Tool.model_validate(tool)])

    assert made.model_dump(exclude_unset=True, by_alias=True) == chat


def test_a_tool_that_only_anthropic_has_is_refused() -> None:
    """By its place, with what is understood."""
    with pytest.raises(BadRequest, match=r"web_search_\*") as caught:
        tools_of([Tool(name="f"), Tool(name="c", type="computer_20250124")])

    assert caught.value.param == "tools[1].type"


def test_settings_of_tools_without_effect_are_told() -> None:
    """Google's own tools have no settings, and calls may come several at once; of nothing nothing is told."""
    tools = [{"name": "s", "type": "web_search_20260209", "max_uses": 3, "unheard": 1}]
    choice = {"type": "auto", "disable_parallel_tool_use": True}

    assert tool_warnings(asked(tools=tools, tool_choice=choice)) == [
        "tools[0].max_uses had no effect: Google's own tools have no such setting.",
        "tool_choice.disable_parallel_tool_use had no effect: Gemini may make several calls at once.",
    ]
    assert tool_warnings(asked()) == tool_warnings(asked(tool_choice={"type": "auto"})) == []


@pytest.mark.parametrize(
    ("choice", "chat"),
    [
        ({"type": "auto"}, "auto"),
        ({"type": "any"}, "required"),
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
    ],
)
def test_tool_choice(choice: dict[str, Any], chat: Any) -> None:
    """Each choice has its counterpart."""
    assert tool_choice_of(ToolChoice.model_validate(choice)) == chat


def test_a_chosen_tool_has_a_name() -> None:
    """There is no choosing a tool without one."""
    with pytest.raises(BadRequest) as caught:
        tool_choice_of(ToolChoice(type="tool"))

    assert caught.value.param == "tool_choice.name"


@pytest.mark.parametrize(
    ("members", "reasoning"),
    [
        ({}, None),
        ({"output_config": {}}, None),
        ({"output_config": {"effort": "high"}}, {"effort": "high"}),
        ({"thinking": {"type": "disabled"}}, {"enabled": False}),
        ({"thinking": {"type": "enabled", "budget_tokens": 9}}, {"enabled": True, "max_tokens": 9}),
        ({"thinking": {"type": "adaptive", "budget_tokens": 9}}, {"enabled": True}),
        ({"thinking": {"type": "adaptive", "display": "omitted"}}, {"enabled": True, "exclude": True}),
        ({"thinking": {"type": "adaptive", "display": "summarized"}}, {"enabled": True, "exclude": False}),
    ],
)
def test_thinking(members: dict[str, Any], reasoning: dict[str, Any] | None) -> None:
    """Only what was asked for is asked of Google; a budget counts with `enabled` alone."""
    made = reasoning_of(asked(**members))

    assert (None if made is None else made.model_dump(exclude_unset=True)) == reasoning


def test_enabled_thinking_has_a_budget() -> None:
    """As at Anthropic."""
    with pytest.raises(BadRequest) as caught:
        reasoning_of(asked(thinking={"type": "enabled"}))

    assert caught.value.param == "thinking.budget_tokens"


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({}, []),
        ({"thinking": {"type": "enabled", "budget_tokens": 9}}, []),
        ({"thinking": {"type": "adaptive"}}, []),
        ({"thinking": {"type": "between_tools"}}, ["thinking.type between_tools"]),
        ({"thinking": {"type": "adaptive", "budget_tokens": 9}}, ["thinking.budget_tokens"]),
    ],
)
def test_thinking_settings_without_effect_are_told(members: dict[str, Any], told: list[str]) -> None:
    """Each begins with the field."""
    warnings = thinking_warnings(asked(**members))

    assert [start for start, warning in zip(told, warnings, strict=True) if warning.startswith(start)] == told


@pytest.mark.parametrize("members", [{"output_config": {"format": FORMAT}}, {"output_format": FORMAT}])
def test_the_schema_of_the_answer(members: dict[str, Any]) -> None:
    """It is found in its place and in its older place."""
    wanted = response_format_of(asked(**members))

    assert wanted is not None
    assert wanted.json_schema is not None
    assert wanted.json_schema.schema_ == SCHEMA


def test_no_schema_is_asked_for() -> None:
    """Where none is named."""
    assert response_format_of(asked()) is None
