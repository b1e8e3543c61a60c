"""Other people's programs, as their registries have them, each in a folder of its own below `.clients/`.

`python -m tests.clients.install` (or `make clients`) installs them all; whatever is there already is left alone. The
folders stay apart from the virtual environment, so that two majors of one package never meet.
"""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / ".clients"


@dataclass(frozen=True, slots=True)
class Packages:
    """What goes into one folder, from PyPI or from npm."""

    folder: str
    registry: str
    wanted: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where they are, once installed."""
        return CLIENTS / self.folder

    @property
    def missing_tool(self) -> str | None:
        """The program that this machine lacks to install or run them."""
        needed = ("node", "npm") if self.registry == "npm" else ()
        return next((tool for tool in needed if shutil.which(tool) is None), None)

    @property
    def _stamp(self) -> str:
        python = f"python {sys.version_info[0]}.{sys.version_info[1]}" if self.registry == "pypi" else ""
        return " ".join([*self.wanted, python])

    def installed(self) -> Path:
        """The folder, filled if it was not yet. Raises CalledProcessError with the registry's answer on stderr."""
        with _alone():
            stamp = self.path / ".installed"
            if not stamp.is_file() or stamp.read_text() != self._stamp:
                shutil.rmtree(self.path, ignore_errors=True)
                self.path.mkdir(parents=True)
                subprocess.run(self._command(), cwd=self.path, check=True, stdout=subprocess.DEVNULL)
                stamp.write_text(self._stamp)
        return self.path

    def _command(self) -> list[str]:
        if self.registry == "npm":
            return ["npm", "install", "--prefix", ".", "--no-fund", "--no-audit", "--loglevel", "error", *self.wanted]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-warn-conflicts"]
        return [*pip, "--no-compile", "--target", ".", *self.wanted]


@contextmanager
def _alone() -> Iterator[None]:
    """Two test runs beside each other install once."""
    CLIENTS.mkdir(exist_ok=True)
    with (CLIENTS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


OPENAI_PYTHON_2 = Packages("openai-python-2", "pypi", ("openai>=2.54,<3",))
ANTHROPIC = Packages("anthropic", "pypi", ("anthropic>=2.11,<3",))
OLD_GOOGLE_GENAI = Packages("google-genai-2", "pypi", ("google-genai==2.19.0",))
"""The last one that speaks Veo to the Gemini API."""
LITELLM = Packages("litellm", "pypi", ("litellm>=1.106,<2",))
OPENAI_NODE = Packages("openai-node", "npm", ("openai@7",))
OPENROUTER_AI_SDK = Packages("openrouter-ai-sdk", "npm", ("@openrouter/ai-sdk-provider@3", "ai@7"))
AIMOCK = Packages("aimock", "npm", ("@copilotkit/aimock@1.43",))
LLM_EMULATOR = Packages("llm-emulator", "npm", ("llm-emulator@0.5",))
ALL = (OPENAI_PYTHON_2, ANTHROPIC, OLD_GOOGLE_GENAI, LITELLM, OPENAI_NODE, OPENROUTER_AI_SDK, AIMOCK, LLM_EMULATOR)


def main() -> None:
    """Install everything that this machine can run."""
    for packages in ALL:
        if packages.missing_tool is None:
            packages.installed()
        else:
            print(f"{packages.folder}: left out, there is no {packages.missing_tool}", file=sys.stderr)


if __name__ == "__main__":
    main()
