"""The moving picture, as YUV planes: a still ground, drawn once, with three small regions that change each frame.

Only an orb on its path, the running clock and the progress line move. x264 then skips nearly every block, which is what
makes eight seconds of 720p cost about half a second of one core.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proxy.simulator.media.canvas import (
    INK,
    OVER_GROUND,
    OVER_PICTURE,
    STAMP,
    Words,
    covering,
    font,
    ground,
    unit,
    write_words,
)
from proxy.simulator.media.recipe import VideoRecipe

if TYPE_CHECKING:
    from PIL import Image

FRAMES_PER_SECOND = 24
LAST_FRAME_SECONDS = 0.5
"""How long a given last frame is shown at the end."""


@dataclass(frozen=True, slots=True)
class Planes:
    """Luma at full size, chroma at half, as `yuv420p` wants them."""

    luma: "Image.Image"
    blue: "Image.Image"
    red: "Image.Image"

    def all(self) -> tuple["Image.Image", "Image.Image", "Image.Image"]:
        """The three planes in the order of the pixel format."""
        return self.luma, self.blue, self.red

    def copy(self) -> "Planes":
        """Planes that can be drawn on while these stay clean."""
        return Planes(self.luma.copy(), self.blue.copy(), self.red.copy())

    def restore(self, clean: "Planes", box: tuple[int, int, int, int]) -> None:
        """Put the clean ground back inside `box` (even coordinates)."""
        half = box[0] // 2, box[1] // 2, box[2] // 2, box[3] // 2
        self.luma.paste(clean.luma.crop(box), box[:2])
        self.blue.paste(clean.blue.crop(half), half[:2])
        self.red.paste(clean.red.crop(half), half[:2])

    def stamp(self, patch: "Planes", corner: tuple[int, int], mask: "Image.Image") -> None:
        """Lay a coloured patch over the ground at an even corner, through `mask` (luma size)."""
        half = (corner[0] // 2, corner[1] // 2)
        half_mask = mask.resize(patch.blue.size)
        self.luma.paste(patch.luma, corner, mask)
        self.blue.paste(patch.blue, half, half_mask)
        self.red.paste(patch.red, half, half_mask)


def planes(picture: "Image.Image") -> Planes:
    """Split an RGB picture into limited-range planes (Y 16..235, chroma 16..240)."""
    luma, blue, red = picture.convert("YCbCr").split()
    half = (picture.width // 2, picture.height // 2)
    return Planes(
        luma.point(lambda level: 16 + level * 219 // 255),
        blue.resize(half).point(lambda level: 128 + (level - 128) * 224 // 255),
        red.resize(half).point(lambda level: 128 + (level - 128) * 224 // 255),
    )


class Scene:
    """One clip's frames, drawn in order: call `frame(0)`, `frame(1)`, ... and read the planes before the next call."""

    def __init__(self, recipe: VideoRecipe) -> None:
        self.frame_count = recipe.seconds * FRAMES_PER_SECOND
        self._recipe = recipe
        self._unit = unit(recipe.width, recipe.height)
        self._clean = self._ground(recipe.first_frame)
        self._ending = self._ground(recipe.last_frame) if recipe.last_frame else None
        self._ending_from = self.frame_count - int(LAST_FRAME_SECONDS * FRAMES_PER_SECOND)
        self._shown = self._clean.copy()
        self._orb, self._orb_mask = self._draw_orb()
        self._clock_font = font(self._unit * 2)
        self._clock_box = self._place_clock()
        self._dirty: list[tuple[int, int, int, int]] = []

    def _ground(self, image: bytes | None) -> Planes:
        recipe = self._recipe
        size = recipe.width, recipe.height
        picture = covering(image, *size) if image else ground(*size, recipe.prompt)
        words = Words(prompt=recipe.prompt, model=recipe.model, details=recipe.details)
        write_words(picture, words, shade=OVER_PICTURE if image else OVER_GROUND)
        return planes(picture)

    def _draw_orb(self) -> tuple[Planes, "Image.Image"]:
        from PIL import Image, ImageDraw

        size = self._unit * 4 // 2 * 2
        mask = Image.new("L", (size, size), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, size - 1, size - 1), fill=255)
        return planes(Image.new("RGB", (size, size), STAMP)), mask

    def _place_clock(self) -> tuple[int, int, int, int]:
        step = self._unit
        width, height = step * 14 // 2 * 2, step * 3 // 2 * 2
        left, top = (self._recipe.width - width - step * 2) // 2 * 2, step * 2 // 2 * 2
        return left, top, left + width, top + height

    def frame(self, number: int) -> Planes:
        """Draw frame `number`; the planes stay the scene's own and change with the next call."""
        clean = self._clean
        if self._ending is not None and number >= self._ending_from:
            clean = self._ending
            if number == self._ending_from:
                self._shown = clean.copy()
        for box in self._dirty:
            self._shown.restore(clean, box)
        self._dirty = [self._move_orb(number), self._set_clock(number)]
        self._draw_progress(number)
        return self._shown

    def _move_orb(self, number: int) -> tuple[int, int, int, int]:
        size = self._orb.luma.width
        turn = number / (FRAMES_PER_SECOND * 4)
        x = self._recipe.width * (0.5 + 0.34 * math.sin(2 * math.pi * turn)) - size / 2
        y = self._recipe.height * (0.36 + 0.13 * math.sin(4 * math.pi * turn)) - size / 2
        left, top = int(x) // 2 * 2, int(y) // 2 * 2
        self._shown.stamp(self._orb, (left, top), self._orb_mask)
        return left, top, left + size, top + size

    def _set_clock(self, number: int) -> tuple[int, int, int, int]:
        from PIL import ImageDraw

        _, top, right, bottom = self._clock_box
        seconds = number / FRAMES_PER_SECOND
        ImageDraw.Draw(self._shown.luma).text(
            (right, (top + bottom) // 2),
            f"{seconds:05.2f} / {self._recipe.seconds:02d} s",
            font=self._clock_font,
            fill=INK[0],
            anchor="rm",
        )
        return self._clock_box

    def _draw_progress(self, number: int) -> None:
        from PIL import ImageDraw

        height = max(2, self._unit // 3)
        reach = self._recipe.width * (number + 1) // self.frame_count
        bottom = self._recipe.height
        ImageDraw.Draw(self._shown.luma).rectangle((0, bottom - height, max(0, reach - 1), bottom), fill=230)
