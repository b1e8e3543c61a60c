"""The operations on video jobs: OpenAI's Videos API, OpenRouter's, and the files."""

from collections.abc import Mapping
from functools import partial

from proxy.openapi.operation import LOOKED_UP, MADE, Body, Operation, Reply, answers
from proxy.openapi.protocol import Protocol

_MODEL = "veo-3.1-generate-001"
_WAVES = "Waves rolling in below a lighthouse"
_POLL = ("openai-poll-after-ms",)
_BINARY = {"type": "string", "format": "binary"}


def file_replies(*types: str) -> dict[int, Reply]:
    """What a request for a stored file is answered."""
    content, headers = dict.fromkeys(types, _BINARY), ("etag", "accept-ranges", "cache-control")
    return {
        200: Reply(description="The file.", content=content, headers=headers),
        206: Reply(
            description="The part that `Range` asked for.", content=content, headers=(*headers, "content-range")
        ),
        304: Reply(description="The client has it.", headers=("etag",)),
        416: Reply(description="No byte of that range exists.", headers=("content-range",)),
    }


FILE_PARAMETERS = ("Range", "If-None-Match", "If-Modified-Since", "If-Range")
_PLACED = "The job. It is paid for once: an `Idempotency-Key`, or an SDK's own retry mark, joins the first request's."
_openrouter = partial(Operation, tag="OpenRouter", protocol=Protocol.OPENROUTER)

_placing = partial(
    Operation,
    tag="Videos",
    parameters=("Idempotency-Key",),
    replies=answers("Video", _PLACED, headers=_POLL),
    fails=MADE,
)

VIDEOS: Mapping[str, Operation] = {
    "create_video": _placing(
        summary="Make a video",
        description="Validated before anything is paid. The answer comes at once; ask for the job until it has ended.",
        body=Body(
            schema="VideoCreate",
            form="VideoForm",
            examples={
                "video": {"model": _MODEL, "prompt": _WAVES, "seconds": "4", "size": "1280x720"},
                "longer, upright": {"model": _MODEL, "prompt": _WAVES, "seconds": "8", "aspect_ratio": "9:16"},
            },
        ),
    ),
    "list_videos": Operation(
        tag="Videos",
        summary="The caller's own jobs",
        parameters=("limit", "order", "after"),
        replies=answers("VideoList", "A page, newest first."),
        fails=LOOKED_UP,
    ),
    "edit_video": _placing(
        summary="Change a video",
        description="An uploaded one, or that of an earlier job; models that can: Gemini Omni, Veo 2 with a mask.",
        body=Body(
            schema="VideoCreate",
            form="VideoForm",
            examples={"earlier job": {"prompt": "Make it night", "video": {"id": "video_0123"}}},
        ),
    ),
    "extend_video": _placing(
        summary="Continue a video",
        body=Body(
            schema="VideoCreate",
            form="VideoForm",
            examples={"earlier job": {"prompt": "The sun comes out", "video": {"id": "video_0123"}}},
        ),
    ),
    "remix_video": _placing(
        summary="Change the video that the address names",
        body=Body(schema="VideoCreate", form="VideoForm", examples={"remix": {"prompt": "Make it night"}}),
    ),
    "retrieve_video": Operation(
        tag="Videos",
        summary="Where a job stands",
        description="`openai-poll-after-ms` says when to look again; looking costs nothing.",
        replies=answers("Video", "The job.", headers=_POLL),
        fails=LOOKED_UP,
    ),
    "delete_video": Operation(
        tag="Videos",
        summary="Forget a job and its file",
        description="One at work is cancelled first where Google can do that (Gemini Omni); else it is a 409.",
        replies=answers("VideoDeleted", "It is gone."),
        fails=MADE,
    ),
    "video_content": Operation(
        tag="Videos",
        summary="The video, or a picture of it",
        description="A job that is still going on is a 409 that says when to look again.",
        parameters=("variant", "index", *FILE_PARAMETERS),
        replies=file_replies("video/mp4", "video/webm", "video/quicktime", "image/webp", "image/jpeg"),
        fails=MADE,
    ),
    "create_openrouter_video": _openrouter(
        summary="Make a video",
        parameters=("Idempotency-Key",),
        body=Body(
            schema="VideoCreate",
            form="VideoForm",
            examples={"video": {"model": _MODEL, "prompt": _WAVES, "duration": 4, "resolution": "720p"}},
        ),
        replies=answers("OpenRouterVideo", _PLACED, status=202, headers=_POLL),
        fails=MADE,
    ),
    "retrieve_openrouter_video": _openrouter(
        summary="Where a job stands",
        replies=answers("OpenRouterVideo", "The job.", headers=_POLL),
        fails=LOOKED_UP,
    ),
    "openrouter_video_content": _openrouter(
        summary="The video, or a picture of it",
        parameters=("variant", "index", *FILE_PARAMETERS),
        replies=file_replies("video/mp4", "video/webm", "video/quicktime", "image/webp", "image/jpeg"),
        fails=MADE,
    ),
    "list_openrouter_models": _openrouter(
        summary="Models that make videos",
        replies=answers("OpenRouterModels", "The models."),
        fails=(401, 403, 500),
    ),
    "media": Operation(
        tag="Videos",
        summary="A stored file, by its link",
        description="The name cannot be guessed and opens without a key, for as long as links work.",
        asks_key=False,
        parameters=FILE_PARAMETERS,
        replies=file_replies("video/mp4", "video/webm", "video/quicktime", "image/png", "image/jpeg", "image/webp"),
        fails=(404, 500),
    ),
}
