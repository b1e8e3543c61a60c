"""Each error has a type of Anthropic's."""

import pytest

from translators import errors
from translators.messages.errors import TYPES, error_body, error_event


def test_every_error_of_the_tree_has_a_type() -> None:
    """No class of the tree is forgotten."""
    tree = {cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, errors.ApiError)}

    assert set(TYPES) == tree - {errors.ApiError}


def test_the_field_is_in_the_message() -> None:
    """Anthropic's clients show the message only: the field is named in it, once."""
    assert error_body(errors.BadRequest("Must not be empty.", param="system"))["error"] == {
        "type": "invalid_request_error",
        "message": "system: Must not be empty.",
        "code": "invalid_value",
        "param": "system",
    }
    assert error_body(errors.BadRequest("system is empty.", param="system"))["error"]["message"] == "system is empty."


@pytest.mark.parametrize(("given", "kind"), [("rate_limit_error", "rate_limit_error"), ("server_error", "api_error")])
def test_a_streams_error(given: str, kind: str) -> None:
    """Of an error inside a stream the type is left, which is enough."""
    event = error_event({"message": "No.", "type": given, "param": None, "code": "x"})

    assert event == {"type": "error", "error": {"type": kind, "message": "No.", "code": "x"}}
