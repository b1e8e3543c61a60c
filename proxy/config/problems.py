"""What is wrong with a configuration: each problem with its place, all of them at once, and no value among them."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from proxy.config.keys import siblings
from proxy.config.schema import Config

Location = tuple[int | str, ...]
"""A path into the file: `("gemini-api-key", 0, "base-url")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to correct. `message` never contains the value: it may be a secret."""

    location: Location
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{dotted(self.location)}: {self.message}" if self.location else f"{place}{self.message}"


class ConfigError(Exception):
    """The configuration cannot be used; `problems` says why, one by one."""

    def __init__(self, problems: Sequence[Problem], source: str = "configuration") -> None:
        self.problems = tuple(problems)
        self.source = source
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{source}: {len(self.problems)} problem{'s' * (len(self.problems) > 1)}\n{listed}")


def dotted(location: Location) -> str:
    """The location as people write it: `gemini-api-key[0].base-url`."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def problems_of(error: ValidationError, lines: Mapping[Location, int]) -> list[Problem]:
    """One problem per error of pydantic, in plain words, with the nearest name for an unknown key."""
    return [
        Problem(location=_place(detail), message=_words(detail), line=line_of(_place(detail), lines))
        for detail in error.errors(include_url=False, include_input=False)
    ]


def line_of(location: Location, lines: Mapping[Location, int]) -> int | None:
    """The line of the location, or of the nearest thing around it that is written in the file."""
    return next((lines[location[:end]] for end in range(len(location), 0, -1) if location[:end] in lines), None)


_WORDS = {
    "missing": "is required",
    "string_type": "must be text (put numbers and dates in quotes)",
    "model_type": "must be a mapping of keys to values",
    "dict_type": "must be a mapping of keys to values",
    "tuple_type": "must be a list",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "invalid_key": "a key must be text (put it in quotes)",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "path_type": "must be a path",
}
"""Pydantic's error types in the words of someone who edits a file; the others keep pydantic's own sentence."""


def _words(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "extra_forbidden":
            return _unknown_key(detail["loc"])
        case "value_error":
            return str(detail["ctx"]["error"])
        case kind:
            return _WORDS.get(kind, detail["msg"].replace("Input should be", "must be"))


def _unknown_key(location: Location) -> str:
    known = siblings(Config, location)
    nearest = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return (
        f"unknown key; did you mean {nearest[0]}?"
        if nearest
        else f"unknown key; known here: {', '.join(sorted(known))}"
    )


def _place(detail: ErrorDetails) -> Location:
    """The location in the file's words: pydantic marks a bad key of a mapping, and names a bad default by its field."""
    location = detail["loc"]
    if location and location[-1] == "[key]":
        return location[:-1]
    if detail["type"] != "extra_forbidden" and len(location) == 1 and location[0] in Config.model_fields:
        return (Config.model_fields[str(location[0])].alias or location[0],)
    return location
