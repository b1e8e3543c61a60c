"""The request side of Anthropic's Messages API, as bytes bring it in.

Field names are those of anthropic-python 2.11 (2026-11), and the sampling settings of its earlier versions. Each model
keeps what it does not know in `model_extra`, so that the caller can be told about it.
"""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from translators.wire.openai import ImageConfig, SafetySetting, Wire


class Block(Wire):
    """A piece of a message's content; `cache_control` marks what Anthropic should cache."""

    cache_control: Any = None


class TextBlock(Block):
    """Text; `citations` belong to an earlier answer."""

    type: Literal["text"]
    text: str
    citations: Any = None


class Base64Source(Wire):
    """A file's bytes as base64."""

    type: Literal["base64"]
    media_type: str
    data: str


class UrlSource(Wire):
    """A file's address."""

    type: Literal["url"]
    url: str


class FileSource(Wire):
    """The id of an uploaded file."""

    type: Literal["file"]
    file_id: str


class PlainTextSource(Wire):
    """A document that is text."""

    type: Literal["text"]
    media_type: str = "text/plain"
    data: str


class ImageBlock(Block):
    """A picture."""

    type: Literal["image"]
    source: Annotated[Base64Source | UrlSource | FileSource, Field(discriminator="type")]


class ContentSource(Wire):
    """A document that is content of its own."""

    type: Literal["content"]
    content: Annotated[
        str | list[Annotated[TextBlock | ImageBlock, Field(discriminator="type")]], Field(union_mode="left_to_right")
    ]


class DocumentBlock(Block):
    """A document; the model reads `title` and `context` as well."""

    type: Literal["document"]
    source: Annotated[
        Base64Source | UrlSource | FileSource | PlainTextSource | ContentSource, Field(discriminator="type")
    ]
    title: str | None = None
    context: str | None = None


class SearchResultBlock(Block):
    """Something that the caller's own search found."""

    type: Literal["search_result"]
    title: str
    source: str
    content: list[TextBlock]


class ThinkingBlock(Wire):
    """Thinking of an earlier answer, and the signature of whoever made it."""

    type: Literal["thinking"]
    thinking: str
    signature: str | None = None


class RedactedThinkingBlock(Wire):
    """Thinking that only its maker can read."""

    type: Literal["redacted_thinking"]
    data: str


class ToolUseBlock(Block):
    """A call that an earlier answer made."""

    type: Literal["tool_use"]
    id: str
    name: str
    input: dict[str, Any]


ResultContent = Annotated[TextBlock | ImageBlock | DocumentBlock | SearchResultBlock, Field(discriminator="type")]


class ToolResultBlock(Block):
    """What a tool returned for one call."""

    type: Literal["tool_result"]
    tool_use_id: str
    content: Annotated[str | list[ResultContent], Field(union_mode="left_to_right")] | None = None
    is_error: bool | None = None


AnyBlock = Annotated[
    TextBlock
    | ImageBlock
    | DocumentBlock
    | SearchResultBlock
    | ThinkingBlock
    | RedactedThinkingBlock
    | ToolUseBlock
    | ToolResultBlock,
    Field(discriminator="type"),
]


class Message(Wire):
    """One turn; a system turn holds text only."""

    role: Literal["user", "assistant", "system"]
    content: Annotated[str | list[AnyBlock], Field(union_mode="left_to_right")]


class Tool(Wire):
    """A function of the caller's, or (by `type`) one of Anthropic's own tools."""

    name: str
    type: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    strict: bool | None = None
    cache_control: Any = None


class ToolChoice(Wire):
    """Whether, and which, tools are to be used."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class ThinkingConfig(Wire):
    """How much to think; `budget_tokens` with `enabled` only."""

    type: Literal["enabled", "disabled", "adaptive", "between_tools"]
    budget_tokens: int | None = None
    display: Literal["summarized", "omitted"] | None = None


class OutputFormat(Wire):
    """The schema an answer must follow."""

    type: Literal["json_schema"]
    schema_: dict[str, Any] = Field(alias="schema")


class OutputConfig(Wire):
    """How much work an answer is worth, and its form."""

    effort: str | None = None
    format: OutputFormat | None = None


class CountTokensRequest(Wire):
    """POST /v1/messages/count_tokens; and what it has in common with a message."""

    model: str = Field(min_length=1)
    messages: list[Message] = Field(min_length=1)
    system: Annotated[str | list[TextBlock], Field(union_mode="left_to_right")] | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    thinking: ThinkingConfig | None = None
    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None

    # These change nothing in Google's request: read only so that they are known by name.
    cache_control: Any = None
    container: Any = None
    context_management: Any = None
    diagnostics: Any = None
    inference_geo: Any = None
    mcp_servers: Any = None
    metadata: Any = None
    service_tier: Any = None
    speed: Any = None
    user_profile_id: Any = None
    workspace_id: Any = None


class MessagesRequest(CountTokensRequest):
    """POST /v1/messages. `translators.messages.fields` says of each field what becomes of it."""

    max_tokens: int = Field(ge=1)
    stream: bool | None = None
    stop_sequences: list[str] | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None

    # No fields of Anthropic's: a chat completion's, for what only Google has.
    image_config: ImageConfig | None = None
    safety_settings: list[SafetySetting] | None = Field(
        default=None, validation_alias=AliasChoices("safety_settings", "safetySettings")
    )
