"""proxy/respond/conditions.py: RFC 9110, row by row."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.respond.conditions import NotModified, OutOfRange, Part, Selection, Whole, select

ETAG = '"abc"'
MODIFIED = datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)
SAME = "Sat, 21 Nov 2026 12:00:00 GMT"
BEFORE = "Sat, 21 Nov 2026 11:59:59 GMT"
AFTER = "Sat, 21 Nov 2026 12:00:01 GMT"

RANGES: list[tuple[str, Selection]] = [
    ("bytes=0-", Part(start=0, length=100)),
    ("bytes=0-0", Part(start=0, length=1)),
    ("bytes=10-19", Part(start=10, length=10)),
    ("bytes=90-1000", Part(start=90, length=10)),
    ("bytes=-1", Part(start=99, length=1)),
    ("bytes=-1000", Part(start=0, length=100)),
    ("Bytes=5-", Part(start=5, length=95)),
    ("bytes=100-", OutOfRange()),
    ("bytes=100-200", OutOfRange()),
    ("bytes=-0", OutOfRange()),
    ("bytes=20-10", Whole()),
    ("bytes=-", Whole()),
    ("bytes=", Whole()),
    ("bytes=a-b", Whole()),
    ("bytes=+1-2", Whole()),
    ("bytes=1_0-20", Whole()),
    ("bytes=\u0661-", Whole()),
    ("bytes=0-1,5-6", Whole()),
    ("items=0-1", Whole()),
    ("bytes=" + "9" * 5000 + "-", Whole()),
]


@pytest.mark.parametrize(("header", "expected"), RANGES, ids=[header[:20] for header, _ in RANGES])
def test_a_range(header: str, expected: Selection) -> None:
    """One valid range is served; what RFC 9110 lets us ignore is ignored."""
    assert select({"range": header}, size=100, etag=ETAG, modified=MODIFIED) == expected


CONDITIONS: list[tuple[dict[str, str], Selection]] = [
    ({}, Whole()),
    ({"if-none-match": ETAG}, NotModified()),
    ({"if-none-match": f'"x", W/{ETAG}'}, NotModified()),
    ({"if-none-match": "*"}, NotModified()),
    ({"if-none-match": '"x"'}, Whole()),
    ({"if-none-match": '"x"', "if-modified-since": AFTER}, Whole()),
    ({"if-modified-since": SAME}, NotModified()),
    ({"if-modified-since": AFTER}, NotModified()),
    ({"if-modified-since": BEFORE}, Whole()),
    ({"if-modified-since": "yesterday"}, Whole()),
    ({"if-modified-since": "Sat, 21 Nov 2026 12:00:01 -0000"}, Whole()),
    ({"if-none-match": ETAG, "range": "bytes=0-1"}, NotModified()),
    ({"if-range": ETAG, "range": "bytes=0-1"}, Part(start=0, length=2)),
    ({"if-range": f"W/{ETAG}", "range": "bytes=0-1"}, Whole()),
    ({"if-range": '"x"', "range": "bytes=0-1"}, Whole()),
    ({"if-range": SAME, "range": "bytes=0-1"}, Part(start=0, length=2)),
    ({"if-range": AFTER, "range": "bytes=0-1"}, Whole()),
    ({"if-range": ETAG}, Whole()),
]


@pytest.mark.parametrize(("headers", "expected"), CONDITIONS)
def test_a_condition(headers: dict[str, str], expected: Selection) -> None:
    """Tags before dates, conditions before ranges."""
    assert select(headers, size=100, etag=ETAG, modified=MODIFIED) == expected


def test_an_empty_file_has_no_ranges() -> None:
    """Neither the first nor the last byte exists."""
    for header in ("bytes=0-", "bytes=-5", "bytes=0-0"):
        assert select({"range": header}, size=0, etag=ETAG, modified=MODIFIED) == OutOfRange()


@given(st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True), st.integers(0, 500))
def test_a_part_always_lies_within_the_file(header: str, size: int) -> None:
    """Whatever the client sends."""
    match select({"range": header}, size=size, etag=ETAG, modified=MODIFIED):
        case Part(start=start, length=length):
            assert 0 <= start < start + length <= size
        case other:
            assert other in (Whole(), OutOfRange())
