"""Reads a file of fault rules (YAML or JSON; the format is in `faults.py`) and says plainly what is wrong with it."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from proxy.simulator.faults import Fault, FaultRules


class RulesFileError(ValueError):
    """The rules file cannot be used; the message names the file, the place and the reason."""


def load_rules(path: Path) -> tuple[Fault, ...]:
    """The rules in `path`, in their order.

    Raises RulesFileError if the file cannot be read, is not YAML or JSON, or holds something that is no rule.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesFileError(f"{path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise RulesFileError(f"{path}: neither YAML nor JSON: {error}") from error
    try:
        return FaultRules.model_validate(content or {}).rules
    except ValidationError as error:
        places = (f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg']}" for item in error.errors())
        raise RulesFileError(f"{path}: " + "; ".join(places)) from error
