"""A body that cannot be read is a 400 that names the place as the caller wrote it."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from translators.errors import BadRequest
from translators.read_body import Branches, read_body
from translators.wire.numbers import Whole
from translators.wire.openai import Wire


class Text(Wire):
    type: Literal["text"]
    text: str


class Picture(Wire):
    type: Literal["picture"]
    sizes: list[int] = Field(min_length=1)


class Plain(Wire):
    words: int
    more: int


class Asked(Wire):
    model: str = Field(min_length=1)
    content: Annotated[str | list[Annotated[Text | Picture, Field(discriminator="type")]], Field(union_mode="smart")]
    plain: Plain | str | None = None
    text: Any = None
    count: Whole | None = None


BRANCHES = Branches(
    tags=frozenset({"text", "picture"}), fields=frozenset({"content"}), models=frozenset({"str", "Plain"})
)


def refusal(body: bytes) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        read_body(Asked, body, BRANCHES)
    return caught.value


def test_a_body_that_fits_is_read() -> None:
    """Nothing is lost of it."""
    content = [{"type": "text", "text": "Hi", "x": 1}]

    read = read_body(Asked, json.dumps({"model": "m", "content": content}).encode(), BRANCHES)

    assert read.model_dump(exclude_unset=True) == {"model": "m", "content": content}


@pytest.mark.parametrize(("body", "says"), [(b"{", "not valid JSON"), (b"[]", "must be a JSON object")])
def test_what_is_no_object(body: bytes, says: str) -> None:
    """There is no field to name."""
    error = refusal(body)

    assert (error.code, error.param) == ("invalid_json", None)
    assert says in error.message


@pytest.mark.parametrize(
    ("members", "param", "says"),
    [
        ({"model": ""}, "model", "must not be empty"),
        ({"model": 3}, "model", "input should be a valid string"),
        ({"content": 3}, "content", "input should be a valid string"),
        ({"content": [{"type": "text"}]}, "content[0].text", "is required"),
        ({"content": [{"type": "sound"}]}, "content[0]", "'sound' is not supported; allowed are 'text', 'picture'"),
        ({"content": [{"text": "Hi"}]}, "content[0]", "'type' is required"),
        ({"content": [{"type": "picture", "sizes": []}]}, "content[0].sizes", "must not be empty"),
        ({"content": [{"type": "picture", "sizes": ["a"]}]}, "content[0].sizes[0]", "valid integer"),
        ({"plain": {"words": 1}}, "plain.more", "is required"),
        ({"count": True}, "count", "count: must be a number, not true or false."),
    ],
)
def test_the_place_is_the_callers(members: dict[str, Any], param: str, says: str) -> None:
    """No union branch is in the path; of a union's branches the one that got furthest is meant."""
    error = refusal(json.dumps({"model": "m", "content": "Hi", **members}).encode())

    assert error.param == param
    assert says in error.message


def test_a_missing_member_has_openais_code() -> None:
    """A client tells it from a wrong value by its code."""
    assert refusal(b'{"content": "Hi"}').code == "missing_required_parameter"
