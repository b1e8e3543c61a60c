"""Tools, thinking and form are said in a chat completion's words, or the caller learns that they are not."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.responses.settings import (
    logprobs_of,
    reasoning_of,
    response_format_of,
    setting_warnings,
    tool_choice_of,
    tools_of,
)
from translators.wire.responses import ResponsesRequest, Tool

SCHEMA = {"type": "object"}


def asked(**members: Any) -> ResponsesRequest:
    return ResponsesRequest.model_validate({"model": "m", "input": "Hi", **members})


@pytest.mark.parametrize(
    ("tool", "chat"),
    [
        ({"type": "function", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
        (
            {"type": "function", "name": "f", "description": "d", "parameters": SCHEMA, "strict": False},
            {
                "type": "function",
                "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": False},
            },
        ),
        ({"type": "web_search_preview"}, {"type": "google_search"}),
        ({"type": "code_interpreter", "container": {"type": "auto"}}, {"type": "code_execution"}),
        ({"type": "url_context"}, {"type": "url_context"}),
        ({"google_search": {}}, {"type": None, "google_search": {}}),
    ],
)
def test_tools(tool: dict[str, Any], chat: dict[str, Any]) -> None:
    """A function of the caller's stays one, OpenAI's own tools become Google's, and Google's stay as they are."""
    (made,) = tools_of([Tool.model_validate(tool)])

    assert made.model_dump(exclude_unset=True, by_alias=True) == chat


@pytest.mark.parametrize(
    ("tool", "param", "way_out"),
    [
        ({"type": "function"}, "tools[0].name", "needs a name"),
        ({"type": "image_generation"}, "tools[0].type", "name an image model"),
        ({"type": "mcp"}, "tools[0].type", "understood are function, web_search"),
    ],
)
def test_a_tool_that_cannot_be_had_is_refused(tool: dict[str, Any], param: str, way_out: str) -> None:
    """By its place, with the way out."""
    with pytest.raises(BadRequest, match=way_out) as caught:
        tools_of([Tool.model_validate(tool)])

    assert caught.value.param == param


def test_tool_choice() -> None:
    """A choice among some tools nests in a chat completion; every other is the same."""
    tools = [{"type": "function", "name": "f"}]

    assert tool_choice_of({"type": "allowed_tools", "mode": "auto", "tools": tools}) == {
        "type": "allowed_tools",
        "allowed_tools": {"mode": "auto", "tools": tools},
    }
    assert tool_choice_of("required") == "required"


@pytest.mark.parametrize(
    ("reasoning", "wishes"),
    [
        (None, None),
        ({}, None),
        ({"effort": "low"}, {"effort": "low"}),
        ({"summary": "auto"}, {"enabled": True}),
        ({"effort": "low", "generate_summary": "auto"}, {"effort": "low", "enabled": True}),
        ({"effort": "none", "summary": "auto"}, {"effort": "none"}),
    ],
)
def test_thinking(reasoning: dict[str, Any] | None, wishes: dict[str, Any] | None) -> None:
    """Only what was asked for is asked of Google; a summary of nothing is not."""
    made = reasoning_of(asked(reasoning=reasoning))

    assert (None if made is None else made.model_dump(exclude_unset=True)) == wishes


@pytest.mark.parametrize(
    ("members", "logprobs"),
    [
        ({}, (None, None)),
        ({"top_logprobs": 0}, (True, 0)),
        ({"include": ["message.output_text.logprobs"]}, (True, None)),
        ({"include": ["reasoning.encrypted_content"]}, (None, None)),
    ],
)
def test_logprobs(members: dict[str, Any], logprobs: tuple[Any, Any]) -> None:
    """Either way of asking is enough."""
    assert tuple(logprobs_of(asked(**members)).values()) == logprobs


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (None, None),
        ({"verbosity": "low"}, None),
        ({"format": {"type": "json_object"}}, {"type": "json_object"}),
        (
            {"format": {"type": "json_schema", "name": "a", "schema": SCHEMA}},
            {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
        ),
    ],
)
def test_the_form_of_the_answer(text: dict[str, Any] | None, form: dict[str, Any] | None) -> None:
    """As the caller said it; where nothing was said, nothing is asked."""
    made = response_format_of(asked(text=text))

    assert (None if made is None else made.model_dump(exclude_unset=True, by_alias=True)) == form


def test_a_schema_is_needed_where_it_is_named() -> None:
    """The way out is the field that is missing."""
    with pytest.raises(BadRequest) as caught:
        response_format_of(asked(text={"format": {"type": "json_schema"}}))

    assert caught.value.param == "text.format.schema"


def test_settings_without_effect_are_told() -> None:
    """Of Google's own tools, of include and of truncation; a function's members are reviewed elsewhere."""
    tools = [{"type": "web_search", "filters": {}}, {"type": "function", "name": "f", "x": 1}, {"url_context": {}}]
    include = ["file_search_call.results", "reasoning.encrypted_content"]

    warnings = setting_warnings(asked(tools=tools, include=include, truncation="auto"))

    assert [warning.partition(" had no effect")[0] for warning in warnings] == [
        "tools[0].filters",
        "include: file_search_call.results",
        "truncation: auto",
    ]
    assert setting_warnings(asked(truncation="disabled")) == []
