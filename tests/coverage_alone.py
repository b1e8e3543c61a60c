"""What one test file alone covers of one module, measured in a process that has imported neither."""

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).parents[1]

PRELOADED = ("coverage", "hypothesis.strategies", "pydantic", "pytest", "pytest_asyncio.plugin", "yaml")
"""What takes long to import and is none of ours: read once, by the process that all measuring ones are forked from."""

_OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "ignore:Module already imported so cannot be rewritten")
"""The plugins among what is preloaded keep their assertions as they are; our own tests' are rewritten as ever."""


def left_out(module: str, tests: str) -> dict[str, Any]:
    """The lines and branches of a module that a test file does not reach; both are paths below the root.

    Raises AssertionError with pytest's output if a test fails.
    """
    os.chdir(ROOT)
    measured = coverage.Coverage(data_file=None, branch=True, include=[module], source=[])
    with contextlib.redirect_stdout(io.StringIO()) as printed, measured.collect():
        code = pytest.main([*_OPTIONS, tests])
    assert code == pytest.ExitCode.OK, printed.getvalue()

    with contextlib.redirect_stdout(io.StringIO()) as report:
        measured.json_report(outfile="-")
    (found,) = json.loads(report.getvalue())["files"].values()
    return {"lines": found["missing_lines"], "branches": found["missing_branches"]}
