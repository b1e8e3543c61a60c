"""Members are collected with the names under which they were said; a contradiction is an error."""

import pytest

from translators.errors import BadRequest
from translators.video.reader import Reader, name_of
from translators.video.task import Task


def test_the_same_twice_is_said_once() -> None:
    """By the first of its names; nothing said is nothing kept."""
    reader = Reader()
    reader.put("duration", 8, "seconds")
    reader.put("duration", 8, "duration")
    reader.put("seed", None, "seed")

    assert (reader.members, reader.named) == ({"duration": 8}, {"duration": "seconds"})


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [(8, 4, " (4 and 8)"), (Task.EDIT, Task.EXTEND, " ('extend' and 'edit')"), (("signed",), ("address",), "")],
)
def test_two_values_for_one_member(one: object, other: object, shown: str) -> None:
    """Numbers and words are repeated; media are not, whose addresses may be signed."""
    reader = Reader()
    reader.put("member", one, "this")
    with pytest.raises(BadRequest) as caught:
        reader.put("member", other, "that")

    assert caught.value.param == "that"
    assert caught.value.message == f"that and this say different things{shown}. Send one of them."


def test_names() -> None:
    """Below an object, or at the top."""
    assert (name_of("video_config", "seed"), name_of("", "seed")) == ("video_config.seed", "seed")
