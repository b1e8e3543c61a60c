"""The operations of Google's own protocols."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from proxy.openapi.operation import (
    JSON,
    LOOKED_UP,
    MADE,
    SSE,
    Body,
    Operation,
    Reply,
    answers,
    events_of,
    or_events,
    ref,
)
from proxy.openapi.protocol import Protocol
from proxy.openapi.video_operations import FILE_PARAMETERS, file_replies

_HELLO = {"contents": [{"role": "user", "parts": [{"text": "Say hello in three languages."}]}]}
_WAVES = "Waves rolling in below a lighthouse"
_WARNED = ("x-mediashim-warnings",)
_SHAPED = ("alt", "fields", "prettyPrint")
_google = partial(Operation, tag="Google", protocol=Protocol.GOOGLE)
_EVENTS = events_of("GenerateContentAnswer", "With `alt=sse`.")

_content = _google(
    summary="Text and images",
    description="The body goes to the model as it is, and the answer comes back as it is.",
    parameters=_SHAPED,
    body=Body(schema="GenerateContentRequest", examples={"text": _HELLO}),
    replies=answers("GenerateContentAnswer", "Google's answer.", headers=_WARNED),
    fails=MADE,
)
_operation = _google(
    summary="Where a video stands",
    replies=answers("GoogleOperation", "The operation; `done` once the job has ended.", headers=_WARNED),
    fails=LOOKED_UP,
)


def _interactions(description: str) -> dict[int, Reply]:
    """An interaction whole, or as its events."""
    return or_events(
        "AnyInteraction", "InteractionEvent", description, "With `stream`: its events.", done=True, headers=_WARNED
    )


_interaction = _google(
    summary="Where an interaction stands",
    parameters=("streamed", "last_event_id", "include_input"),
    replies=_interactions("The interaction."),
    fails=LOOKED_UP,
)

GOOGLE: Mapping[str, Operation] = {
    "generateContent": _content,
    "streamGenerateContent": replace(
        _content,
        summary="The same, piece by piece",
        replies={
            200: Reply(
                description="Google's answer in pieces.",
                content={JSON: ref("GenerateContentAnswers"), SSE: _EVENTS},
                headers=_WARNED,
            )
        },
    ),
    "countTokens": replace(
        _content,
        summary="How many tokens a request has",
        description="",
        replies=answers("CountTokensAnswer", "Google's answer.", headers=_WARNED),
    ),
    "predict": replace(
        _content,
        summary="Images of Imagen's",
        body=Body(schema="PredictRequest", examples={"image": {"instances": [{"prompt": "A lighthouse at dusk"}]}}),
        replies=answers("PredictAnswer", "Google's answer.", headers=_WARNED),
    ),
    "predictLongRunning": _google(
        summary="Make a video",
        description=(
            "A job like all others, on whichever backend there is. A request that equals one whose operation nobody "
            "has asked for yet joins it, because google-genai posts again by itself; the warnings header says so."
        ),
        parameters=("Idempotency-Key",),
        body=Body(
            schema="PredictLongRunningRequest",
            examples={"video": {"instances": [{"prompt": _WAVES}], "parameters": {"durationSeconds": 4}}},
        ),
        replies=answers("GoogleOperation", "The operation.", headers=_WARNED),
        fails=MADE,
    ),
    "fetchPredictOperation": replace(
        _operation,
        body=Body(
            schema="FetchPredictOperationRequest",
            examples={"operation": {"operationName": "models/veo-3.1-generate-001/operations/video_0123"}},
        ),
        fails=MADE,
    ),
    "get_operation": _operation,
    "create_interaction": _google(
        summary="Make a video, or anything else, by an interaction",
        description=(
            "A video is a job like all others: with `background: true` the answer comes at once; without, it waits. "
            "Any other interaction goes to the model or the agent as it is."
        ),
        parameters=("Idempotency-Key",),
        body=Body(
            schema="AnyInteractionRequest",
            examples={"video": {"model": "gemini-omni-1.2-flash", "input": _WAVES, "background": True}},
        ),
        replies=_interactions("The interaction; a video's id is its job's."),
        fails=MADE,
    ),
    "get_interaction": _interaction,
    "cancel_interaction": replace(
        _interaction,
        summary="Stop an interaction",
        parameters=(),
        replies=answers("AnyInteraction", "The interaction.", headers=_WARNED),
        fails=MADE,
    ),
    "delete_interaction": _google(
        summary="Forget an interaction and its video",
        replies=answers("Nothing", "It is gone."),
        fails=MADE,
    ),
    "upload_file": _google(
        summary="Upload a file",
        description=(
            "To Google's File API, by its protocols: `resumable` (the answer's `x-goog-upload-url` is where the pieces "
            "go), `multipart` or `raw`. The file has a name of this server's, is its caller's alone, and is kept by "
            'Google for 48 hours. The body is JSON (`{"file": {"displayName": "a kite"}}`) where a resumable upload '
            "begins, JSON and bytes of a multipart one, and else bytes."
        ),
        parameters=("X-Goog-Upload-Protocol", "X-Goog-Upload-Command", "X-Goog-Upload-Offset", "upload_id"),
        replies=answers("UploadedFile", "The file; empty where an upload has begun, or goes on."),
        fails=MADE,
    ),
    "list_files": _google(
        summary="The caller's uploads",
        parameters=("pageSize", "uploadsAfter"),
        replies=answers("FilePage", "A page, the newest first."),
        fails=LOOKED_UP,
    ),
    "no_openai_files": Operation(
        tag="Google",
        summary="No file of OpenAI's",
        description="OpenAI's Files API is not served: always 404, with the way out.",
        replies={},
        fails=(401, 404),
    ),
    "delete_file": _google(
        summary="Delete an upload",
        description="At Google too. A video is a 400: it goes with its job.",
        replies=answers("Nothing", "It is gone."),
        fails=MADE,
    ),
    "get_file": _google(
        summary="An upload, or a video as a file",
        replies=answers("GoogleFile", "What is known of it."),
        fails=MADE,
    ),
    "download_file": _google(
        summary="The bytes of a video",
        parameters=("altMedia", *FILE_PARAMETERS),
        replies=file_replies("video/mp4", "video/webm", "video/quicktime"),
        fails=MADE,
    ),
    "list_gemini_models": _google(
        summary="The models, as the Gemini API lists them",
        parameters=("pageSize", "pageToken"),
        replies=answers("GeminiModelPage", "A page."),
        fails=LOOKED_UP,
    ),
    "get_gemini_model": _google(summary="One model", replies=answers("GeminiModel", "The model."), fails=LOOKED_UP),
    "list_publisher_models": _google(
        summary="The models, as Vertex AI lists them",
        parameters=("pageSize", "pageToken"),
        replies=answers("PublisherModelPage", "A page."),
        fails=LOOKED_UP,
    ),
    "get_publisher_model": _google(
        summary="One model", replies=answers("PublisherModel", "The model."), fails=LOOKED_UP
    ),
}
