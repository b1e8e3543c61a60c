"""Bytes -> a request model, or a 400 that names the place as the caller wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from translators.errors import BadRequest

RequestModel = TypeVar("RequestModel", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """What Pydantic names in the path of a problem although it is no part of the caller's body.

    `tags` tell the members of a union apart, where one is the value, or an item of the list, of a field in `fields`.
    `models` are the names of models that a plain union may hold.
    """

    tags: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset({"str"})


def read_body(model: type[RequestModel], body: bytes, branches: Branches) -> RequestModel:
    """Read a request's body.

    Raises BadRequest, with `param` as a path such as `messages[0].content[1].type`, for malformed JSON, a missing
    member, and any value of the wrong type.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise bad_request(error.errors(include_url=False), branches) from None


def bad_request(problems: Sequence[ErrorDetails], branches: Branches) -> BadRequest:
    """The one problem of Pydantic's that a person can act on."""
    first = problems[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not valid JSON: {first['ctx']['error']}.", code="invalid_json")
    if not first["loc"]:
        return BadRequest("The body must be a JSON object.", code="invalid_json")
    problem = _deepest(problems, branches)
    param = _path(problem["loc"], branches)
    if problem["type"] == "missing":
        return BadRequest(f"{param} is required.", param=param, code="missing_required_parameter")
    return BadRequest(f"{param}: {_sentence(problem)}.", param=param)


def _deepest(problems: Sequence[ErrorDetails], branches: Branches) -> ErrorDetails:
    # A union reports each branch that failed. The branch that got furthest is the one the caller meant.
    start = _path(problems[0]["loc"], branches)
    rivals = [problem for problem in problems if _path(problem["loc"], branches).startswith(start)]
    return max(rivals, key=lambda problem: len(_steps(problem["loc"], branches)))


def _sentence(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "union_tag_invalid":
            context = problem["ctx"]
            return f"{context['tag']!r} is not supported; allowed are {context['expected_tags']}"
        case "union_tag_not_found":
            return f"{problem['ctx']['discriminator']} is required"
        case "value_error":
            return str(problem["ctx"]["error"])
        case "too_short" | "string_too_short":
            return "must not be empty"
        case _:
            return problem["msg"][0].lower() + problem["msg"][1:]


def _steps(loc: tuple[int | str, ...], branches: Branches) -> list[int | str]:
    """The path without the names of union branches."""
    steps: list[int | str] = []
    field: int | str | None = None
    before: int | str | None = None
    for step in loc:
        if isinstance(step, int) or not _is_branch(step, field, before, branches):
            steps.append(step)
            field = field if isinstance(step, int) else step
        before = step
    return steps


def _is_branch(step: str, field: int | str | None, before: int | str | None, branches: Branches) -> bool:
    """Whether a step after `before`, below `field`, only names a branch."""
    if step.startswith(("list[", "dict[")) or step in branches.models:
        return True
    holds_a_union = field in branches.fields and (isinstance(before, int) or before == field)
    return holds_a_union and step in branches.tags


def _path(loc: tuple[int | str, ...], branches: Branches) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in _steps(loc, branches))
    return path.removeprefix(".")
