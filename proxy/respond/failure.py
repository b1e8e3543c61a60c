"""An error as the body of an answer that has already begun."""

from collections.abc import Callable, Mapping
from typing import Any

from translators.errors import ApiError, Internal

FailureBody = Callable[[Exception], Mapping[str, Any]]
"""Turns what went wrong into the JSON the client sees; the place to write a log line."""


def error_object(error: Exception) -> Mapping[str, Any]:
    """OpenAI's error object. An error that is not of our tree says nothing of itself: its text may hold a secret."""
    known = error if isinstance(error, ApiError) else Internal("The proxy failed while it was answering.")
    return known.body()
