"""Starting the other processes of a test."""

import os
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from pathlib import Path

__all__ = ["Process", "start"]

ROOT = Path(__file__).parents[1]


async def start(module: str, *arguments: str) -> Process:
    """A Python module of the tests in a process of its own, its output in pipes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return await create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, cwd=ROOT
    )
