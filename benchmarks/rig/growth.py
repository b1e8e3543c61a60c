"""How cost grows with size: an exponent of 1 is twice the cost for twice the size."""

import math
from collections.abc import Sequence


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """The slope of the logarithms, least squares: `cost ~ size ** exponent`.

    Costs that do not depend on the size (what a request costs anyway) pull it down; see `marginal`.
    None for fewer than two points.
    """
    points = [(math.log(size), math.log(cost)) for size, cost in zip(sizes, costs, strict=True) if cost > 0]
    return _slope(points)


def marginal(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """The exponent of what each size costs above the smallest: without what a request costs anyway."""
    above = [(size - sizes[0], cost - costs[0]) for size, cost in zip(sizes[1:], costs[1:], strict=True)]
    return _slope([(math.log(size), math.log(cost)) for size, cost in above if cost > 0])


def doubled(start: int, end: int, factor: int = 2) -> list[int]:
    """`start`, twice that (or `factor` times), and so on until `end`."""
    sizes = [start]
    while sizes[-1] * factor <= end:
        sizes.append(sizes[-1] * factor)
    return sizes


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    if len(points) < 2:
        return None
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    below = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / below if below else None
