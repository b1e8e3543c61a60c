"""The request of generateContent, strictly: every documented field, and 400 "Cannot find field" for any other.

Sources: Gemini API and Vertex AI references of GenerateContentRequest, and google-genai 3.4.0's types, 2026-11.
Protobuf's JSON reads camelCase and snake_case alike, and so does this.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from proxy.simulator.errors import GoogleError, invalid, unknown_names
from proxy.simulator.models import Surface

Json: TypeAlias = dict[str, Any]
Count: TypeAlias = Annotated[int, Field(ge=1)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Blob(_Message):
    mime_type: str
    data: str
    display_name: str | None = None


class FileData(_Message):
    file_uri: str
    mime_type: str | None = None
    display_name: str | None = None


class FunctionCall(_Message):
    name: str
    args: Json | None = None
    id: str | None = None


class FunctionResponse(_Message):
    name: str
    response: Json
    id: str | None = None
    parts: list[Json] | None = None
    scheduling: str | None = None
    will_continue: bool | None = None


class Part(_Message):
    text: str | None = None
    inline_data: Blob | None = None
    file_data: FileData | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None
    executable_code: Json | None = None
    code_execution_result: Json | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    video_metadata: Json | None = None
    media_resolution: Json | None = None
    part_metadata: Json | None = None


class Content(_Message):
    parts: list[Part]
    role: Literal["user", "model", "function"] | None = None


class SystemInstruction(_Message):
    parts: list[Part]
    role: str | None = None


class FunctionDeclaration(_Message):
    name: str
    description: str | None = None
    parameters: Json | None = None
    parameters_json_schema: Any = None
    response: Json | None = None
    response_json_schema: Any = None
    behavior: str | None = None


class Tool(_Message):
    function_declarations: list[FunctionDeclaration] | None = None
    google_search: Json | None = None
    google_search_retrieval: Json | None = None
    google_maps: Json | None = None
    code_execution: Json | None = None
    url_context: Json | None = None
    computer_use: Json | None = None
    file_search: Json | None = None
    enterprise_web_search: Json | None = None
    retrieval: Json | None = None


class FunctionCallingConfig(_Message):
    mode: Literal["AUTO", "ANY", "NONE", "VALIDATED"] | None = None
    allowed_function_names: list[str] | None = None


class ToolConfig(_Message):
    function_calling_config: FunctionCallingConfig | None = None
    retrieval_config: Json | None = None


class SafetySetting(_Message):
    category: Literal[
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
    ]
    threshold: Literal["BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"]
    method: Literal["SEVERITY", "PROBABILITY"] | None = None


class ThinkingConfig(_Message):
    include_thoughts: bool | None = None
    thinking_budget: int | None = None
    thinking_level: Literal["MINIMAL", "LOW", "MEDIUM", "HIGH", "minimal", "low", "medium", "high"] | None = None


class ImageConfig(_Message):
    aspect_ratio: str | None = None
    image_size: str | None = None
    person_generation: Literal["ALLOW_ALL", "ALLOW_ADULT", "ALLOW_NONE"] | None = None
    prominent_people: str | None = None
    image_output_options: Json | None = None


class GenerationConfig(_Message):
    candidate_count: Annotated[int, Field(ge=1, le=8)] | None = None
    stop_sequences: Annotated[list[str], Field(max_length=5)] | None = None
    max_output_tokens: Count | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_k: Annotated[float, Field(ge=1)] | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Field(ge=-2, lt=2)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, lt=2)] | None = None
    response_logprobs: bool | None = None
    logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    response_mime_type: Literal["text/plain", "application/json", "text/x.enum"] | None = None
    response_schema: Json | None = None
    response_json_schema: Any = None
    response_modalities: list[Literal["TEXT", "IMAGE", "AUDIO"]] | None = None
    image_config: ImageConfig | None = None
    thinking_config: ThinkingConfig | None = None
    media_resolution: str | None = None
    speech_config: Json | None = None
    audio_timestamp: bool | None = None
    routing_config: Json | None = None
    enable_enhanced_civic_answers: bool | None = None


class GenerateContentRequest(_Message):
    contents: list[Content] = []
    system_instruction: SystemInstruction | None = None
    tools: list[Tool] | None = None
    tool_config: ToolConfig | None = None
    safety_settings: list[SafetySetting] | None = None
    generation_config: GenerationConfig = GenerationConfig()
    cached_content: str | None = None
    labels: dict[str, str] | None = None
    model: str | None = None
    store: bool | None = None
    service_tier: str | None = None


_VERTEX_ONLY = (
    ("labels", "labels"),
    ("generation_config.image_config.person_generation", "personGeneration"),
    ("generation_config.image_config.prominent_people", "prominentPeople"),
    ("generation_config.image_config.image_output_options", "imageOutputOptions"),
    ("generation_config.audio_timestamp", "audioTimestamp"),
    ("generation_config.routing_config", "routingConfig"),
)


def read_request(body: Json, surface: Surface) -> GenerateContentRequest:
    """The request, or GoogleError 400 in protobuf's words: every unknown name, or the first value that is wrong."""
    try:
        request = GenerateContentRequest.model_validate(body)
    except ValidationError as error:
        raise refused(error) from error
    if surface is Surface.GEMINI:
        _refuse_vertex_fields(request)
    if not request.contents:
        raise invalid("* GenerateContentRequest.contents: contents is not specified\n")
    for content in request.contents:
        for part in content.parts:
            _check_part(part)
    return request


def refused(error: ValidationError) -> GoogleError:
    """A pydantic refusal in protobuf's words."""
    problems = error.errors()
    unknown = [
        (str(item["loc"][-1]), _place(item["loc"][:-1])) for item in problems if item["type"] == "extra_forbidden"
    ]
    if unknown:
        return unknown_names(unknown)
    first = problems[0]
    return invalid(f"Invalid value at '{_place(first['loc'])}': {first['msg']}")


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{to_snake(step)}"
    return place.lstrip(".")


def _refuse_vertex_fields(request: GenerateContentRequest) -> None:
    strangers = []
    for path, name in _VERTEX_ONLY:
        value: Any = request
        for step in path.split("."):
            value = getattr(value, step, None)
        if value is not None:
            strangers.append((name, path.rpartition(".")[0]))
    if any(setting.method is not None for setting in request.safety_settings or ()):
        strangers.append(("method", "safety_settings[0]"))
    if strangers:
        raise unknown_names(strangers)


_DATA = (
    "text",
    "inline_data",
    "file_data",
    "function_call",
    "function_response",
    "executable_code",
    "code_execution_result",
)


def _check_part(part: Part) -> None:
    held = [name for name in _DATA if getattr(part, name) is not None]
    if len(held) != 1 and not (not held and part.thought_signature):
        raise invalid(
            "* GenerateContentRequest.contents.parts.data: required oneof field 'data' must have one initialized field"
        )
