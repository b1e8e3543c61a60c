"""What to draw: plain values that identify one picture or clip, so that equal asks share one encoding."""

from dataclasses import dataclass


class MediaExtraMissing(RuntimeError):
    """Drawing was asked for without PyAV and Pillow; the message names the way out."""

    def __init__(self, package: str) -> None:
        super().__init__(f"simulated media needs {package}: pip install 'mediashim[media]'")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecipe:
    """One PNG or JPEG: `width` x `height` pixels, the words drawn in, and small lines of detail below them."""

    width: int
    height: int
    model: str
    prompt: str
    details: tuple[str, ...] = ()
    mime_type: str = "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRecipe:
    """One MP4: exact pixels and whole `seconds` at 24 frames a second; `audio` decides whether a sound track exists.

    `first_frame` and `last_frame` are encoded images that begin and end the clip.
    """

    width: int
    height: int
    seconds: int
    audio: bool
    model: str
    prompt: str
    details: tuple[str, ...] = ()
    first_frame: bytes | None = None
    last_frame: bytes | None = None
