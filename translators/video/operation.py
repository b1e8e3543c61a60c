"""A long-running operation of Veo -> what it means. Done with no video is a failure, never a success.

Shapes: Gemini API `PredictLongRunningResponse` and Vertex `GenerateVideoResponse` (google-genai 2.19 and 3.4.0 dumps).
"""

import re
from collections.abc import Mapping
from typing import Any

from translators.errors import UpstreamFailed
from translators.google_errors import filtered, operation_error
from translators.video.outcome import Failed, Outcome, Pending, RemoteVideo, Succeeded

EMPTY = (
    "Google finished the job ({name}) without a video, an error or a reason. Nothing is known to have been billed; "
    "the same request may well succeed another time."
)

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def read_operation_name(answer: Mapping[str, Any]) -> str | None:
    """The operation name in the answer to a submit; None if there is none (then nobody knows what Google did)."""
    name = answer.get("name")
    return name if isinstance(name, str) and name else None


def read_operation(answer: Mapping[str, Any]) -> Outcome:
    """Say what an operation means: still pending, the videos it made, or why there are none."""
    error = answer.get("error")
    if isinstance(error, Mapping) and error:
        return Failed(operation_error(error))
    if answer.get("done") is not True:
        return Pending()
    response = answer.get("response")
    body: Mapping[str, Any] = response if isinstance(response, Mapping) else {}
    # The Gemini API wraps what Vertex gives bare.
    told = body.get("generateVideoResponse")
    report: Mapping[str, Any] = told if isinstance(told, Mapping) else body
    videos = _videos(report)
    count = _count(report.get("raiMediaFilteredCount"))
    reasons = tuple(str(reason) for reason in _list(report.get("raiMediaFilteredReasons")))
    if videos:
        return Succeeded(videos=videos, filtered=count, reasons=reasons)
    if count or reasons:
        return Failed(filtered(reasons, count or len(reasons)))
    return Failed(
        UpstreamFailed(EMPTY.format(name=answer.get("name", "unnamed")), code="empty_result", should_retry=False)
    )


def _videos(report: Mapping[str, Any]) -> tuple[RemoteVideo, ...]:
    """Every video of the report, under any of the names the two surfaces give it."""
    samples = [
        sample.get("video") if isinstance(sample, Mapping) and "video" in sample else sample
        for key in ("generatedSamples", "generatedVideos", "videos")
        for sample in _list(report.get(key))
    ]
    return tuple(video for sample in samples if isinstance(sample, Mapping) and (video := _video(sample)) is not None)


def _video(sample: Mapping[str, Any]) -> RemoteVideo | None:
    uri = sample.get("uri") or sample.get("gcsUri")
    data = sample.get("encodedVideo") or sample.get("bytesBase64Encoded") or sample.get("videoBytes")
    mime_type = sample.get("mimeType") or sample.get("encoding") or "video/mp4"
    if isinstance(data, str) and data:
        return RemoteVideo(data=data, mime_type=str(mime_type))
    return RemoteVideo(uri=uri, mime_type=str(mime_type)) if isinstance(uri, str) and uri else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int:
    """protobuf JSON may write an integer as a string."""
    matched = _NUMBER.fullmatch(str(value))
    return int(matched[0]) if matched is not None else 0
