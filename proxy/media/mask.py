"""The mask of an edit, from OpenAI's form to Imagen's: by Pillow, of the `media` extra, imported when first needed.

OpenAI's is a PNG whose fully transparent areas are to be edited (OpenAI API reference, "Create image edit", 2026-11);
Imagen's is as large as the image, and its non-zero pixels are to be edited (google-genai 3.4.0, `MaskReferenceImage`).
"""

import asyncio
import base64
import io
from typing import TYPE_CHECKING, Final

from translators.errors import BadRequest

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS: Final = 32 << 20
"""Each takes four bytes while it is read; larger than any image that the models make or take."""

WAY_OUT: Final = (
    "Send a PNG of the image's own width and height, fully transparent (alpha 0) where the image shall change and "
    "opaque elsewhere"
)


def require_masks(param: str) -> None:
    """Return if masks can be read. Raises BadRequest naming the extra that is missing."""
    try:
        import PIL.Image  # noqa: F401 -- only whether it is there
    except ImportError:
        raise BadRequest(
            "Reading a mask needs the media extra, which this server does not have: pip install 'mediashim[media]'. "
            "Without a mask the edit works: say in the prompt what shall change.",
            param=param,
            code="media_extra_missing",
        ) from None


async def imagen_mask(data: str, image: tuple[int, int] | None, param: str) -> str:
    """Base64 of a black PNG that is white where the mask (base64 too) is fully transparent.

    `image` is the image's size in pixels, None where it is not known. Raises BadRequest naming `param` for what is no
    PNG, of another size, or transparent nowhere, and without the media extra.
    """
    require_masks(param)
    return await asyncio.to_thread(_converted, data, image, param)


def _converted(data: str, image: tuple[int, int] | None, param: str) -> str:
    mask = _opened(base64.b64decode(data), param)
    if image is not None and mask.size != image:
        raise BadRequest(f"The mask is {_size(mask.size)} and the image {_size(image)} pixels. {WAY_OUT}.", param=param)
    if mask.width * mask.height > MOST_PIXELS:
        raise BadRequest(f"The mask has more than {MOST_PIXELS} pixels; send a smaller image and mask.", param=param)
    edited = _alpha(mask, param).point([255, *[0] * 255])
    if edited.getextrema() == (0, 0):
        raise BadRequest(f"The mask is fully transparent nowhere, so nothing would be edited. {WAY_OUT}.", param=param)
    content = io.BytesIO()
    edited.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def _opened(content: bytes, param: str) -> "Image":
    """The mask by its header; nothing is decoded yet."""
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(io.BytesIO(content), formats=["PNG"])
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise BadRequest(f"The mask is no PNG that can be read. {WAY_OUT}.", param=param) from None


def _alpha(mask: "Image", param: str) -> "Image":
    """How opaque each pixel is, 0 to 255; also where a palette or one colour is what is transparent."""
    try:
        return mask.convert("RGBA").getchannel("A")
    except (OSError, ValueError, SyntaxError):
        raise BadRequest(f"The mask is damaged and cannot be read to its end. {WAY_OUT}.", param=param) from None


def _size(pixels: tuple[int, int]) -> str:
    return f"{pixels[0]}x{pixels[1]}"
