"""Golden wire pairs: JSON files below tests/golden, one case a file, each naming where its facts come from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCase:
    """One pair. `openai` (`anthropic` in some files) and `google` are the two sides; `more` is what else is set."""

    name: str
    origin: str
    openai: Any
    google: Any
    more: dict[str, Any]


def golden_cases(folder: str) -> list[Any]:
    """All cases of a folder, as pytest parameters named after their files."""
    return [pytest.param(case, id=case.name) for case in read_cases(folder)]


def read_cases(folder: str) -> list[GoldenCase]:
    """All cases of a folder; one without origin, or without one of its sides, is an error."""
    return [_read(path) for path in sorted((GOLDEN / folder).glob("*.json"))]


def _read(path: Path) -> GoldenCase:
    members = json.loads(path.read_text())
    return GoldenCase(
        name=path.stem,
        origin=members.pop("origin"),
        openai=members.pop("anthropic") if "anthropic" in members else members.pop("openai"),
        google=members.pop("google"),
        more=members,
    )
