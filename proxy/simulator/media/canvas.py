"""The look of everything simulated: a coloured ground, the word SIMULATED, the prompt, and what was asked for.

Sizes follow the short side of the picture, so that 360p and 4k read alike.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from proxy.simulator.media.recipe import MediaExtraMissing

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

INK = (246, 244, 238)
QUIET_INK = (206, 210, 222)
STAMP = (255, 196, 61)
STAMP_INK = (24, 24, 32)
MAX_PROMPT_LINES = 4
OVER_GROUND, OVER_PICTURE = 118, 205
"""How dark the band is: a given picture may have anything where the words go, so it is veiled more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written on a picture."""

    prompt: str
    model: str
    details: tuple[str, ...]


def font(size: int) -> "Font":
    """Pillow's own scalable face at `size` pixels, so that no system font is needed."""
    try:
        from PIL import ImageFont
    except ImportError as missing:
        raise MediaExtraMissing("Pillow") from missing
    return ImageFont.load_default(size=size)


def ground(width: int, height: int, seed: str) -> "Image.Image":
    """A dusk-like gradient whose hue comes from `seed`: equal prompts look equal, different ones differ."""
    try:
        from PIL import Image
    except ImportError as missing:
        raise MediaExtraMissing("Pillow") from missing
    hue = hashlib.sha256(seed.encode()).digest()[0]
    fall = Image.linear_gradient("L").resize((width, height))
    glow = Image.radial_gradient("L").resize((width, height))
    colour = fall.point(lambda level: (hue + level // 7) % 256)
    strength = fall.point(lambda level: 150 + level // 6)
    light = glow.point(lambda level: max(34, 128 - level // 2))
    return Image.merge("HSV", (colour, strength, light)).convert("RGB")


def covering(image: bytes, width: int, height: int) -> "Image.Image":
    """The given picture, scaled to cover the frame and cropped at its centre, as Veo does by default."""
    try:
        from PIL import Image, ImageOps
    except ImportError as missing:
        raise MediaExtraMissing("Pillow") from missing
    with Image.open(io.BytesIO(image)) as opened:
        return ImageOps.fit(opened.convert("RGB"), (width, height))


def unit(width: int, height: int) -> int:
    """One step of the layout grid, in pixels."""
    return max(4, min(width, height) // 36)


def write_words(picture: "Image.Image", words: Words, *, shade: int = OVER_GROUND) -> None:
    """Stamp SIMULATED at the top left and set prompt, model and details below, on a band darkened by `shade` of 255."""
    from PIL import Image, ImageDraw

    step = unit(picture.width, picture.height)
    prompt_font, small_font = font(step * 2), font(max(9, step * 5 // 4))
    margin = step * 2
    draw = ImageDraw.Draw(picture)
    lines = wrapped(draw, words.prompt, prompt_font, picture.width - 2 * margin)
    notes = [words.model, *words.details]
    band = len(lines) * step * 5 // 2 + len(notes) * step * 7 // 4 + step * 4
    top = max(0, picture.height - band - step)
    veil = Image.new("L", (picture.width, picture.height - top), shade)
    picture.paste((10, 12, 22), (0, top), veil)
    _stamp(draw, step, margin)
    y = top + step
    for line in lines:
        draw.text((margin, y), line, font=prompt_font, fill=INK)
        y += step * 5 // 2
    y += step // 2
    for note in notes:
        draw.text((margin, y), note, font=small_font, fill=QUIET_INK)
        y += step * 7 // 4


def _stamp(draw: "ImageDraw.ImageDraw", step: int, margin: int) -> None:
    face = font(step * 3 // 2)
    width = int(draw.textlength("SIMULATED", font=face))
    box = (margin, margin, margin + width + step * 2, margin + step * 3)
    draw.rounded_rectangle(box, radius=step // 2, fill=STAMP)
    draw.text((margin + step, margin + step * 3 // 2), "SIMULATED", font=face, fill=STAMP_INK, anchor="lm")


def wrapped(draw: "ImageDraw.ImageDraw", text: str, face: "Font", width: int) -> list[str]:
    """The text in at most four lines that fit `width` pixels; a cut text ends in an ellipsis."""
    lines: list[str] = []
    current = ""
    for word in " ".join(text.split()).split(" "):
        attempt = f"{current} {word}".strip()
        if current and draw.textlength(attempt, font=face) > width:
            lines.append(current)
            current = word
        else:
            current = attempt
    lines.append(current)
    kept = [_cut(draw, line, face, width) for line in lines[:MAX_PROMPT_LINES]]
    if len(lines) > MAX_PROMPT_LINES:
        kept[-1] = _cut(draw, kept[-1] + " ...", face, width)
    return kept


def _cut(draw: "ImageDraw.ImageDraw", line: str, face: "Font", width: int) -> str:
    if draw.textlength(line, font=face) <= width:
        return line
    while line and draw.textlength(line + "...", font=face) > width:
        line = line[:-1]
    return line + "..."
