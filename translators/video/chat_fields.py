"""What becomes of a chat completion's fields when it asks for a video: read, without effect, or refused as misplaced.

Chat front-ends write `temperature`, `tools` and the like into every request of every model, so those are told and not
refused. A setting that was meant for the video is refused: it would be paid for in vain.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from translators.chat.prompt import last_prompt
from translators.conversation import LABELS
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, ImagePart, SystemMessage, VideoPart
from translators.wire.video import BESIDE, VideoConfig

READ = frozenset({"model", "messages", "stream", "modalities", "video_config", "n", "seed"}) | BESIDE
BOOKKEEPING = frozenset(
    {"stream_options", "user", "metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_options"}
    | {"prompt_cache_retention", "safety_identifier", "prediction", "include_reasoning", "parallel_tool_calls"}
    | {"conversation", "chat_id", "id", "provider", "route", "transforms", "usage", "trace"}
    | {"num_retries", "timeout"}
    | LABELS.keys()
)
"""Labels, routing and accounting: they ask for nothing that a video could have or lack."""

ELSEWHERE = {
    "image_config": "video_config (aspect_ratio, resolution)",
    "image_url": "video_config.image, or an image_url part",
    "videoConfig": "video_config",
}
"""Fields of neighbouring protocols, and where the same is said here."""

_NEAR = 0.85


def beside(request: ChatCompletionRequest) -> dict[str, Any]:
    """What stands beside `video_config` and is read like a member of it."""
    return {
        name: value
        for name, value in (request.model_extra or {}).items()
        if name in BESIDE and value not in (None, "", [], {})
    }


def said_of_the_video(request: ChatCompletionRequest) -> frozenset[str]:
    """The members of `video_config` that the request speaks of, wherever it does. Raises BadRequest: no prompt."""
    parts = last_prompt(request).others
    pictures = any(isinstance(part, ImagePart) for part in parts)
    return frozenset(
        [
            *(request.video_config or {}),
            *beside(request),
            *(["n"] if request.n is not None and request.n > 1 else []),
            *(["seed"] if request.seed is not None else []),
            *(["image", "last_frame", "reference_images"] if pictures else []),
            *(["video"] if any(isinstance(part, VideoPart) for part in parts) else []),
        ]
    )


def refuse_misplaced(request: ChatCompletionRequest) -> None:
    """Raise BadRequest for a video setting that stands beside `video_config`, naming where it belongs."""
    for name in _given(request):
        way_out = ELSEWHERE.get(name) or _config_member(name, request)
        if way_out is not None:
            raise BadRequest(
                f"{name} has no effect on a video. Say it with {way_out}.", param=name, code="misplaced_parameter"
            )
    nested = (request.extra_body.model_extra or {}) if request.extra_body is not None else {}
    if "video_config" in nested:
        raise BadRequest(
            "extra_body.video_config has no effect. Send video_config as a field of the body itself.",
            param="extra_body.video_config",
            code="misplaced_parameter",
        )


def without_effect(request: ChatCompletionRequest) -> Iterator[str]:
    """Sentences about what was said and changes nothing."""
    if any(isinstance(message, SystemMessage) for message in request.messages):
        yield "System messages do not reach a video model; say it in the last user message."
    unknown = request.model_extra or {}
    for name in _given(request):
        if name in READ or name in BOOKKEEPING:
            continue
        yield f"{name} is not known here and had no effect." if name in unknown else f"{name} had no effect on a video."


def _given(request: ChatCompletionRequest) -> list[str]:
    """The names of all fields with a value, in the order of the protocol, unknown ones last."""
    known = [name for name in type(request).model_fields if getattr(request, name) not in (None, [], {})]
    return [*known, *(name for name, value in (request.model_extra or {}).items() if value is not None)]


def _config_member(name: str, request: ChatCompletionRequest) -> str | None:
    """The member of `video_config` that an unknown field must have meant."""
    if name not in (request.model_extra or {}) or name in BOOKKEEPING | BESIDE:
        return None
    near = get_close_matches(name, VideoConfig.model_fields, n=1, cutoff=_NEAR)
    return f"video_config.{near[0]}" if near else None
