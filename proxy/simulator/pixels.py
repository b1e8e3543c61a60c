"""Pixel sizes behind Google's words for them."""

from collections.abc import Mapping

_VIDEO_SHORT_SIDE: Mapping[str, int] = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}

# Gemini API image generation docs, 2026-11: 1K pixel sizes; 2K and 4K are these times two and four.
_IMAGE_1K: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "21:9": (1536, 672),
    "1:4": (512, 2048),
    "4:1": (2048, 512),
    "1:8": (352, 2928),
    "8:1": (2928, 352),
}
_IMAGE_SCALE: Mapping[str, float] = {"512": 0.5, "1K": 1, "2K": 2, "4K": 4}


def video_pixels(resolution: str, aspect_ratio: str) -> tuple[int, int]:
    """Width and height of a video: the short side is the resolution's, the long side 16/9 of it."""
    short = _VIDEO_SHORT_SIDE[resolution]
    long = short * 16 // 9
    return (short, long) if aspect_ratio == "9:16" else (long, short)


def image_pixels(aspect_ratio: str, size: str) -> tuple[int, int]:
    """Width and height of a picture."""
    width, height = _IMAGE_1K[aspect_ratio]
    scale = _IMAGE_SCALE[size]
    return int(width * scale), int(height * scale)
