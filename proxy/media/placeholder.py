"""A picture that says of itself that it is none: by Pillow, of the `media` extra, imported when first needed."""

import asyncio
import io
import math
import textwrap
from typing import Final

from translators.errors import BadRequest

_SIDE: Final = 1024
_GROUND: Final = (58, 60, 68)
_INK: Final = (240, 238, 230)
_LINE: Final = 36
"""Characters that fit beside each other on a square."""
_MOST_LINES: Final = 8


def require_placeholders() -> None:
    """Return if placeholders can be drawn. Raises BadRequest naming the extra that is missing."""
    try:
        import PIL.ImageDraw  # noqa: F401 -- only whether it is there
    except ImportError:
        raise BadRequest(
            "A placeholder needs the media extra, which this server does not have: pip install 'mediashim[media]'. "
            "Without image_config.fallback the failure itself is the answer.",
            param="image_config.fallback",
            code="media_extra_missing",
        ) from None


async def placeholder(aspect_ratio: str | None, prompt: str) -> bytes:
    """A PNG of about a megapixel in that ratio ("16:9"; None is square), with the word PLACEHOLDER and the prompt."""
    return await asyncio.to_thread(_drawn, aspect_ratio or "1:1", prompt)


def _drawn(aspect_ratio: str, prompt: str) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    across, _, down = aspect_ratio.partition(":")
    stretch = math.sqrt(int(across) / int(down))
    width, height = round(_SIDE * stretch), round(_SIDE / stretch)
    picture = Image.new("RGB", (width, height), _GROUND)
    pen = ImageDraw.Draw(picture)
    lines = textwrap.wrap(prompt, _LINE, max_lines=_MOST_LINES, placeholder=" ...")
    size = min(width, height) // 20
    for number, line in enumerate(["PLACEHOLDER: no image was made", "", *lines]):
        pen.text((size, size + number * size * 3 // 2), line, fill=_INK, font=ImageFont.load_default(size=size))
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
