"""Jobs as rows: every field has exactly one place, and comes back from it."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.jobs.job import Job
from proxy.jobs.rows import (
    ALIKE,
    COLUMNS,
    DERIVED,
    DOCUMENTS,
    LISTS,
    PLAIN,
    TIMES,
    WRITTEN_ONCE,
    from_instant,
    from_row,
    to_instant,
    to_row,
)
from tests.jobs import NOW, PATHS, a_job, a_job_at

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=ZONES)


def test_every_field_has_one_place() -> None:
    """A field added to Job and forgotten here would be lost without a word."""
    places = [*PLAIN, *TIMES, *LISTS, *(name for names in DOCUMENTS.values() for name in names)]

    assert sorted(places) == sorted(field.name for field in fields(Job))
    assert not set(DERIVED) & set(places)
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert set(COLUMNS) > WRITTEN_ONCE


@pytest.mark.parametrize("place", PATHS)
def test_a_job_is_its_row(place: str) -> None:
    """There and back is where it was, in every state."""
    job = a_job_at(place, remixed_from="video_0", priority=-3)
    row = to_row(job)

    assert set(row) == set(COLUMNS)
    assert from_row(row) == job


@given(
    parameters=st.dictionaries(st.text(), JSON, max_size=4),
    prompt=st.text(),
    created_at=MOMENTS,
    deadline=st.none() | MOMENTS,
    timeout=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=999)),
    cost=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_value_comes_back(**given: Any) -> None:
    """Text, numbers, times to the microsecond and nested parameters are exact."""
    job = replace(a_job_at("fetching"), **given)

    assert from_row(to_row(job)) == job


@given(moment=MOMENTS, other=MOMENTS)
def test_instants_are_ordered_as_time_is(moment: datetime, other: datetime) -> None:
    """Whole microseconds: exact, and comparable in SQL."""
    assert from_instant(to_instant(moment)) == moment
    assert (to_instant(moment) < to_instant(other)) == (moment < other)


def test_times_come_back_in_utc() -> None:
    """Whatever zone they were given in."""
    job = from_row(to_row(a_job(created_at=datetime.fromisoformat("2026-11-21T18:30:00+09:00"))))

    assert job.created_at == NOW
    assert job.created_at.tzinfo is UTC


def test_a_row_of_an_older_version_takes_the_defaults() -> None:
    """A member that a document does not have yet is as if it was not given; one that is no more is left aside."""
    row = to_row(a_job())
    row["outcome"] = '{"gone": 1}'

    assert from_row(row) == a_job()


def test_derived_columns_say_who_has_the_job() -> None:
    """Credential, model and bucket stand in columns once a target is pinned."""
    row = to_row(a_job_at("running"))

    assert {name: row[name] for name in DERIVED} == {
        "credential_id": "key-1",
        "upstream_id": "veo-3.1-generate-001",
        "bucket": "veo-3.1-generate-001/720p/8",
    }
    assert {to_row(a_job())[name] for name in DERIVED} == {None}


def test_a_lane_is_targets_and_refusals() -> None:
    """Two jobs that may go by the same credentials, and were refused by the same, are of one lane."""
    waiting = [
        a_job("a", prompt="a kite"),
        a_job("b", prompt="a boat", priority=3),
        a_job("c", refused_by=("key-1",)),
        a_job("d", targets=()),
    ]
    lanes = [to_row(job)["lane"] for job in waiting]

    assert lanes[0] == lanes[1]
    assert len(set(lanes)) == 3
    assert all(lanes)
    assert {to_row(a_job_at(place))["lane"] for place in PATHS if place != "queued"} == {None}


def test_jobs_that_wait_at_the_same_place_share_the_words_about_it() -> None:
    """Thousands do: each would hold a kilobyte that says the same."""
    row = to_row(a_job_at("running"))
    one, other = from_row(json.loads(json.dumps(row))), from_row(json.loads(json.dumps({**row, "id": "video_2"})))

    assert one.targets is other.targets
    assert one.pinned is other.pinned
    assert [name for name in ALIKE if getattr(one, name) is not getattr(other, name)] == []
    dearer = replace(one, pinned=replace(one.targets[0], price=9.0))
    assert from_row(to_row(dearer)) == dearer
