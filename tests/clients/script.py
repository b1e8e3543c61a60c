"""Scripts run as their users run them: in a process of their own, without anything of the test run in it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tests.clients.driver import PLAIN

SCRIPTS = Path(__file__).with_name("scripts")


async def run(*command: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """What a program says on standard output; fails the test with what it says on standard error."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**PLAIN, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return told.decode()
