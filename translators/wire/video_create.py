"""How callers ask for a video by the Videos API: OpenAI's fields, OpenRouter's, and our own `video_config` members.

Shapes: openai-python 3.52 and openai-node 7.55 (`videos.create`, `edit`, `extend`, `remix`), OpenRouter's video
generation docs (2026-11). `video/read_create.py` folds the spellings.
"""

from typing import Any

from pydantic import Field

from translators.wire.video import MediaReference, Text, VideoConfig

BOOKKEEPING = frozenset({"user", "metadata", "safety_identifier", "session_id", "trace"})
"""What clients send for their own books; it asks for nothing."""
WITHOUT_EFFECT = frozenset({"provider"})
"""What is meant for another gateway; that it had no effect is told."""
NOT_OFFERED = frozenset({"upscale_factor", "creativity"})
"""What would change the video and no model here can do; refused."""
STRUCTURED = frozenset(
    {"image", "first_frame", "last_frame", "input_reference", "video", "mask", "reference_images", "frame_images"}
    | {"input_references", "labels", "video_config", "metadata", "provider", "trace"}
)
"""Fields whose value may be an object or a list, which a form carries as JSON text."""


class VideoCreate(VideoConfig):
    """The body of a create, edit, extension or remix; an unknown field is an error, as it would be paid for in vain."""

    model: Text | None = None
    prompt: str | None = None
    input_reference: MediaReference | None = None
    """OpenAI: a first frame, as a file, a URL, a data URI or `{"image_url": ...}`; `{"file_id": ...}` is refused."""

    frame_images: list[dict[str, Any]] | None = Field(default=None, max_length=2)
    """OpenRouter: `{"type": "image_url", "image_url": {"url": ...}, "frame_type": "first_frame" | "last_frame"}`."""
    input_references: list[dict[str, Any]] | None = Field(default=None, max_length=10)
    """OpenRouter: parts of type image_url or video_url."""
    previous_job_id: Text | None = None
    """OpenRouter: the earlier job whose video is to be edited, or extended where the model cannot edit."""
    callback_url: Text | None = None

    video_config: dict[str, Any] | None = None
    """What a chat completion says, said here."""

    user: Any = None
    metadata: Any = None
    safety_identifier: Any = None
    session_id: Any = None
    trace: Any = None
    provider: Any = None
    upscale_factor: Any = None
    creativity: Any = None
