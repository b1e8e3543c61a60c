"""What Google's answer to "is it done?" can mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from translators.errors import ApiError


@dataclass(frozen=True, slots=True)
class Pending:
    """Not done yet; Google gives no percentage (Gemini API and Vertex docs, 2026-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteVideo:
    """A finished video, by its place (`uri`: https or gs://) or by its base64 (`data`)."""

    uri: str | None = None
    data: str | None = field(default=None, repr=False)
    mime_type: str = "video/mp4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """At least one video is there. `filtered` counts those that Google withheld, with its reasons."""

    videos: tuple[RemoteVideo, ...]
    filtered: int = 0
    reasons: tuple[str, ...] = ()
    usage: Mapping[str, int] | None = None
    """OpenAI's usage members, where Google counted tokens."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Google is done and there is no video."""

    error: ApiError


Outcome = Pending | Succeeded | Failed
