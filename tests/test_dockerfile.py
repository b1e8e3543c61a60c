"""The image is what it should be: non-root, checked without curl, its data in a volume, nothing secret in a layer."""

import ast
import importlib.util
import re
import shlex
from pathlib import Path

from proxy.config import Config, load_config
from proxy.config.environment import VARIABLES

ROOT = Path(__file__).parents[1]
LINES = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text()).splitlines()
FINAL_STAGE = LINES[max(number for number, line in enumerate(LINES) if line.startswith("FROM ")) :]


def instruction(name: str) -> str:
    """The arguments of the only such instruction in the final stage."""
    (found,) = [line.removeprefix(f"{name} ").strip() for line in FINAL_STAGE if line.startswith(f"{name} ")]
    return found


def environment() -> dict[str, str]:
    """What ENV sets in the final stage."""
    return dict(pair.split("=", 1) for pair in shlex.split(instruction("ENV")))


def test_it_does_not_run_as_root() -> None:
    """The process is the image's own user, and what follows is done as that user."""
    assert instruction("USER") == "mediashim"


def test_its_settings_are_settings() -> None:
    """The variables it sets are ones that are read, and with them the proxy listens on the exposed port."""
    ours = {name: value for name, value in environment().items() if name.startswith("MEDIASHIM_")}
    assert set(ours) <= set(VARIABLES)
    config = load_config(None, ours).config
    assert (config.host, str(config.data_dir)) == ("0.0.0.0", "/data")
    assert instruction("EXPOSE") == str(Config().port)
    assert instruction("VOLUME") == str(config.data_dir)


def test_its_health_check_needs_only_python() -> None:
    """No curl, no shell: the module that it names is there."""
    command = ast.literal_eval(instruction("HEALTHCHECK").partition(" CMD ")[2])
    assert command[:2] == ["python", "-m"]
    assert importlib.util.find_spec(command[2]) is not None


def test_only_what_is_copied_is_in_the_context() -> None:
    """The context holds the files that COPY names and no others; each of them exists."""
    copied = {
        source.removeprefix("./")
        for line in LINES
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert {pattern[1:] for pattern in patterns if pattern.startswith("!")} == copied
    assert all((ROOT / source).exists() for source in copied)
