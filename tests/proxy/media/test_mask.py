"""proxy/media/mask.py: transparent becomes white, and whatever is no mask is refused in words."""

import base64
import io
import sys
import zlib

import pytest
from PIL import Image

from proxy.media.mask import MOST_PIXELS, imagen_mask
from translators.errors import BadRequest


def encoded(picture: Image.Image, **settings: object) -> str:
    content = io.BytesIO()
    picture.save(content, "PNG", **settings)
    return base64.b64encode(content.getvalue()).decode()


def pixels(made: str) -> list[int]:
    picture = Image.open(io.BytesIO(base64.b64decode(made)))
    assert (picture.format, picture.mode) == ("PNG", "L")
    return list(picture.tobytes())


def row(*alphas: int) -> Image.Image:
    """One row of pixels, each this opaque."""
    picture = Image.new("RGBA", (len(alphas), 1))
    for x, alpha in enumerate(alphas):
        picture.putpixel((x, 0), (200, 100, 50, alpha))
    return picture


async def test_only_what_is_fully_transparent_is_edited() -> None:
    """Half transparent is not: OpenAI's reference says fully."""
    assert pixels(await imagen_mask(encoded(row(0, 1, 128, 255)), (4, 1), "mask")) == [255, 0, 0, 0]


async def test_transparency_by_a_colour() -> None:
    """A palette, or one colour, may be what is transparent (PNG's tRNS)."""
    palette = Image.new("P", (2, 1))
    palette.putpalette([0, 0, 0, 255, 255, 255])
    palette.putpixel((1, 0), 1)
    colour = Image.new("RGB", (2, 1), "red")
    colour.putpixel((0, 0), (1, 2, 3))

    assert pixels(await imagen_mask(encoded(palette, transparency=1), (2, 1), "mask")) == [0, 255]
    assert pixels(await imagen_mask(encoded(colour, transparency=(1, 2, 3)), (2, 1), "mask")) == [255, 0]


async def test_an_image_of_unknown_size() -> None:
    """Then Google compares."""
    assert pixels(await imagen_mask(encoded(row(0, 255)), None, "mask")) == [255, 0]


@pytest.mark.parametrize(
    ("mask", "why"),
    [
        (encoded(row(0, 255)), "is 2x1 and the image 4x1"),
        (encoded(row(255, 255, 255, 1)), "transparent nowhere"),
        (base64.b64encode(b"no picture").decode(), "no PNG"),
        (base64.b64encode(base64.b64decode(encoded(row(0, 1, 2, 3)))[:50]).decode(), "damaged"),
    ],
)
async def test_what_is_no_mask(mask: str, why: str) -> None:
    """The field and the way out."""
    with pytest.raises(BadRequest, match=why) as caught:
        await imagen_mask(mask, (4, 1), "mask")
    assert caught.value.param == "mask"
    assert "Send a PNG" in caught.value.message


async def test_a_mask_beyond_all_images_is_not_decoded() -> None:
    """Its header says how much memory it would take."""
    header = bytearray(base64.b64decode(encoded(row(0))))
    side = 8192
    assert side * side > MOST_PIXELS
    header[16:24] = side.to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")

    with pytest.raises(BadRequest, match="more than") as caught:
        await imagen_mask(base64.b64encode(header).decode(), None, "mask")
    assert caught.value.param == "mask"


async def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named."""
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(BadRequest, match=r"mediashim\[media\]") as caught:
        await imagen_mask(encoded(row(0)), None, "mask")
    assert (caught.value.param, caught.value.code) == ("mask", "media_extra_missing")
