"""Every operation by its name, which is that of the function (or the method of Google's) that answers it."""

from collections.abc import Mapping

from proxy.openapi.google_operations import GOOGLE
from proxy.openapi.operation import (
    JSON,
    LOOKED_UP,
    MADE,
    Body,
    Operation,
    Reply,
    answers,
    or_events,
)
from proxy.openapi.protocol import Protocol
from proxy.openapi.video_operations import VIDEOS

_HELLO = [{"role": "user", "content": "Say hello in three languages."}]
_TEXT_MODEL, _IMAGE_MODEL, _VIDEO_MODEL = "gemini-2.5-flash", "gemini-2.5-flash-image", "veo-3.1-generate-001"

_CONTENT: Mapping[str, Operation] = {
    "chat_completions": Operation(
        tag="Chat",
        summary="Text, images and videos",
        description=(
            "What the model makes decides the answer: words, `message.images`, or `message.videos`. A video takes "
            "minutes; the answer waits for it, and the same request again joins the job of one that was cut off. With "
            "`stream: true` progress comes first."
        ),
        parameters=("Idempotency-Key",),
        body=Body(
            schema="ChatCompletionRequest",
            examples={
                "text": {"model": _TEXT_MODEL, "messages": _HELLO},
                "image": {
                    "model": _IMAGE_MODEL,
                    "messages": [{"role": "user", "content": "A lighthouse at dusk"}],
                    "modalities": ["image", "text"],
                    "image_config": {"aspect_ratio": "16:9"},
                },
                "video": {
                    "model": _VIDEO_MODEL,
                    "messages": [{"role": "user", "content": "Waves rolling in below a lighthouse"}],
                    "modalities": ["video", "text"],
                    "video_config": {"duration": 4, "aspect_ratio": "16:9", "resolution": "720p"},
                },
                "stream": {"model": _TEXT_MODEL, "messages": _HELLO, "stream": True},
            },
        ),
        replies=or_events(
            "ChatCompletion", "ChatCompletionChunk", "The answer.", "Chunks, then `data: [DONE]`.", done=True
        ),
        fails=MADE,
    ),
    "completions": Operation(
        tag="Chat",
        summary="Text, by OpenAI's old protocol",
        body=Body(
            schema="CompletionRequest",
            examples={"text": {"model": _TEXT_MODEL, "prompt": "A lighthouse is", "max_tokens": 60}},
        ),
        replies=or_events(
            "Completion", "Completion", "The answer.", "Completions in pieces, then `data: [DONE]`.", done=True
        ),
        fails=MADE,
    ),
    "responses": Operation(
        tag="Chat",
        summary="Text, tools and images, by the Responses API",
        description="Nothing is kept between requests: send the earlier items again.",
        body=Body(
            schema="ResponsesRequest",
            examples={
                "text": {"model": _TEXT_MODEL, "input": "Say hello in three languages."},
                "stream": {"model": _TEXT_MODEL, "input": "Say hello.", "stream": True},
            },
        ),
        replies=or_events("Response", "ResponseEvent", "The response.", "response.created to response.completed."),
        fails=MADE,
    ),
    "messages": Operation(
        tag="Chat",
        summary="Text, tools and images, by Anthropic's protocol",
        protocol=Protocol.ANTHROPIC,
        body=Body(
            schema="MessagesRequest",
            examples={
                "text": {"model": _TEXT_MODEL, "max_tokens": 300, "messages": _HELLO},
                "stream": {"model": _TEXT_MODEL, "max_tokens": 300, "messages": _HELLO, "stream": True},
            },
        ),
        replies=or_events("Message", "MessageEvent", "The message.", "message_start to message_stop."),
        fails=MADE,
    ),
    "count_tokens": Operation(
        tag="Chat",
        summary="How many tokens a message has",
        description="Google counts them.",
        protocol=Protocol.ANTHROPIC,
        body=Body(schema="CountTokensRequest", examples={"text": {"model": _TEXT_MODEL, "messages": _HELLO}}),
        replies=answers("TokenCount", "The number."),
        fails=MADE,
    ),
    "generate_images": Operation(
        tag="Images",
        summary="Images from words",
        body=Body(
            schema="ImageRequest",
            form="ImageForm",
            examples={
                "image": {"model": _IMAGE_MODEL, "prompt": "A lighthouse at dusk", "size": "1024x1024"},
                "link": {"model": _IMAGE_MODEL, "prompt": "A lighthouse at dusk", "response_format": "url"},
            },
        ),
        replies=or_events("ImagesResponse", "ImageEvent", "The images.", "One event for each finished image."),
        fails=MADE,
    ),
    "edit_images": Operation(
        tag="Images",
        summary="Images from images",
        body=Body(
            schema="ImageRequest",
            form="ImageForm",
            examples={
                "data URI": {
                    "model": _IMAGE_MODEL,
                    "prompt": "Make it night",
                    "image": (
                        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                        "awAAAABJRU5ErkJggg=="
                    ),
                }
            },
        ),
        replies=or_events("ImagesResponse", "ImageEvent", "The images.", "One event for each finished image."),
        fails=MADE,
    ),
    "list_models": Operation(
        tag="Models",
        summary="What the configured credentials can use",
        description=(
            "OpenAI's list; Google's for a request with `x-goog-api-key`, `x-goog-api-client` or `?key=`; Anthropic's "
            "for one with `anthropic-version`."
        ),
        parameters=("anthropic-version", "pageSize", "pageToken"),
        replies=answers("AnyModelList", "The models."),
        fails=(400, 401, 403, 500),
    ),
    "get_model": Operation(
        tag="Models",
        summary="One model",
        parameters=("anthropic-version",),
        replies=answers("AnyModel", "The model."),
        fails=LOOKED_UP,
    ),
}

