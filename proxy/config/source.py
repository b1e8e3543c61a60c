"""The text of a configuration file: YAML with the line of every key, and `${NAME}` filled in from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from proxy.config.problems import Location, Problem, line_of

_REFERENCE = re.compile(r"\$(?P<escape>\$(?=\{))|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}|\$\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed file: its data, the line of each key, and what is wrong with it as a piece of YAML."""

    data: dict[str, Any] = field(default_factory=dict, repr=False)
    lines: Mapping[Location, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def parse_yaml(text: str) -> Source:
    """The file's data by PyYAML's safe loader; a key given twice is a problem, where YAML would keep the last."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else {}
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-99-99
        # The error's own text quotes the offending line, which may hold a key.
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "cannot be read"
        return Source(
            problems=(Problem(location=(), message=f"not YAML: {what}", line=mark.line + 1 if mark else None),)
        )
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        return Source(problems=(Problem(location=(), message="must be a mapping of keys to values"),))
    lines: dict[Location, int] = {}
    problems: list[Problem] = []
    try:
        _note_lines(node, (), lines, problems)
    except RecursionError:
        return Source(problems=(Problem(location=(), message="an alias (*) stands inside its own anchor (&)"),))
    return Source(data=data, lines=lines, problems=tuple(problems))


def fill_in(source: Source, environ: Mapping[str, str]) -> Source:
    """The source with `${NAME}` and `${NAME:-default}` replaced in its texts; `$${` stands for a plain `${`.

    A missing variable, or `${` that is not a reference, becomes a problem that names the key. Replacement happens after
    parsing, so a variable's value is always text and never YAML.
    """
    problems: list[Problem] = []

    def filled(value: Any, location: Location) -> Any:
        match value:
            case dict():
                return {key: filled(item, (*location, key)) for key, item in value.items()}
            case list():
                return [filled(item, (*location, index)) for index, item in enumerate(value)]
            case str() if "${" in value:
                return _REFERENCE.sub(lambda found: replacement(found, location), value)
            case _:
                return value

    def replacement(found: re.Match[str], location: Location) -> str:
        if found["escape"]:
            return "$"
        name = found["name"]
        if name is not None and name in environ:
            return environ[name]
        if name is not None and found["default"] is not None:
            return found["default"]
        message = (
            f"the environment variable {name} is not set: set it or write ${{{name}:-default}}"
            if name
            else "${ begins no ${NAME}; write $${ for a plain ${"
        )
        problems.append(Problem(location=location, message=message, line=line_of(location, source.lines)))
        return ""

    data = filled(source.data, ())
    return Source(data=data, lines=source.lines, problems=(*source.problems, *problems))


def _note_lines(
    node: yaml.Node | None, location: Location, lines: dict[Location, int], problems: list[Problem]
) -> None:
    match node:
        case yaml.MappingNode():
            own: set[str] = set()
            for key, value in node.value:
                below = (*location, str(key.value))
                line = key.start_mark.line + 1
                if key.value in own:
                    message = f"is given twice (first in line {lines[below]})"
                    problems.append(Problem(location=below, message=message, line=line))
                own.add(key.value)
                lines.setdefault(below, line)
                _note_lines(value, below, lines, problems)
        case yaml.SequenceNode():
            for index, item in enumerate(node.value):
                lines.setdefault((*location, index), item.start_mark.line + 1)
                _note_lines(item, (*location, index), lines, problems)
        case _:
            pass
