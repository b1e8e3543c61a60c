"""A chat completion request -> one generateContent call."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from translators.chat.fields import review_fields
from translators.chat.generation import generation_config, generation_warnings, present
from translators.chat.image_config import ImageLimits, gemini_image_config
from translators.chat.messages import conversation
from translators.chat.thinking import ThinkingLimits, google_options, split_thinking_suffix, thinking
from translators.chat.tools import tooling
from translators.content import Medium
from translators.wire.call import GoogleCall, Surface
from translators.wire.openai import ChatCompletionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedRequest:
    """The call, what the caller must be told, and what the answer's translation needs.

    `original_names` maps the function names that had to change for Google back to the caller's.
    """

    call: GoogleCall
    warnings: tuple[str, ...] = ()
    original_names: Mapping[str, str] = field(default_factory=dict)


def to_generate_content(
    request: ChatCompletionRequest,
    *,
    model: str,
    surface: Surface,
    is_image_model: bool = False,
    image_limits: ImageLimits | None = None,
    thinking_limits: ThinkingLimits | None = None,
    fetched: Mapping[str, Medium] | None = None,
) -> TranslatedRequest:
    """Translate a request for text or images.

    `model` is Google's id, resolved from the request's. `fetched` holds the media that `remote_media` listed.
    `image_limits` and `thinking_limits` are None where the model is not known; then Google is the judge.
    Raises BadRequest naming the field that cannot be carried out.
    """
    model = split_thinking_suffix(model)[0]
    field_warnings = review_fields(request)
    talk = conversation(request.messages, fetched=fetched or {})
    tools = tooling(request)
    thoughts = thinking(request, model=model, limits=thinking_limits)
    image_config, image_warnings = gemini_image_config(request.image_config, limits=image_limits, surface=surface)
    google = google_options(request)
    return TranslatedRequest(
        call=GoogleCall(
            resource=f"models/{model}:{'streamGenerateContent' if request.stream else 'generateContent'}",
            query={"alt": "sse"} if request.stream else {},
            body=present(
                {
                    "systemInstruction": talk.system_instruction,
                    "contents": talk.contents,
                    "tools": tools.tools,
                    "toolConfig": tools.tool_config,
                    "safetySettings": [present(setting.model_dump()) for setting in request.safety_settings or ()],
                    "cachedContent": google.cached_content if google else None,
                    "generationConfig": generation_config(
                        request,
                        is_image_model=is_image_model,
                        image_config=image_config,
                        thinking_config=thoughts.thinking_config or {},
                    ),
                }
            ),
        ),
        warnings=(
            *field_warnings,
            *talk.warnings,
            *tools.warnings,
            *thoughts.warnings,
            *image_warnings,
            *generation_warnings(request),
        ),
        original_names=tools.original_names,
    )
