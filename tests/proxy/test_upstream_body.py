"""What cannot be written is refused by name, before anything is sent."""

from typing import Any

import orjson
import pytest

from proxy.upstream_body import written
from translators.errors import BadRequest


@pytest.mark.parametrize("body", [{}, {"a": [1, 2.5, "x", None, True]}, {"a": {"b": 2**64 - 1, "c": -(2**63)}}])
def test_what_can_be_written(body: dict[str, Any]) -> None:
    """It is JSON, and the same."""
    assert orjson.loads(written(body)) == body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"generationConfig": {"seed": 2**64}}, "generationConfig.seed"),
        ({"generationConfig": {"temperature": float("nan")}}, "generationConfig.temperature"),
        ({"tools": [{}, {"parameters": {"minimum": -float("inf")}}]}, "tools[1].parameters.minimum"),
        ({"a": [1, [-(2**63) - 1]]}, "a[1][0]"),
    ],
)
def test_what_cannot(body: dict[str, Any], field: str) -> None:
    """A 400 that names the place; NaN would have become null without a word."""
    with pytest.raises(BadRequest) as caught:
        written(body)
    assert caught.value.param == field
    assert field in caught.value.message
