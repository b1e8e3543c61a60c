"""A quiet two-note chord, so that a clip with sound has a sound track that can be heard and told from silence."""

import array
import math
from collections.abc import Iterator
from functools import lru_cache

SAMPLE_RATE = 48_000
FRAME_SAMPLES = 1024
"""An AAC frame's length."""


@lru_cache(maxsize=1)
def _one_second() -> bytes:
    """Both notes have whole periods in a second, so that seconds join without a click."""
    step = 2 * math.pi / SAMPLE_RATE
    return array.array(
        "f",
        (0.06 * (math.sin(220 * step * n) + math.sin(330 * step * n)) for n in range(SAMPLE_RATE)),
    ).tobytes()


def chord(seconds: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield (first sample, number of samples, 32-bit float mono samples) until `seconds` are full."""
    track = _one_second() * seconds
    total = SAMPLE_RATE * seconds
    for start in range(0, total, FRAME_SAMPLES):
        count = min(FRAME_SAMPLES, total - start)
        yield start, count, track[start * 4 : (start + count) * 4]
