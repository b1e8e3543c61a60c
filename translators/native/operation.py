"""A job as the long-running operation that google-genai asks about; Gemini API and Vertex AI wrap videos differently.

Shapes: what google-genai 2.19 (Gemini API) and 3.4.0 (Vertex AI) read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from translators.wire.call import Surface

_TYPES = {
    Surface.GEMINI: "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse",
    Surface.VERTEX: "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse",
}


def pending_operation(name: str) -> dict[str, Any]:
    """Not done: `done` is absent, as in protobuf's JSON."""
    return {"name": name}


def failed_operation(name: str, error: Mapping[str, Any]) -> dict[str, Any]:
    """Done without a video; `error` is a google.rpc.Status."""
    return {"name": name, "done": True, "error": dict(error)}


def done_operation(name: str, videos: Sequence[Mapping[str, Any]], surface: Surface) -> dict[str, Any]:
    """Done; each video in its surface's own form (`uri` and `mimeType`, or `gcsUri` or `bytesBase64Encoded`)."""
    response: dict[str, Any] = {"@type": _TYPES[surface]}
    if surface is Surface.GEMINI:
        response["generateVideoResponse"] = {"generatedSamples": [{"video": dict(video)} for video in videos]}
    else:
        response["videos"] = [dict(video) for video in videos]
    return {"name": name, "done": True, "response": response}
