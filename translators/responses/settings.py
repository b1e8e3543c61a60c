"""What a Responses request says about tools, thinking and form, in a chat completion's words."""

from typing import Any

from translators.errors import BadRequest
from translators.responses.fields import INCLUDED
from translators.wire.openai import FunctionTool, JsonSchema, Reasoning, ResponseFormat
from translators.wire.openai import Tool as ChatTool
from translators.wire.responses import ResponsesRequest, Tool

SERVER_TOOLS = {"web_search": "google_search", "code_interpreter": "code_execution"}
"""How the types of OpenAI's own tools begin -> Google's own tool that does the same."""

_WAYS_OUT = {"image_generation": "name an image model in `model` instead; it needs no tool"}


def tools_of(tools: list[Tool]) -> list[ChatTool]:
    """The same tools, in the same places. Raises BadRequest for one that only OpenAI's models have."""
    return [_tool(tool, param=f"tools[{index}]") for index, tool in enumerate(tools)]


def tool_choice_of(choice: str | dict[str, Any]) -> str | dict[str, Any]:
    """The same choice; what is no choice of a chat completion's either is judged there."""
    match choice:
        case {"type": "allowed_tools", "mode": mode, "tools": tools}:
            return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": tools}}
        case _:
            return choice


def reasoning_of(request: ResponsesRequest) -> Reasoning | None:
    """How much to think, and whether it is shown."""
    asked = request.reasoning
    if asked is None:
        return None
    wishes: dict[str, Any] = {}
    if asked.effort is not None:
        wishes["effort"] = asked.effort
    if (asked.summary or asked.generate_summary) and asked.effort != "none":
        wishes["enabled"] = True
    return Reasoning(**wishes) if wishes else None


def logprobs_of(request: ResponsesRequest) -> dict[str, Any]:
    """`logprobs` and `top_logprobs`, where either way of asking for them is used."""
    wanted = request.top_logprobs is not None or "message.output_text.logprobs" in (request.include or ())
    return {"logprobs": True if wanted else None, "top_logprobs": request.top_logprobs}


def response_format_of(request: ResponsesRequest) -> ResponseFormat | None:
    """The form the answer must have. Raises BadRequest for a schema that is missing."""
    wanted = request.text.format if request.text is not None else None
    if wanted is None:
        return None
    if wanted.type != "json_schema":
        return ResponseFormat(type=wanted.type)
    if wanted.schema_ is None:
        raise BadRequest("json_schema needs a schema.", param="text.format.schema")
    return ResponseFormat(type="json_schema", json_schema=JsonSchema(schema_=wanted.schema_))


def setting_warnings(request: ResponsesRequest) -> list[str]:
    """What of the settings had no effect."""
    server_tools = [
        f"tools[{index}].{name} had no effect: Google's own tools have no such setting."
        for index, tool in enumerate(request.tools or ())
        if tool.type not in {None, "function"}
        for name in tool.model_extra or {}
    ]
    included = [
        f"include: {value} had no effect: there is nothing like it in Gemini's answers."
        for value in request.include or ()
        if value not in INCLUDED
    ]
    cutting = "truncation: auto had no effect: a conversation that is too long is refused, never cut."
    return [*server_tools, *included, *([cutting] if request.truncation == "auto" else [])]


def _tool(tool: Tool, *, param: str) -> ChatTool:
    kind = tool.type
    if kind == "function":
        if not tool.name:
            raise BadRequest("A function needs a name.", param=f"{param}.name")
        members = {"description": tool.description, "parameters": tool.parameters, "strict": tool.strict}
        given = {name: value for name, value in members.items() if value is not None}
        return ChatTool(type="function", function=FunctionTool(name=tool.name, **given))
    for start, google in SERVER_TOOLS.items():
        if kind is not None and kind.startswith(start):
            return ChatTool(type=google)
    if kind is None or kind in _GOOGLE_TYPES:
        return ChatTool(type=kind, **(tool.model_extra or {}))
    way_out = _WAYS_OUT.get(kind, f"understood are function, {', '.join((*SERVER_TOOLS, *sorted(_GOOGLE_TYPES)))}")
    raise BadRequest(f"{kind!r} is a tool that only OpenAI's models have: {way_out}.", param=f"{param}.type")


_GOOGLE_TYPES = frozenset({"google_search", "code_execution", "url_context"})
