"""The request side of OpenAI's chat completions, as bytes bring it in.

Field names are OpenAI's (openai-python 3.52, 2026-11) plus those that image and video clients add. Every model keeps
what it does not know in `model_extra`, so that the caller can be told about it. Unions branch on `role` and `type`, or
try a plain string first, which fails on its first byte: no branch is parsed twice.
"""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from translators.wire.numbers import Number, Whole


class Wire(BaseModel):
    """A shape of the protocol: read once, never changed, unknown fields kept in `model_extra`."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        allow_inf_nan=False,
        defer_build=True,  # a protocol that nobody speaks costs no time at the start
    )


class MediaUrl(Wire):
    """`{"url": ...}`: a data URI, an http(s) URL or a URI that Google reads itself. `detail` is a hint only."""

    url: str
    detail: str | None = None


MediaLink = Annotated[str | MediaUrl, Field(union_mode="left_to_right")]
"""OpenAI nests the URL in an object; LobeHub and the Responses API give the plain string."""


class TextPart(Wire):
    """Text."""

    type: Literal["text", "input_text", "output_text"]
    text: str


class RefusalPart(Wire):
    """What an earlier answer said instead of an answer."""

    type: Literal["refusal"]
    refusal: str


class ImagePart(Wire):
    """An image, in chat's form (`image_url`) or the Responses API's (`input_image`)."""

    type: Literal["image_url", "input_image"]
    image_url: MediaLink


class VideoPart(Wire):
    """A video, as OpenRouter writes it."""

    type: Literal["video_url", "input_video"]
    video_url: MediaLink


class InputAudio(Wire):
    """Base64 (or a data URI) and the container's short name."""

    data: str
    format: str | None = None


class AudioPart(Wire):
    """Audio."""

    type: Literal["input_audio"]
    input_audio: InputAudio


class FileBody(Wire):
    """A document: its bytes as data URI or base64, a URL, or a name that Google knows."""

    filename: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    file_id: str | None = None


class FilePart(Wire):
    """A document in chat's form."""

    type: Literal["file"]
    file: FileBody


class InputFilePart(FileBody):
    """A document in the Responses API's form, which does not nest."""

    type: Literal["input_file"]


Part = Annotated[
    TextPart | RefusalPart | ImagePart | VideoPart | AudioPart | FilePart | InputFilePart, Field(discriminator="type")
]
Content = Annotated[str | list[Part], Field(union_mode="left_to_right")]


class GoogleSignature(Wire):
    """Google's corner of `extra_content`."""

    thought_signature: str | None = None


class ExtraContent(Wire):
    """Where Google's own OpenAI-compatible endpoint puts what OpenAI has no field for."""

    google: GoogleSignature | None = None


class FunctionCall(Wire):
    """A call the model made; `arguments` is JSON text, though some clients send the object itself."""

    name: str
    arguments: Annotated[str | dict[str, Any], Field(union_mode="left_to_right")] = ""


class ToolCall(Wire):
    """One entry of an assistant's `tool_calls`."""

    id: str | None = None
    type: str | None = None
    function: FunctionCall
    extra_content: ExtraContent | None = None


class AnswerImage(Wire):
    """An image that an earlier answer carried in `message.images`."""

    image_url: MediaLink


class SystemMessage(Wire):
    """Instructions."""

    role: Literal["system", "developer"]
    content: Content


class UserMessage(Wire):
    """What the user said and showed."""

    role: Literal["user"]
    content: Content


class AssistantMessage(Wire):
    """An earlier answer, sent back as history."""

    role: Literal["assistant"]
    content: Content | None = None
    reasoning_content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: Any = None
    images: list[AnswerImage] | None = None


class ToolMessage(Wire):
    """What a tool returned for one call; `is_error` (Anthropic's) says that it failed."""

    role: Literal["tool"]
    tool_call_id: str
    content: Content
    is_error: bool | None = None


