"""Every field of a Responses request has one fate."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.responses.fields import FATES, INCLUDED
from translators.responses.settings import setting_warnings
from translators.wire.responses import ResponsesRequest


def asked(**members: Any) -> ResponsesRequest:
    return ResponsesRequest.model_validate({"model": "m", "input": "Hi", **members})


def test_each_field_is_in_exactly_one_table() -> None:
    """The tables name the model's fields, each once, and no other."""
    tables = (FATES.mapped, FATES.ignored, FATES.warned, FATES.rejected)

    assert sorted(name for table in tables for name in table) == sorted(ResponsesRequest.model_fields)


def test_the_tables_are_obeyed() -> None:
    """What is ignored is silent, what is warned of is told, what is rejected is a 400."""
    for name in FATES.ignored:
        assert FATES.review(asked(**{name: {"x": 1}})) == []
    for name, reason in FATES.warned.items():
        assert FATES.review(asked(**{name: {"x": 1}})) == [f"{name} had no effect: {reason}."]
    for name in FATES.rejected:
        with pytest.raises(BadRequest) as caught:
            FATES.review(asked(**{name: {"x": 1}}))
        assert caught.value.param == name


def test_what_is_understood_of_include_gives_no_warning() -> None:
    """Only the values that have a counterpart."""
    assert setting_warnings(asked(include=sorted(INCLUDED))) == []
