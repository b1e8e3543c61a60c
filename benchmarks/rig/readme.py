"""The part of the README that holds the latest results."""

import re
from collections.abc import Sequence
from pathlib import Path

PART = re.compile(r"(<!-- results: [^\n]*-->\n).*?(<!-- end of results -->)", re.DOTALL)


class NoPlace(Exception):
    """The README has no such part."""


def updated(readme: str, results: Path, names: Sequence[str]) -> str:
    """The README with what is in the folder of results now, in the order of the names. Raises NoPlace."""
    sections = []
    for name in names:
        written = results / f"{name}.md"
        if written.exists():
            picture = f"\n![{name}](results/{name}.png)\n" if (results / f"{name}.png").exists() else ""
            sections.append(written.read_text() + picture)
    part = "\n".join(sections) or "No run is kept here yet.\n"
    found, count = PART.subn(lambda match: f"{match[1]}{part}{match[2]}", readme)
    if count != 1:
        raise NoPlace("the README must have `<!-- results: ... -->` and `<!-- end of results -->` once")
    return found
