"""A number is a number."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from translators.wire.numbers import Number, Whole


@pytest.mark.parametrize(
    ("kind", "value", "read"), [(Whole, 3, 3), (Whole, "3", 3), (Number, 0.5, 0.5), (Number, 1, 1.0)]
)
def test_numbers(kind: Any, value: Any, read: float) -> None:
    """Texts of digits are taken as Pydantic takes them."""
    assert TypeAdapter(kind).validate_python(value) == read


@pytest.mark.parametrize("kind", [Whole, Number])
@pytest.mark.parametrize("value", [True, False])
def test_true_is_not_one(kind: Any, value: bool) -> None:
    """Nor is false zero: a request that says so means something else."""
    with pytest.raises(ValidationError, match="must be a number, not true or false"):
        TypeAdapter(kind).validate_python(value)
