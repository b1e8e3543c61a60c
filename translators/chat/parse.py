"""Bytes -> ChatCompletionRequest, or a 400 that a person can act on."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

_RESPONSES_FIELDS = frozenset({"input", "instructions"})

# Pydantic names the branch it took inside a union; those steps are no part of the caller's body.
_TAGS = frozenset(
    {"system", "developer", "user", "assistant", "tool"}
    | {"text", "input_text", "output_text", "refusal", "image_url", "input_image", "video_url", "input_video"}
    | {"input_audio", "file", "input_file"}
)


def parse_chat_completion(body: bytes) -> ChatCompletionRequest:
    """Read a request's body.

    Raises BadRequest, with `param` as a path such as `messages[0].content[1].type`, for malformed JSON, a missing
    model, missing or empty messages, an unknown role or content part, and any value of the wrong type.
    """
    try:
        return ChatCompletionRequest.model_validate_json(body)
    except ValidationError as error:
        raise _bad_request(error.errors(include_url=False)) from None


def _bad_request(problems: Sequence[ErrorDetails]) -> BadRequest:
    first = problems[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not valid JSON: {first['ctx']['error']}.", code="invalid_json")
    if not first["loc"]:
        return BadRequest("The body must be a JSON object.", code="invalid_json")
    if first["loc"] == ("messages",) and first["type"] == "missing" and _is_responses_request(first["input"]):
        return BadRequest(
            "This body is in the form of the Responses API (input, instructions). "
            "Send it to /v1/responses, or send messages instead.",
            param="messages",
            code="missing_required_parameter",
        )
    problem = _deepest(problems)
    param = _path(problem["loc"])
    if problem["type"] == "missing":
        return BadRequest(f"{param} is required.", param=param, code="missing_required_parameter")
    return BadRequest(f"{param}: {_sentence(problem)}.", param=param)


def _is_responses_request(body: Any) -> bool:
    return isinstance(body, Mapping) and not _RESPONSES_FIELDS.isdisjoint(body)


def _deepest(problems: Sequence[ErrorDetails]) -> ErrorDetails:
    # A union reports each branch that failed. The branch that got furthest is the one the caller meant.
    start = _path(problems[0]["loc"])
    rivals = [problem for problem in problems if _path(problem["loc"]).startswith(start)]
    return max(rivals, key=lambda problem: len(_steps(problem["loc"])))


def _sentence(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "union_tag_invalid":
            context = problem["ctx"]
            return f"{context['tag']!r} is not supported; allowed are {context['expected_tags']}"
        case "union_tag_not_found":
            return f"{problem['ctx']['discriminator']} is required"
        case "too_short" | "string_too_short":
            return "must not be empty"
        case _:
            return problem["msg"][0].lower() + problem["msg"][1:]


def _steps(loc: tuple[int | str, ...]) -> list[int | str]:
    """The path without the names of union branches."""
    steps: list[int | str] = []
    for index, step in enumerate(loc):
        after_index = index > 0 and isinstance(loc[index - 1], int)
        is_branch = isinstance(step, str) and (
            step.startswith(("list[", "dict[")) or step in {"str", "MediaUrl"} or (step in _TAGS and after_index)
        )
        if not is_branch:
            steps.append(step)
    return steps


def _path(loc: tuple[int | str, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in _steps(loc))
    return path.removeprefix(".")
