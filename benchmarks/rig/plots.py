"""Curves as pictures, both axes logarithmic. Needs matplotlib (the extra `bench`); without it there are no pictures."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.rig.tables import Curve

COLOURS = ("#999999", "#1f5fa8", "#c0504d", "#6a9a3b")
COLUMNS = 2


def draw(curves: Sequence[Curve], path: Path) -> bool:
    """Write one PNG with a panel for each curve; False where there is no matplotlib."""
    if find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    rows = -(-len(curves) // COLUMNS)
    figure: Any = Figure(figsize=(6 * COLUMNS, 4 * rows), layout="constrained")
    for number, curve in enumerate(curves, start=1):
        _panel(figure.add_subplot(rows, COLUMNS, number), curve)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    return True


def _panel(axes: Any, curve: Curve) -> None:
    for colour, (name, values) in zip(COLOURS, curve.lines.items(), strict=False):
        axes.plot(curve.x, values, marker="o", label=name, color=colour)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_title(curve.title)
    axes.set_xlabel(curve.x_title)
    axes.set_ylabel(curve.y_title)
    axes.grid(visible=True, which="both", color="#eeeeee")
    axes.legend()
