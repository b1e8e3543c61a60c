"""OpenAI's tools and tool_choice -> Gemini's tools and toolConfig."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from translators.chat.tool_names import google_name, original_names
from translators.errors import BadRequest
from translators.schema import clean_schema
from translators.wire.openai import ChatCompletionRequest, FunctionTool

GOOGLE_TOOLS: Mapping[str, str] = {
    "google_search": "googleSearch",
    "googleSearch": "googleSearch",
    "code_execution": "codeExecution",
    "codeExecution": "codeExecution",
    "url_context": "urlContext",
    "urlContext": "urlContext",
}
"""Google's own tools, by key (`{"google_search": {}}`) or by `type`."""

CHOICES: Mapping[str, str] = {"auto": "AUTO", "none": "NONE", "required": "ANY"}
"""`tool_choice` as a word -> functionCallingConfig.mode."""

# VALIDATED is the mode in which Gemini may also answer in words while only the allowed functions are open to it.
_ALLOWED_MODES: Mapping[str, str] = {"auto": "VALIDATED", "required": "ANY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tooling:
    """What a request says about tools, in Google's words; `original_names` maps changed names back."""

    tools: list[dict[str, Any]] = field(default_factory=list)
    tool_config: dict[str, Any] | None = None
    original_names: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def tooling(request: ChatCompletionRequest) -> Tooling:
    """Translate everything about tools. Raises BadRequest for a tool or a choice that Gemini cannot have."""
    if not request.tools and request.tool_choice is None and request.web_search_options is None:
        return _NONE
    functions: list[FunctionTool] = []
    google_tools: list[dict[str, Any]] = []
    for index, tool in enumerate(request.tools or ()):
        if tool.function is not None and tool.type in {None, "function"}:
            functions.append(tool.function)
        else:
            google_tools.extend(_google_tools(tool.type, tool.model_extra or {}, param=f"tools[{index}]"))
    if request.web_search_options is not None and {"googleSearch": {}} not in google_tools:
        google_tools.append({"googleSearch": {}})
    declared = [google_name(function.name) for function in functions]
    return Tooling(
        tools=[
            *([{"functionDeclarations": [_declaration(function) for function in functions]}] if functions else []),
            *google_tools,
        ],
        tool_config=_tool_config(request.tool_choice, declared),
        original_names=original_names(function.name for function in functions),
        warnings=_warnings(request),
    )


_NONE = Tooling()


def _declaration(function: FunctionTool) -> dict[str, Any]:
    return {
        "name": google_name(function.name),
        **({"description": function.description} if function.description is not None else {}),
        "parametersJsonSchema": clean_schema(function.parameters),
    }


def _google_tools(kind: str | None, members: Mapping[str, Any], *, param: str) -> list[dict[str, Any]]:
    keyed = [{GOOGLE_TOOLS[key]: settings or {}} for key, settings in members.items() if key in GOOGLE_TOOLS]
    if keyed:
        return keyed
    if kind is not None and kind in GOOGLE_TOOLS:
        return [{GOOGLE_TOOLS[kind]: {}}]
    allowed = ", ".join(("function", *GOOGLE_TOOLS))
    raise BadRequest(
        f"{kind!r} is not a tool that Gemini has; allowed are {allowed}."
        if kind and kind != "function"
        else f"A tool needs a function, or one of Google's own tools; allowed are {allowed}.",
        param=f"{param}.type" if kind and kind != "function" else param,
    )


def _tool_config(choice: str | dict[str, Any] | None, declared: list[str]) -> dict[str, Any] | None:
    if choice is None:
        return None
    mode, names, param = _read_choice(choice)
    missing = [name for name in names if name not in declared]
    if missing:
        raise BadRequest(f"{missing[0]!r} is not among the declared functions.", param=param)
    if not declared:
        # With no function declared, auto and none ask for what happens anyway.
        if mode == "ANY":
            raise BadRequest("A tool can only be required when tools are declared.", param="tool_choice")
        return None
    return {"functionCallingConfig": {"mode": mode} | ({"allowedFunctionNames": names} if names else {})}


def _read_choice(choice: str | dict[str, Any]) -> tuple[str, list[str], str]:
    """The mode, the names it is limited to, and the path of those names."""
    match choice:
        case str() if choice in CHOICES:
            return CHOICES[choice], [], "tool_choice"
        case {"type": "function", "function": {"name": str(name)}} | {"type": "function", "name": str(name)}:
            return "ANY", [google_name(name)], "tool_choice.function.name"
        case {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": [*tools]}} if mode in _ALLOWED_MODES:
            return _ALLOWED_MODES[mode], [_allowed_name(tool) for tool in tools], "tool_choice.allowed_tools.tools"
        case _:
            raise BadRequest(
                "tool_choice must be auto, none, required, a function "
                '({"type": "function", "function": {"name": ...}}) or allowed_tools.',
                param="tool_choice",
            )


def _allowed_name(tool: Any) -> str:
    match tool:
        case {"function": {"name": str(name)}} | {"name": str(name)}:
            return google_name(name)
        case _:
            raise BadRequest("Only functions can be allowed by name.", param="tool_choice.allowed_tools.tools")


def _warnings(request: ChatCompletionRequest) -> tuple[str, ...]:
    one_call = "parallel_tool_calls: false had no effect: Gemini may make several calls at once."
    search = [
        f"web_search_options.{option} had no effect: Google Search takes no options."
        for option in request.web_search_options or {}
    ]
    return (*([one_call] if request.parallel_tool_calls is False and request.tools else []), *search)
