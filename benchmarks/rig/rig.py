"""What a workload works with: cores, a folder, options, and servers that live as long as it does."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rig import callers, product
from benchmarks.rig.google import Rule, write_rules
from benchmarks.rig.measure import Contender, Sample, under_load
from benchmarks.rig.pinning import Cores, usable_cores
from benchmarks.rig.processes import Process, running
from benchmarks.rig.programs import command_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says."""

    seconds: float = 5.0
    """Of one run."""
    rounds: int = 5
    """Runs of each contender that count."""
    quick: bool = False
    """Small sizes and few callers: shows that everything works, and no figure means anything."""
    contenders: tuple[str, ...] = ("floor", "product")
    compiled: bool = True


class Rig:
    """One workload's servers. Close it (`opened`) and they are gone."""

    def __init__(self, stack: ExitStack, folder: Path, options: Options, cores: Cores) -> None:
        self.folder = folder
        self.options = options
        self.cores = cores
        self._stack = stack
        self._started = 0

    def new_folder(self) -> Path:
        """An empty folder of one server's own."""
        self._started += 1
        folder = self.folder / f"{self._started:02d}"
        folder.mkdir()
        return folder

    def start(self, command: Sequence[str], cores: frozenset[int], **options: Any) -> Process:
        """A server, until the workload ends."""
        self._started += 1
        log = self.folder / f"{self._started:02d}.log"
        return self._stack.enter_context(running(command, cores=cores, log=log, **options))

    def upstream(self, rules: Sequence[Rule], folder: Path, *, port: int = 0) -> Process:
        """The fake Google."""
        command = command_of("upstream", compiled=self.options.compiled)
        return self.start([*command, str(write_rules(folder, list(rules))), str(port)], self.cores.upstream)

    def floor(self, upstream: str, *, over: str = "aiohttp", file: Path | None = None) -> Process:
        """A bare proxy."""
        return self.start(floor_command(upstream, over=over, file=file), self.cores.product)

    def product(
        self, upstream: str, *, surface: str = "gemini", more: dict[str, Any] | None = None, folder: Path | None = None
    ) -> Process:
        """`mediashim serve`; data and log in a folder of its own."""
        own = folder or self.new_folder()
        return self.start(product.command(own, upstream, surface=surface, more=more), self.cores.product)

    def written(self, request: bytes) -> Path:
        """A request as a file, as the callers take it."""
        self._started += 1
        path = self.folder / f"{self._started:02d}.request"
        path.write_bytes(request)
        return path

    def run(self, contender: Contender, **options: float | str) -> Sample:
        """The callers, for as long as the options say."""
        said: Mapping[str, float | str] = {"seconds": self.options.seconds, **options}
        return under_load(contender, self.cores.callers, compiled=self.options.compiled, **said)

    def start_callers(self, contender: Contender, **options: float | str) -> "subprocess.Popen[bytes]":
        """Callers beside others; `callers.seen` has what they saw."""
        said: dict[str, float | str] = {**contender.options, **options}
        compiled = self.options.compiled
        return callers.start(contender.process.port, contender.sent, self.cores.callers, compiled=compiled, **said)


def floor_command(upstream: str, *, over: str = "aiohttp", file: Path | None = None) -> list[str]:
    """How a bare proxy is started."""
    words = ["--upstream", upstream, "--over", over, *(["--file", str(file)] if file else [])]
    return [sys.executable, "-m", "benchmarks.rig.floors", *words]


@contextmanager
def opened(options: Options, *, workers: int = 1) -> Iterator[Rig]:
    """A rig with a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mediashim-bench-") as folder, ExitStack() as stack:
        yield Rig(stack, Path(folder), options, Cores.of(usable_cores(), workers))


def base_of(process: Process) -> str:
    """The address of a server."""
    return f"http://127.0.0.1:{process.port}"


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