Message = Annotated[SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")]


class FunctionTool(Wire):
    """What the model may call: a name, what it does and its parameters as JSON Schema."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Wire):
    """An entry of `tools`: a function, or (in `model_extra`) one of Google's own tools by its key."""

    type: str | None = None
    function: FunctionTool | None = None


class JsonSchema(Wire):
    """The schema an answer must follow."""

    name: str | None = None
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    strict: bool | None = None


class ResponseFormat(Wire):
    """The form an answer must have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class Reasoning(Wire):
    """OpenRouter's way to ask for thinking."""

    effort: str | None = None
    max_tokens: int | None = None
    exclude: bool | None = None
    enabled: bool | None = None


class ImageConfig(Wire):
    """How an image should look; what is not declared here is judged by `translators.chat.image_config`."""

    aspect_ratio: str | None = Field(default=None, validation_alias=AliasChoices("aspect_ratio", "aspectRatio"))
    image_size: str | None = Field(default=None, validation_alias=AliasChoices("image_size", "imageSize"))


class ThinkingConfig(Wire):
    """Google's thinking settings, in the spelling of its OpenAI-compatible endpoint."""

    include_thoughts: bool | None = Field(
        default=None, validation_alias=AliasChoices("include_thoughts", "includeThoughts")
    )
    thinking_budget: int | None = Field(
        default=None, validation_alias=AliasChoices("thinking_budget", "thinkingBudget")
    )
    thinking_level: str | None = Field(default=None, validation_alias=AliasChoices("thinking_level", "thinkingLevel"))


class GoogleOptions(Wire):
    """What Google's OpenAI-compatible endpoint reads below `google` (Gemini API docs, "OpenAI compatibility")."""

    thinking_config: ThinkingConfig | None = Field(
        default=None, validation_alias=AliasChoices("thinking_config", "thinkingConfig")
    )
    cached_content: str | None = Field(default=None, validation_alias=AliasChoices("cached_content", "cachedContent"))


class ExtraBody(Wire):
    """`extra_body`, sent as a field of its own: Google's examples nest it so."""

    google: GoogleOptions | None = None


class SafetySetting(Wire):
    """One of Gemini's safety settings, as Google writes it."""

    category: str
    threshold: str
    method: str | None = None


class ChatCompletionRequest(Wire):
    """POST /v1/chat/completions. `translators.chat.fields` says of each field what becomes of it."""

    model: str = Field(min_length=1)
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None

    temperature: Number | None = None
    top_p: Number | None = None
    top_k: Whole | None = None
    max_tokens: Whole | None = None
    max_completion_tokens: Whole | None = None
    n: Whole | None = Field(default=None, ge=1)
    stop: Annotated[str | list[str], Field(union_mode="left_to_right")] | None = None
    seed: Whole | None = None
    presence_penalty: Number | None = None
    frequency_penalty: Number | None = None
    logprobs: bool | None = None
    top_logprobs: Whole | None = Field(default=None, ge=0)
    response_format: ResponseFormat | None = None

    tools: list[Tool] | None = None
    tool_choice: Annotated[str | dict[str, Any], Field(union_mode="left_to_right")] | None = None
    parallel_tool_calls: bool | None = None
    web_search_options: dict[str, Any] | None = None

    modalities: list[str] | None = None
    image_config: ImageConfig | None = None
    cache: Any = None
    video_config: dict[str, Any] | None = None

    reasoning_effort: str | None = None
    reasoning: Reasoning | None = None
    include_reasoning: bool | None = None
    extra_body: ExtraBody | None = None
    google: GoogleOptions | None = None
    generation_config: dict[str, Any] | None = Field(
        default=None, validation_alias=AliasChoices("generationConfig", "generation_config")
    )
    safety_settings: list[SafetySetting] | None = Field(
        default=None, validation_alias=AliasChoices("safety_settings", "safetySettings")
    )

    # Of OpenAI's fields these change nothing in Google's request: read only so that they are known by name.
    audio: Any = None
    function_call: Any = None
    functions: Any = None
    logit_bias: Any = None
    metadata: Any = None
    moderation: Any = None
    prediction: Any = None
    prompt_cache_key: Any = None
    prompt_cache_options: Any = None
    prompt_cache_retention: Any = None
    safety_identifier: Any = None
    service_tier: Any = None
    store: Any = None
    user: Any = None
    verbosity: Any = None
