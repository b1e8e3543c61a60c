"""Requests as people send them to OpenAI-style proxies; each is the body of a chat completion."""

from typing import Any

Body = dict[str, Any]


def asking(prompt: str, **fields: Any) -> Body:
    """A prompt and whatever else the body says."""
    return {"messages": [{"role": "user", "content": prompt}], **fields}


def text(prompt: str = "Name a colour.", **fields: Any) -> Body:
    """Text."""
    return asking(prompt, **{"model": "gemini-2.5-flash", **fields})


def image(prompt: str = "a lighthouse at dusk", **fields: Any) -> Body:
    """A picture, 16:9 at 1K unless told otherwise."""
    usual = {
        "model": "gemini-nano-banana-2.1",
        "modalities": ["image", "text"],
        "image_config": {"aspect_ratio": "16:9", "image_size": "1K"},
    }
    return asking(prompt, **{**usual, **fields})


def video(prompt: str = "waves rolling in below a lighthouse", *, config: Body | None = None, **fields: Any) -> Body:
    """A video: four seconds, upright, 720p, unless told otherwise."""
    usual = {
        "model": "veo-3.1-generate-preview",
        "modalities": ["video", "text"],
        "video_config": {"duration_seconds": "4", "aspect_ratio": "9:16", "resolution": "720p", **(config or {})},
    }
    return asking(prompt, **{**usual, **fields})


WEATHER: Body = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
