"""How callers ask for a video by the Videos API: OpenAI's fields, OpenRouter's, and our own `video_config` members.

Shapes: openai-python 3.52 and openai-node 7.55 (`videos.create`, `edit`, `extend`, `remix`), OpenRouter's video
generation docs (2026-11). `video/read_create.py` folds the spellings.
"""

from typing import Any

from translators.wire.video import Text, VideoConfig

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
