"""Tools and tool_choice in Gemini's words."""

from typing import Any

import pytest

from translators.chat.tools import Tooling, tooling
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest


def function(name: str = "f", **members: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **members}}


def tools_of(**members: Any) -> Tooling:
    return tooling(
        ChatCompletionRequest.model_validate({"model": "m", "messages": [{"role": "user", "content": "x"}], **members})
    )


def test_without_tools_there_is_nothing() -> None:
    """No tools, no toolConfig, no warnings."""
    assert tools_of() == Tooling()


def test_declarations() -> None:
    """A function keeps its description; one without parameters takes an empty object."""
    tools = tools_of(
        tools=[function(description="Does"), {"function": {"name": "g", "parameters": {"type": "object"}}}]
    )

    assert tools.tools == [
        {
            "functionDeclarations": [
                {
                    "name": "f",
                    "description": "Does",
                    "parametersJsonSchema": {"type": "object", "properties": {}},
                },
                {"name": "g", "parametersJsonSchema": {"type": "object"}},
            ]
        }
    ]


@pytest.mark.parametrize(
    ("tool", "google"),
    [
        ({"google_search": {}}, {"googleSearch": {}}),
        ({"googleSearch": None}, {"googleSearch": {}}),
        ({"type": "google_search"}, {"googleSearch": {}}),
        ({"code_execution": {}}, {"codeExecution": {}}),
        ({"url_context": {"a": 1}}, {"urlContext": {"a": 1}}),
    ],
)
def test_googles_own_tools(tool: dict[str, Any], google: dict[str, Any]) -> None:
    """Google's tools are asked for by key or by type, with their settings."""
    assert tools_of(tools=[tool]).tools == [google]


def test_web_search_is_google_search_once() -> None:
    """web_search_options asks for Google Search, told where its options had no effect, and never twice."""
    tools = tools_of(tools=[{"google_search": {}}], web_search_options={"user_location": {}})

    assert tools.tools == tools_of(web_search_options={}).tools == [{"googleSearch": {}}]
    assert tools.warnings == ("web_search_options.user_location had no effect: Google Search takes no options.",)


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        (function("g"), {"mode": "ANY", "allowedFunctionNames": ["g"]}),
        ({"type": "function", "name": "g"}, {"mode": "ANY", "allowedFunctionNames": ["g"]}),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [function("g"), {"name": "f"}]}},
            {"mode": "ANY", "allowedFunctionNames": ["g", "f"]},
        ),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [function("g")]}},
            {"mode": "VALIDATED", "allowedFunctionNames": ["g"]},
        ),
    ],
)
def test_tool_choice(choice: Any, config: dict[str, Any]) -> None:
    """Each of OpenAI's choices has a mode."""
    tools = tools_of(tools=[function("f"), function("g")], tool_choice=choice)

    assert tools.tool_config == {"functionCallingConfig": config}


@pytest.mark.parametrize("choice", ["auto", "none"])
def test_a_choice_of_nothing_is_nothing(choice: str) -> None:
    """Front ends send tool_choice without tools; what happens anyway needs no setting."""
    assert tools_of(tool_choice=choice).tool_config is None


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"tools": [{"type": "custom", "custom": {}}]}, "tools[0].type"),
        ({"tools": [function(), {"type": "function"}]}, "tools[1]"),
        ({"tools": [{}]}, "tools[0]"),
        ({"tools": [function("a b"), function("a_b")]}, "tools[1].function.name"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [function()], "tool_choice": "always"}, "tool_choice"),
        ({"tools": [function()], "tool_choice": {"type": "custom"}}, "tool_choice"),
        ({"tools": [function()], "tool_choice": function("g")}, "tool_choice.function.name"),
        (
            {
                "tools": [function()],
                "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [5]}},
            },
            "tool_choice.allowed_tools.tools",
        ),
        (
            {
                "tools": [function()],
                "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [function("g")]}},
            },
            "tool_choice.allowed_tools.tools",
        ),
    ],
)
def test_what_gemini_cannot_have_is_refused(members: dict[str, Any], param: str) -> None:
    """A tool or a choice without counterpart is a 400 at its place."""
    with pytest.raises(BadRequest) as error:
        tools_of(**members)

    assert error.value.param == param


def test_one_call_at_a_time_is_told() -> None:
    """parallel_tool_calls: false has no counterpart; true, or false without tools, is what happens anyway."""
    assert len(tools_of(tools=[function()], parallel_tool_calls=False).warnings) == 1
    assert tools_of(tools=[function()], parallel_tool_calls=True).warnings == ()
    assert tools_of(parallel_tool_calls=False).warnings == ()
