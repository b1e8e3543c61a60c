"""The two programs that must be faster than what they measure: compiled where there is a C compiler."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / ".bench" / "bin"
"""Out of the tree that git sees; `make clean` removes it."""
FLAGS = ("-O2", "-Wall", "-Wextra", "-std=gnu11")


def compiler() -> str | None:
    """A C compiler of this machine."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def command_of(name: str, *, compiled: bool = True) -> list[str]:
    """How to call `upstream` or `load`: the C program, else the same in Python, slower, with the same words."""
    found = compiler() if compiled and sys.platform == "linux" else None
    if found is None:
        return [sys.executable, "-m", f"benchmarks.rig.{name}_in_python"]
    source, program = HERE / f"{name}.c", BUILT / name
    newest = max(path.stat().st_mtime for path in (source, HERE / "wire.h"))
    if not program.exists() or program.stat().st_mtime < newest:
        BUILT.mkdir(parents=True, exist_ok=True)
        fresh = program.with_name(f"{name}.{os.getpid()}")  # two runs may compile at once
        subprocess.run([found, *FLAGS, "-o", str(fresh), str(source)], check=True)
        fresh.replace(program)
    return [str(program)]
