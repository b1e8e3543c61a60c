"""Every field of a Videos API request is in one table, and treated as it says."""

import pytest

from translators.errors import BadRequest
from translators.video.create_fields import FATES
from translators.video.fields import FIELDS
from translators.video.read_create import parse_create, read_create
from translators.wire.video_create import BOOKKEEPING, NOT_OFFERED, WITHOUT_EFFECT, VideoCreate

TABLES = (FATES.mapped, FATES.ignored, FATES.warned, FATES.rejected, FIELDS)


def test_every_field_has_exactly_one_fate() -> None:
    """Each is in one table and in no second one; nothing else is in any."""
    named = [name for table in TABLES for name in table]
    assert sorted(named) == sorted(VideoCreate.model_fields)


def test_the_tables_are_what_the_reader_goes_by() -> None:
    """The reader's own sets, by name."""
    assert set(FATES.ignored) == BOOKKEEPING
    assert set(FATES.warned) == WITHOUT_EFFECT
    assert set(FATES.rejected) == NOT_OFFERED


@pytest.mark.parametrize("name", FATES.ignored)
def test_an_ignored_field_is_not_spoken_of(name: str) -> None:
    """It changes nothing and nobody is told."""
    assert read_create(parse_create({"prompt": "a kite", name: "x"})).warnings == ()


@pytest.mark.parametrize("name", FATES.warned)
def test_a_warned_field_is_named(name: str) -> None:
    """It changes nothing and the caller is told."""
    assert name in read_create(parse_create({"prompt": "a kite", name: {"order": ["x"]}})).warnings[0]


@pytest.mark.parametrize("name", FATES.rejected)
def test_a_rejected_field_is_a_400(name: str) -> None:
    """It names itself."""
    with pytest.raises(BadRequest) as caught:
        parse_create({"prompt": "a kite", name: 2})
    assert caught.value.param == name
