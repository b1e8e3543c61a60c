"""The error tree is what its drawing says, in OpenAI's shape."""

from typing import Any

import pytest

from translators import errors
from translators.errors import ApiError, BadRequest, Conflict, QuotaExhausted, RateLimited

TREE = [type_ for type_ in vars(errors).values() if isinstance(type_, type) and issubclass(type_, ApiError)]


@pytest.mark.parametrize("type_", [type_ for type_ in TREE if type_ is not ApiError])
def test_the_drawing_is_true(type_: type[ApiError]) -> None:
    """Status, type and default code of each error are those of the table at the file's top."""
    drawing = next(line for line in (errors.__doc__ or "").splitlines() if f"── {type_.__name__} " in line)

    assert drawing.split("── ")[1].split()[:4] == [type_.__name__, str(type_.status), type_.type, type_.default_code]


def test_the_body_is_openais() -> None:
    """Four members, and extra ones beside them that never replace one."""
    error = BadRequest("No.", param="n", extra={"reasons": ["a"], "message": "other"})

    assert error.body() == {
        "error": {
            "message": "No.", "type": "invalid_request_error", "param": "n", "code": "invalid_value", "reasons": ["a"]
        }
    }  # fmt: skip
    assert str(error) == "No."


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (BadRequest("No."), {}),
        (RateLimited("Later.", retry_after=1.2), {"retry-after": "2"}),
        (RateLimited("Later.", retry_after=-3, should_retry=True), {"retry-after": "0", "x-should-retry": "true"}),
        (QuotaExhausted("Never."), {"x-should-retry": "false"}),
        (Conflict("No.", should_retry=True), {"x-should-retry": "true"}),
    ],
)
def test_headers(error: Any, headers: dict[str, str]) -> None:
    """Whole seconds, rounded up; whether a retry makes sense, where that is known."""
    assert error.headers() == headers
