"""A picture of the learned schedule: where videos end, and where the learned schedule and a fixed one poll."""

import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.laws import LogNormal
from proxy.jobs.schedule import learn

WIDTH, HEIGHT, LEFT, RIGHT = 1200, 520, 150, 1170
SECONDS = 360.0
INK, FAINT, FILL, TICK = "#222222", "#999999", "#cfe0f5", "#1f5fa8"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
CASES = (LogNormal(65.0, 0.15), LogNormal(65.0, 0.5), LogNormal(180.0, 0.15))


def draw(path: Path) -> None:
    """Write the PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    title = "Where videos end (shaded, after 64 of their kind) and when each schedule polls one that has not ended"
    pen.text((LEFT, 12), title, INK, font)
    for number, law in enumerate(CASES):
        _case(pen, font, law, top=50 + number * 145)
    for second in range(0, int(SECONDS) + 1, 30):
        pen.text((_x(second), HEIGHT - 32), f"{second} s", FAINT, font, anchor="mt")
    image.save(path)


def _case(pen: ImageDraw.ImageDraw, font: Font, law: LogNormal, *, top: int) -> None:
    base, step = top + 70, 1.0
    shares = [law.over_by(t * step) - law.over_by((t - 1) * step) for t in range(1, int(SECONDS))]
    curve = [(_x(t * step), base - 65 * share / max(shares)) for t, share in enumerate(shares, start=1)]
    pen.polygon([(_x(0), base), *curve, (_x(SECONDS), base)], fill=FILL)
    pen.text((10, top + 20), f"{law.median:.0f} s ±{law.spread:.0%}", INK, font)
    dice = random.Random(1)
    schedule = learn([law.draw(dice) for _ in range(64)])
    learned, now = [], 0.0
    while (now := now + schedule.next_delay(now, 0.5)) < SECONDS:
        learned.append(now)
    every_ten = [10.0 * n for n in range(1, int(SECONDS / 10))]
    for name, polls, y in (("learned", learned, base + 8), ("every 10 s", every_ten, base + 34)):
        pen.text((LEFT - 12, y + 9), name, INK, font, anchor="rm")
        for poll in polls:
            pen.line([(_x(poll), y), (_x(poll), y + 18)], fill=TICK)


def _x(seconds: float) -> float:
    return LEFT + (RIGHT - LEFT) * seconds / SECONDS
