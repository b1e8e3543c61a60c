"""What a workload found: rows of figures, kept as JSON and shown as Markdown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Cell = float | str | None
Row = Mapping[str, Cell]

FORMATS = {"": "{}", "count": "{:,.0f}", "figures": "{:.3g}", "ratio": "{:.2f} x", "share": "{:.0%}", "ms": "{:.3f}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A figure's title, its unit included, and how it is written."""

    title: str
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Figures over sizes that double, one line for each server; a plot of its own."""

    title: str
    x_title: str
    y_title: str
    x: Sequence[float]
    lines: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `note` says what must be known to read it."""

    title: str
    note: str
    columns: Mapping[str, Column]
    rows: Sequence[Row]
    curves: Sequence[Curve] = ()

    def markdown(self) -> str:
        """The table, with its title and note."""
        head = "| " + " | ".join(column.title for column in self.columns.values()) + " |"
        rule = "|" + "|".join("--:" if column.format else "---" for column in self.columns.values()) + "|"
        lines = ["| " + " | ".join(self._cells(row)) + " |" for row in self.rows]
        return "\n".join([f"### {self.title}", "", self.note, "", head, rule, *lines, ""])

    def _cells(self, row: Row) -> list[str]:
        return [shown(row.get(name), column.format) for name, column in self.columns.items()]


def shown(cell: Cell, form: str) -> str:
    """A cell as it is written; nothing for what was not measured."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else FORMATS[form].format(cell)


def save(tables: Sequence[Table], machine: Mapping[str, Any], folder: Path, name: str) -> None:
    """`NAME.json` and `NAME.md` of one workload."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"machine": machine, "tables": [asdict(table) for table in tables]}
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
    about = ", ".join(f"{key}: {value}" for key, value in machine.items())
    (folder / f"{name}.md").write_text("\n".join([*(table.markdown() for table in tables), f"_{about}_", ""]))
