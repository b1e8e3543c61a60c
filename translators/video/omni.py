"""VideoSpec -> a background interaction with a Gemini Omni model (Interactions API; google-genai 3.4.0, 2026-11)."""

from typing import Any

from translators.catalog import Mode
from translators.content import HoldsMedia
from translators.video.spec import VideoMedia, VideoSpec
from translators.wire.call import GoogleCall, Surface

TASKS = {
    Mode.TEXT: "text_to_video",
    Mode.IMAGE: "image_to_video",
    Mode.FIRST_LAST: "image_to_video",
    Mode.REFERENCE_ASSET: "reference_to_video",
    Mode.EXTENSION: "extend",
    Mode.EDIT: "edit",
}


def to_omni(spec: VideoSpec, model: str, surface: Surface, *, storage_uri: str | None = None) -> GoogleCall:
    """Translate a request to `POST interactions`, stored and in the background, so that it can be asked for again.

    A video that an earlier interaction made may be named by that interaction: then it is the one to edit.
    On Vertex a `uri` delivery needs a bucket (`storage_uri`); without one the video comes inline.
    """
    generation: dict[str, Any] = {"video_config": {"task": TASKS[spec.mode]}}
    if spec.seed is not None:
        generation["seed"] = spec.seed
    by_uri = surface is Surface.GEMINI or storage_uri is not None
    answer = {
        "type": "video",
        "aspect_ratio": spec.aspect_ratio,
        "duration": f"{spec.duration}s" if spec.duration is not None else None,
        "resolution": spec.resolution,
        "delivery": "uri" if by_uri else "inline",
        "gcs_uri": storage_uri,
    }
    body: dict[str, Any] = {
        "model": model,
        "background": True,
        "store": True,
        "input": [{"type": "user_input", "content": _content(spec)}],
        "generation_config": generation,
        "response_format": {key: value for key, value in answer.items() if value is not None},
    }
    if spec.video is not None and spec.video.interaction_id is not None:
        body["previous_interaction_id"] = spec.video.interaction_id
    if spec.labels:
        body["labels"] = dict(spec.labels)
    return GoogleCall(resource="interactions", body=body)


def _content(spec: VideoSpec) -> list[dict[str, Any]]:
    """Media first, then the prompt; a first and a last frame are told apart by tags in the prompt."""
    media: list[tuple[str, VideoMedia]] = [
        *(("video", medium) for medium in (spec.video,) if medium is not None and medium.interaction_id is None),
        *(("image", medium) for medium in (spec.image, spec.last_frame) if medium is not None),
        *(("image", reference.media) for reference in spec.references),
    ]
    prompt = f"<FIRST_FRAME> <LAST_FRAME> {spec.prompt}".strip() if spec.mode is Mode.FIRST_LAST else spec.prompt
    parts = [_medium(kind, medium) for kind, medium in media]
    return [*parts, {"type": "text", "text": prompt}] if prompt else parts


def _medium(kind: str, medium: VideoMedia) -> dict[str, Any]:
    members = {"type": kind, "mime_type": medium.mime_type, "data": medium.data, "uri": medium.uri}
    return HoldsMedia({key: value for key, value in members.items() if value is not None})
