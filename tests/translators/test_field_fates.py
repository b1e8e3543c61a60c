"""Whatever has no effect is told, whatever cannot be done is refused, and nothing else is mentioned."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.field_fates import Fates
from translators.wire.openai import Wire

FATES = Fates(
    mapped={"temperature": "temperature"},
    ignored={"metadata": "says who asks"},
    warned={"speed": "there is one speed"},
    rejected={"container": "leave it out"},
    members={"id": "bookkeeping"},
)


class Asked(Wire):
    """A request with a field of each fate that a model must know by name."""

    temperature: float | None = None
    speed: Any = None
    container: Any = None


class Piece(Wire):
    """A part that knows nothing."""


def asked(**members: Any) -> Asked:
    return Asked.model_validate(members)


def test_a_rejected_field_is_a_400_with_the_way_out() -> None:
    """Its name, and what to do instead."""
    with pytest.raises(BadRequest, match="container cannot be used here: leave it out") as caught:
        FATES.review(asked(container="c"))

    assert (caught.value.param, caught.value.code) == ("container", "unsupported_parameter")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({}, []),
        ({"temperature": 1, "metadata": {"a": 1}, "unheard": None}, []),
        ({"session_id": "a", "sessionId": "b", "conversation_id": "c"}, []),
        ({"container": None, "speed": None}, []),
        ({"speed": "fast"}, ["speed had no effect: there is one speed."]),
        ({"temprature": 1}, ["temprature is not known here and had no effect. Did you mean temperature?"]),
        ({"xyzzy": 1}, ["xyzzy is not known here and had no effect."]),
    ],
)
def test_what_has_no_effect_is_told(members: dict[str, Any], told: list[str]) -> None:
    """Null is no field, and what the tables ignore is no news."""
    assert FATES.review(asked(**members)) == told


def test_a_strange_member_is_told_at_its_first_place() -> None:
    """Once, however many parts carry it; bookkeeping and null are silent."""
    parts = [
        ("input[0]", Piece.model_validate({"id": 1, "mood": None})),
        ("input[1]", Piece.model_validate({"mood": 1})),
        ("input[2]", Piece.model_validate({"mood": 2})),
    ]

    assert FATES.review(asked(), parts) == ["input[1].mood had no effect: Gemini has nothing like it."]
