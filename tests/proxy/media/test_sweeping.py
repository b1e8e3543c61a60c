"""proxy/media/sweeping.py: which media go, and which never do."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from proxy.media.sweeping import FolderEntry, plan_sweep

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GRACE = timedelta(minutes=10)


def entry(name: str, *, size: int = 10, minutes: int = 60) -> FolderEntry:
    return FolderEntry(name=name, size=size, modified=NOW - timedelta(minutes=minutes))


def test_the_oldest_go_first_until_the_quota_fits() -> None:
    """And not one more."""
    media = {name: entry(name, minutes=minutes) for name, minutes in (("a", 30), ("b", 60), ("c", 45))}
    plan = plan_sweep(media, [], now=NOW, retention=None, max_bytes=15, keep=(), grace=GRACE)
    assert [gone.name for gone in plan.media] == ["b", "c"]
    assert plan.over_quota == 0


def test_what_must_stay_is_reported_as_over_quota() -> None:
    """Kept and young media may hold the store above its quota; the plan says by how much."""
    media = {"kept": entry("kept"), "young": entry("young", minutes=1)}
    plan = plan_sweep(media, [], now=NOW, retention=timedelta(0), max_bytes=5, keep={"kept"}, grace=GRACE)
    assert (plan.media, plan.over_quota) == ((), 15)


@given(
    st.dictionaries(st.text("abc", min_size=1), st.tuples(st.integers(0, 50), st.integers(0, 200))),
    st.sets(st.text("abc", min_size=1)),
    st.none() | st.integers(0, 300),
    st.none() | st.integers(0, 200),
)
def test_the_promises_hold_for_any_folder(
    sizes_and_ages: dict[str, tuple[int, int]], keep: set[str], max_bytes: int | None, retention: int | None
) -> None:
    """Kept and young stay; nothing goes without a reason; nothing stays above the quota that could go."""
    media = {name: entry(name, size=size, minutes=age) for name, (size, age) in sizes_and_ages.items()}
    limit = None if retention is None else timedelta(minutes=retention)
    plan = plan_sweep(media, [], now=NOW, retention=limit, max_bytes=max_bytes, keep=keep, grace=GRACE)
    gone = {removed.name for removed in plan.media}
    may_go = {name for name, item in media.items() if name not in keep and NOW - item.modified >= GRACE}
    too_old = {name for name in may_go if limit is not None and NOW - media[name].modified > limit}
    assert too_old <= gone <= may_go
    left = sum(item.size for name, item in media.items() if name not in gone)
    if max_bytes is None:
        assert gone == too_old
    elif left > max_bytes:
        assert gone == may_go
        assert plan.over_quota == left - max_bytes
    else:
        assert plan.over_quota == 0
