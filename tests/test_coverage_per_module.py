"""Each module of `translators` is covered, lines and branches, by its own test file alone.

A line that only a neighbour's test reaches has no claim made about it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.coverage_alone import ROOT

TABLES_OF_ERRORS = "test_google_errors.py"
TESTED_TOGETHER = {
    "google_error_causes.py": TABLES_OF_ERRORS,
    "google_error_row.py": TABLES_OF_ERRORS,
    "google_error_statuses.py": TABLES_OF_ERRORS,
    "google_fault.py": TABLES_OF_ERRORS,
    "support_codes.py": TABLES_OF_ERRORS,
    "wire/google_status.py": TABLES_OF_ERRORS,
}
"""Tables and readers that make sense only together, and the one test that walks them."""


def modules() -> list[str]:
    """Every module with code in it, as a path below `translators`."""
    paths = sorted((ROOT / "translators").rglob("*.py"))
    return [str(path.relative_to(ROOT / "translators")) for path in paths if path.name != "__init__.py"]


def test_file_of(module: str) -> Path:
    """The test file that must cover a module."""
    path = Path(module)
    return ROOT / "tests" / "translators" / TESTED_TOGETHER.get(module, str(path.with_name(f"test_{path.name}")))


test_file_of.__test__ = False  # type: ignore[attr-defined] - a function that tells, not a test


@pytest.fixture(scope="module")
def measured(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is left out of each chosen module, or why its test failed."""
    asked = [item.callspec.params["module"] for item in request.session.items if item.path == Path(__file__)]
    pairs = [[f"translators/{module}", str(test_file_of(module))] for module in asked]
    answer = subprocess.run(
        [sys.executable, "-m", "tests.coverage_alone"],
        input=json.dumps(pairs),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("module", modules())
def test_module_is_covered_by_its_own_test(module: str, measured: dict[str, Any]) -> None:
    """The mirrored test file reaches every line and every branch."""
    tests = test_file_of(module)
    assert tests.exists(), f"{tests.relative_to(ROOT)} is missing"

    assert measured[f"translators/{module}"] == {"lines": [], "branches": []}