_SERVICE: Mapping[str, Operation] = {
    "index": Operation(
        tag="Service",
        summary="What there is",
        asks_key=False,
        replies=answers("Endpoints", "Method and path of every operation."),
    ),
    "healthz": Operation(
        tag="Service",
        summary="Is it alive",
        asks_key=False,
        replies=answers("Health", "It is."),
    ),
    "readyz": Operation(
        tag="Service",
        summary="Can it serve",
        asks_key=False,
        replies={
            **answers("Health", "It can."),
            **answers("NotReady", "It cannot: it stops, or has no credential.", status=503),
        },
    ),
    "metrics": Operation(
        tag="Service",
        summary="What monitoring reads",
        description=(
            "Counts and gauges as Prometheus' text, or OpenMetrics where `Accept` names it. `metrics.key` opens it "
            "where it is configured, and any key where it is not."
        ),
        replies={
            200: Reply(
                description="Every metric, of all workers.",
                content={"text/plain": {"type": "string"}, "application/openmetrics-text": {"type": "string"}},
            )
        },
        fails=(401, 403, 500),
    ),
    "openapi": Operation(
        tag="Service",
        summary="This document",
        description="It says what the program can do and nothing about its configuration, so it asks for no key.",
        asks_key=False,
        parameters=("If-None-Match",),
        replies={
            200: Reply(description="OpenAPI 3.1.", content={JSON: {"type": "object"}}, headers=("etag",)),
            304: Reply(description="The client has it.", headers=("etag",)),
        },
    ),
    "docs": Operation(
        tag="Service",
        summary="This document as a page",
        asks_key=False,
        parameters=("If-None-Match",),
        replies={
            200: Reply(description="HTML.", content={"text/html": {"type": "string"}}, headers=("etag",)),
            304: Reply(description="The client has it.", headers=("etag",)),
        },
    ),
    "docs_asset": Operation(
        tag="Service",
        summary="What the page is made of",
        asks_key=False,
        parameters=("If-None-Match",),
        replies={
            200: Reply(
                description="A style sheet or a script.",
                content={"text/css": {"type": "string"}, "text/javascript": {"type": "string"}},
                headers=("etag",),
            ),
            304: Reply(description="The client has it.", headers=("etag",)),
        },
        fails=(404,),
    ),
}

OPERATIONS: Mapping[str, Operation] = {**_CONTENT, **VIDEOS, **GOOGLE, **_SERVICE}

TAGS: Mapping[str, str] = {
    "Chat": "Words, images and videos by OpenAI's and Anthropic's protocols.",
    "Images": "OpenAI's Images API.",
    "Videos": "Video jobs by OpenAI's Videos API: a job to come back to.",
    "OpenRouter": "The same jobs in OpenRouter's form.",
    "Models": "What can be asked for, and what it costs.",
    "Google": "Google's own protocols, as google-genai speaks them: Gemini API, Vertex AI, Interactions, Files.",
    "Service": "About the server itself; the metrics alone ask for a key.",
}
