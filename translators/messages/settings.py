"""What a message request says about tools, thinking and form, in a chat completion's words."""

from typing import Any

from translators.errors import BadRequest
from translators.wire.anthropic import CountTokensRequest, OutputFormat, ToolChoice
from translators.wire.anthropic import Tool as AnthropicTool
from translators.wire.openai import FunctionTool, JsonSchema, Reasoning, ResponseFormat, Tool

SERVER_TOOLS = {"web_search_": "google_search", "web_fetch_": "url_context", "code_execution_": "code_execution"}
"""How the types of Anthropic's own tools begin -> Google's own tool that does the same."""

_SERVER_TOOL_SETTINGS = frozenset({"max_uses", "allowed_domains", "blocked_domains", "user_location", "citations"})
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def tools_of(tools: list[AnthropicTool]) -> list[Tool]:
    """The same tools, in the same places. Raises BadRequest for one that only Anthropic's models have."""
    return [_tool(tool, param=f"tools[{index}]") for index, tool in enumerate(tools)]


def tool_warnings(request: CountTokensRequest) -> list[str]:
    """What of the tools' settings had no effect."""
    settings = [
        f"tools[{index}].{name} had no effect: Google's own tools have no such setting."
        for index, tool in enumerate(request.tools or ())
        for name in tool.model_extra or {}
        if name in _SERVER_TOOL_SETTINGS
    ]
    one_call = "tool_choice.disable_parallel_tool_use had no effect: Gemini may make several calls at once."
    choice = request.tool_choice
    return [*settings, *([one_call] if choice is not None and choice.disable_parallel_tool_use else [])]


def tool_choice_of(choice: ToolChoice) -> str | dict[str, Any]:
    """The same choice. Raises BadRequest for a tool without its name."""
    if choice.type != "tool":
        return _CHOICES[choice.type]
    if not choice.name:
        raise BadRequest("Name the tool that shall be used.", param="tool_choice.name")
    return {"type": "function", "function": {"name": choice.name}}


def reasoning_of(request: CountTokensRequest) -> Reasoning | None:
    """How much to think, and whether it is shown. Raises BadRequest for `enabled` without a budget."""
    wishes: dict[str, Any] = {}
    if request.output_config is not None and request.output_config.effort is not None:
        wishes["effort"] = request.output_config.effort
    thinking = request.thinking
    if thinking is not None:
        if thinking.type == "enabled" and thinking.budget_tokens is None:
            raise BadRequest("Thinking that is enabled needs a budget.", param="thinking.budget_tokens")
        wishes["enabled"] = thinking.type != "disabled"
        if thinking.budget_tokens is not None and thinking.type == "enabled":
            wishes["max_tokens"] = thinking.budget_tokens
        if thinking.display is not None:
            wishes["exclude"] = thinking.display == "omitted"
    return Reasoning(**wishes) if wishes else None


def thinking_warnings(request: CountTokensRequest) -> list[str]:
    """What of the thinking settings had no effect."""
    thinking = request.thinking
    if thinking is None:
        return []
    between = "thinking.type between_tools had no effect of its own: Gemini decides by itself when to think."
    budget = f"thinking.budget_tokens had no effect: it goes with enabled, not with {thinking.type}."
    return [
        *([between] if thinking.type == "between_tools" else []),
        *([budget] if thinking.budget_tokens is not None and thinking.type != "enabled" else []),
    ]


def response_format_of(request: CountTokensRequest) -> ResponseFormat | None:
    """The schema the answer must follow."""
    wanted: OutputFormat | None = request.output_config.format if request.output_config is not None else None
    wanted = wanted or request.output_format
    return ResponseFormat(type="json_schema", json_schema=JsonSchema(schema_=wanted.schema_)) if wanted else None


def _tool(tool: AnthropicTool, *, param: str) -> Tool:
    if tool.type in {None, "custom"}:
        members = {"description": tool.description, "parameters": tool.input_schema, "strict": tool.strict}
        given = {name: value for name, value in members.items() if value is not None}
        return Tool(type="function", function=FunctionTool(name=tool.name, **given))
    for start, google in SERVER_TOOLS.items():
        if (tool.type or "").startswith(start):
            return Tool(type=google)
    raise BadRequest(
        f"{tool.type!r} is a tool that only Anthropic's models know; declare it as one of your own, with an "
        f"input_schema. Understood are custom and {', '.join(f'{start}*' for start in SERVER_TOOLS)}.",
        param=f"{param}.type",
    )
