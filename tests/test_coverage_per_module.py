"""Each module of `translators` is covered, lines and branches, by its own test file alone.

A line that only a neighbour's test reaches has no claim made about it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
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


@pytest.mark.slow
@pytest.mark.parametrize("module", modules())
def test_module_is_covered_by_its_own_test(module: str, tmp_path: Path) -> None:
    """The mirrored test file reaches every line and every branch."""
    tests = test_file_of(module)
    assert tests.exists(), f"{tests.relative_to(ROOT)} is missing"

    report = tmp_path / "coverage.json"
    include = f"translators/{module}"
    environment = {**os.environ, "COVERAGE_FILE": str(tmp_path / ".coverage")}
    run = [sys.executable, "-m", "coverage"]
    subprocess.run(
        [*run, "run", "--branch", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)],
        cwd=ROOT, env=environment, check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    subprocess.run(
        [*run, "json", "-q", f"--include={include}", "-o", str(report)],
        cwd=ROOT,
        env=environment,
        check=True,
        timeout=60,
    )

    (found,) = json.loads(report.read_text())["files"].values()
    missing = {"lines": found["missing_lines"], "branches": found["missing_branches"]}
    assert missing == {"lines": [], "branches": []}
