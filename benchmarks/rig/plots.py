"""Curves as pictures, sizes on a logarithmic axis. Needs matplotlib (the extra `bench`); without it none are drawn."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.rig.tables import Curve

COLOURS = {"floor": "#999999", "floor-httpx2": "#d0a030", "product": "#1f5fa8"}
WIDE = 30.0
"""Lines that span more than this, from least to most, are drawn on a logarithmic axis; others from zero."""
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
    for name, values in curve.lines.items():
        axes.plot(curve.x, values, marker="o", label=name, color=COLOURS.get(name, "#c0504d"))
    axes.set_xscale("log")
    axes.set_xticks(curve.x, [short(x) for x in curve.x])
    axes.set_xticks([], minor=True)
    drawn = [value for values in curve.lines.values() for value in values]
    if min(drawn) > 0 and max(drawn) / min(drawn) > WIDE:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda value, _: short(value))
        axes.yaxis.set_minor_formatter(lambda *_: "")
    else:
        axes.set_ylim(0, 1.15 * max(drawn))
    axes.set_title(curve.title)
    axes.set_xlabel(curve.x_title)
    axes.set_ylabel(curve.y_title)
    axes.grid(visible=True, which="both", color="#eeeeee")
    axes.legend()


def short(value: float) -> str:
    """A number for an axis: 250, 1k, 16M; thousands are 1000."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"
