"""The shapes of answers about video jobs: OpenAI's, OpenRouter's."""

from collections.abc import Mapping

from proxy.openapi.operation import Schema, ref
from proxy.openapi.shapes import (
    COST,
    OBJECT,
    SWITCH,
    TEXT,
    UNIX,
    WARNINGS,
    WHOLE,
    a_list,
    a_word,
    about,
    always,
    an_object,
    or_null,
)
from translators.video.openrouter import STATUSES as OPENROUTER_STATUSES
from translators.video.video_object import STATUSES

VIDEO_SCHEMAS: Mapping[str, Schema] = {
    "Video": an_object(
        {
            "id": TEXT,
            "object": always("video"),
            "model": TEXT,
            "status": a_word(*dict.fromkeys(STATUSES.values())),
            "progress": {**WHOLE, "minimum": 0, "maximum": 100},
            "created_at": UNIX,
            "completed_at": or_null(UNIX),
            "expires_at": or_null(about(WHOLE, "Until when the file is kept, unix seconds.")),
            "prompt": or_null(TEXT),
            "size": or_null(about(TEXT, "Pixels, as in 1280x720.")),
            "seconds": or_null(TEXT),
            "remixed_from_video_id": or_null(TEXT),
            "error": or_null(an_object({"code": TEXT, "message": TEXT})),
        },
        {
            "progress_estimated": about(SWITCH, "Google reports no progress: the number comes from earlier jobs."),
            "queue_position": about(WHOLE, "How many jobs go before this one."),
            "operation": about(TEXT, "Google's own name of the job."),
            "cost": COST,
            "warnings": WARNINGS,
        },
    ),
    "VideoList": an_object(
        {
            "object": always("list"),
            "data": a_list("Video"),
            "first_id": or_null(TEXT),
            "last_id": or_null(TEXT),
            "has_more": SWITCH,
        }
    ),
    "VideoDeleted": an_object({"id": TEXT, "object": always("video.deleted"), "deleted": {"const": True}}),
    "OpenRouterVideo": an_object(
        {
            "id": TEXT,
            "generation_id": TEXT,
            "polling_url": TEXT,
            "status": a_word(*dict.fromkeys(OPENROUTER_STATUSES.values())),
        },
        {
            "progress": WHOLE,
            "progress_estimated": SWITCH,
            "model": TEXT,
            "unsigned_urls": about(a_list(TEXT), "Links that need no key, or the videos themselves as data URIs."),
            "usage": an_object({"is_byok": SWITCH}, {"cost": COST}),
            "error": TEXT,
            "warnings": WARNINGS,
        },
    ),
    "OpenRouterModels": an_object({"data": a_list("OpenRouterModel")}),
    "OpenRouterModel": an_object({"id": TEXT, "created": UNIX}, about="Limits and prices."),
    "Model": an_object(
        {"id": TEXT, "object": always("model"), "created": UNIX, "owned_by": TEXT},
        {
            "display_name": TEXT,
            "modalities": a_list(TEXT),
            "aspect_ratios": a_list(TEXT),
            "image_sizes": a_list(TEXT),
            "durations": about(a_list(WHOLE), "Seconds."),
            "resolutions": a_list(TEXT),
            "modes": a_list(TEXT),
            "audio": TEXT,
            "max_videos": WHOLE,
            "pricing": about(OBJECT, "US dollars."),
            "lifecycle": about(OBJECT, "On each of Google's services: status, date, successor."),
        },
    ),
    "ModelList": an_object({"data": a_list("Model"), "object": always("list")}),
    "AnthropicModel": an_object(
        {"id": TEXT, "type": always("model"), "display_name": TEXT, "created_at": TEXT},
        {"object": TEXT, "owned_by": TEXT, "lifecycle": TEXT},
    ),
    "AnthropicModelPage": an_object(
        {
            "data": a_list("AnthropicModel"),
            "has_more": SWITCH,
            "first_id": or_null(TEXT),
            "last_id": or_null(TEXT),
        }
    ),
    "AnyModel": {"anyOf": [ref("Model"), ref("AnthropicModel"), ref("GeminiModel")]},
    "AnyModelList": {"anyOf": [ref("ModelList"), ref("AnthropicModelPage"), ref("GeminiModelPage")]},
}
