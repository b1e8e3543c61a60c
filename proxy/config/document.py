"""`docs/config.md`, written from the schema: `python -m proxy.config.document > docs/config.md`."""

import sys
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from proxy.config.environment import VARIABLES
from proxy.config.keys import Key, keys_below
from proxy.config.quantities import parse_duration, parse_size
from proxy.config.schema import Config

_INTRODUCTION = """\
# Configuration

`mediashim serve --config config.yaml`. Every key is optional; `config.example.yaml` shows them in place. This page is
written from the schema (`python -m proxy.config.document > docs/config.md`).

The command line beats the environment, which beats the file, which beats the defaults. Credentials and inbound keys do
not beat one another: those of the environment join those of the file, unless they are the same.

`${NAME}` in a text takes the value of an environment variable (`${NAME:-default}` where it may be missing, `$${` for a
plain `${`). Durations are seconds or text with units (`10`, `"10s"`, `"15m"`, `"1h30m"`, `"7d"`), sizes are bytes or
text with units (`"20MB"`, `"64MiB"`). A relative path starts at the folder of the file.

Unknown keys are errors that name the nearest known one. CLIProxyAPI's keys that mean nothing here are accepted and
named in one log line.
"""

_DURATION_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_SIZE_UNITS = {"GB": 10**9, "MB": 10**6, "kB": 10**3}


def render() -> str:
    """The whole page, as Markdown."""
    keys = [_row(key) for key in keys_below(Config)]
    variables = [f"| `{name}` | {meaning} |" for name, meaning in VARIABLES.items()]
    return "\n".join(
        [
            _INTRODUCTION,
            "## Keys\n\n`[]` stands for each item of a list.\n\n| key | default | meaning |\n|---|---|---|",
            *keys,
            "\n## Environment variables\n\nAn empty variable counts as not set.\n\n| variable | meaning |\n|---|---|",
            *variables,
            "",
        ]
    )


def default_text(field: FieldInfo) -> str:
    """The default as a person would write it into the file; empty where there is none."""
    default = field.get_default(call_default_factory=False) if field.default_factory is None else None
    if field.is_required():
        return "required"
    if _is_read_by(field, parse_duration):
        return _with_unit(default, _DURATION_UNITS) if default else "0"
    if _is_read_by(field, parse_size):
        return _with_unit(default, _SIZE_UNITS) if default else "0"
    match default:
        case bool():
            return str(default).lower()
        case Enum():
            return str(default.value)
        case int() | float() | Path():
            return str(default)
        case str():
            return default
        case tuple() if all(isinstance(item, str) for item in default):
            return ", ".join(default)
        case SecretStr() | None | _:
            return ""


def _row(key: Key) -> str:
    default = "" if key.section is not None else default_text(key.field)
    shown = default if default in {"", "required"} else f"`{default}`"
    return f"| `{key.path}` | {shown} | {key.field.description} |"


def _is_read_by(field: FieldInfo, parser: object) -> bool:
    return any(getattr(step, "func", None) is parser for step in field.metadata)


def _with_unit(value: Any, units: dict[str, int]) -> str:
    """The largest unit that leaves a whole number, or the smallest one."""
    whole = ((unit, size) for unit, size in {**units, "": 1}.items() if value % size == 0)
    unit, size = next(whole, min(units.items(), key=lambda entry: entry[1]))
    return f"{value / size:g}{unit}"


if __name__ == "__main__":
    sys.stdout.write(render())
