"""Numbers as JSON has them."""

from typing import Annotated, Any

from pydantic import BeforeValidator


def no_boolean(value: Any) -> Any:
    """JSON's true is no number, though Python takes it for 1. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


Whole = Annotated[int, BeforeValidator(no_boolean)]
Number = Annotated[float, BeforeValidator(no_boolean)]
