"""What one test file alone covers of one module, measured in a process that has imported neither.

    python -m tests.coverage_alone < pairs.json      [[module, tests], ...] -> {module: what is left out}

It is a program of its own because a process has one fork server only, and another test's may have imported the modules.
"""

import contextlib
import io
import json
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
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


def main() -> None:
    """Measure every pair, two at a time; a test that fails is told in the place of its figures."""
    pairs: list[list[str]] = json.load(sys.stdin)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    with ProcessPoolExecutor(max_workers=2, mp_context=context, max_tasks_per_child=1) as processes:
        asked = {module: processes.submit(left_out, module, tests) for module, tests in pairs}
        found = {
            module: {"failed": str(failure)} if (failure := future.exception()) else future.result()
            for module, future in asked.items()
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
