"""Durations and sizes are read as people write them, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config.document import default_text
from proxy.config.quantities import parse_duration, parse_size
from proxy.config.schema import Media, Video


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (10, 10.0),
        (0, 0.0),
        (2.5, 2.5),
        ("10", 10.0),
        ("10s", 10.0),
        ("15m", 900.0),
        ("2h", 7200.0),
        ("7d", 604_800.0),
        ("1w", 604_800.0),
        ("1h30m", 5400.0),
        ("1h 30m", 5400.0),
        ("250ms", 0.25),
        (" 1.5h ", 5400.0),
    ],
)
def test_durations(written: object, seconds: float) -> None:
    """A number is seconds; text carries units, which may be strung together as Go writes them."""
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written", [-1, "-5s", "", "soon", "10 apples", "1h30", True, None, [], "s", float("inf"), float("nan")]
)
def test_what_is_no_duration(written: object) -> None:
    """Anything ambiguous is refused with examples of what is right."""
    with pytest.raises(ValueError, match="15m"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (1024, 1024),
        ("1024", 1024),
        ("20GB", 20 * 10**9),
        ("20 gb", 20 * 10**9),
        ("1.5MB", 1_500_000),
        ("64MiB", 64 * 2**20),
        ("5kB", 5000),
        ("7B", 7),
        ("1TiB", 2**40),
    ],
)
def test_sizes(written: object, count: int) -> None:
    """MB counts in thousands and MiB in 1,024s, as written on disks and in memory."""
    assert parse_size(written) == count


@pytest.mark.parametrize("written", [-1, "20 bananas", "20G", "", True, None, 1.5, "-3MB"])
def test_what_is_no_size(written: object) -> None:
    """`20G` could mean either; it is refused."""
    with pytest.raises(ValueError, match="20MB"):
        parse_size(written)


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["s", "m", "h", "d"]))
def test_units_scale_a_duration(number: int, unit: str) -> None:
    """A duration in a unit is that many times the unit."""
    assert parse_duration(f"{number}{unit}") == number * parse_duration(f"1{unit}")


@pytest.mark.parametrize("section", [Video, Media])
def test_documented_defaults_read_back(section: type[Video] | type[Media]) -> None:
    """What the documentation prints as a default means that default when it is put into a file."""
    for name, field in section.model_fields.items():
        read_back = section.model_validate({field.alias: default_text(field)})
        assert getattr(read_back, name) == field.default
