"""The request side of OpenAI's Responses API, as bytes bring it in.

Field names are those of openai-python 3.52 (2026-11). A message's parts are a chat message's, which knows both
spellings. Each model keeps what it does not know in `model_extra`, so that the caller can be told about it.
"""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Discriminator, Field, Tag

from translators.wire.openai import Content, GoogleOptions, ImageConfig, SafetySetting, Wire


class MessageItem(Wire):
    """What someone said; `type` may be left out."""

    type: Literal["message"] = "message"
    role: Literal["user", "assistant", "system", "developer"]
    content: Content


class FunctionCallItem(Wire):
    """A call that an earlier answer made."""

    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str


class FunctionCallOutputItem(Wire):
    """What a function returned for one call."""

    type: Literal["function_call_output"]
    call_id: str
    output: Content


class ReasoningText(Wire):
    """A piece of thinking."""

    text: str = ""


class ReasoningItem(Wire):
    """Thinking of an earlier answer; `encrypted_content` is for whoever made it."""

    type: Literal["reasoning"]
    summary: list[ReasoningText] = Field(default_factory=list)
    content: list[ReasoningText] | None = None
    encrypted_content: str | None = None


class ImageGenerationItem(Wire):
    """A picture that an earlier answer made, as base64."""

    type: Literal["image_generation_call"]
    result: str | None = None
    output_format: str | None = None


class ReferenceItem(Wire):
    """Something that OpenAI's server would remember."""

    type: Literal["item_reference"]
    id: str


def _kind(item: Any) -> str:
    kind = item.get("type") if isinstance(item, dict) else getattr(item, "type", None)
    return "message" if kind is None else str(kind)


Item = Annotated[
    Annotated[MessageItem, Tag("message")]
    | Annotated[FunctionCallItem, Tag("function_call")]
    | Annotated[FunctionCallOutputItem, Tag("function_call_output")]
    | Annotated[ReasoningItem, Tag("reasoning")]
    | Annotated[ImageGenerationItem, Tag("image_generation_call")]
    | Annotated[ReferenceItem, Tag("item_reference")],
    Discriminator(_kind),
]


class Tool(Wire):
    """A function, which does not nest here, or (by `type`) one of the server's own tools."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class TextFormat(Wire):
    """The form an answer must have."""

    type: Literal["text", "json_object", "json_schema"]
    name: str | None = None
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    strict: bool | None = None


class TextConfig(Wire):
    """What an answer in words looks like."""

    format: TextFormat | None = None
    verbosity: str | None = None


class Reasoning(Wire):
    """How much to think, and whether it is shown."""

    effort: str | None = None
    summary: str | None = None
    generate_summary: str | None = None


class ResponsesRequest(Wire):
    """POST /v1/responses. `translators.responses.fields` says of each field what becomes of it."""

    model: str = Field(min_length=1)
    input: Annotated[str | list[Item], Field(union_mode="left_to_right")]
    instructions: str | None = None
    stream: bool | None = None

    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_logprobs: int | None = Field(default=None, ge=0)
    include: list[str] | None = None
    text: TextConfig | None = None
    reasoning: Reasoning | None = None

    tools: list[Tool] | None = None
    tool_choice: Annotated[str | dict[str, Any], Field(union_mode="left_to_right")] | None = None
    parallel_tool_calls: bool | None = None

    # No fields of the Responses API: a chat completion's, for what only Google has.
    google: GoogleOptions | None = None
    image_config: ImageConfig | None = None
    safety_settings: list[SafetySetting] | None = Field(
        default=None, validation_alias=AliasChoices("safety_settings", "safetySettings")
    )
    seed: int | None = None
    stop: Annotated[str | list[str], Field(union_mode="left_to_right")] | None = None
    top_k: int | None = None

    # These change nothing in Google's request: read only so that they are known by name.
    access_programs: Any = None
    background: Any = None
    context_management: Any = None
    conversation: Any = None
    image: Any = None
    max_tool_calls: Any = None
    metadata: Any = None
    moderation: Any = None
    previous_response_id: Any = None
    prompt: Any = None
    prompt_cache_key: Any = None
    prompt_cache_options: Any = None
    prompt_cache_retention: Any = None
    safety_identifier: Any = None
    service_tier: Any = None
    store: Any = None
    stream_options: Any = None
    truncation: Any = None
    user: Any = None
