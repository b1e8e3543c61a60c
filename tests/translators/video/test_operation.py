"""A long-running operation means exactly one thing, and done without a video is never a success."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden_cases import GoldenCase, golden_cases
from tests.json_values import json_objects
from tests.video_outcomes import assert_outcome
from translators.video.operation import read_operation, read_operation_name
from translators.video.outcome import Succeeded


@pytest.mark.parametrize("case", golden_cases("video/operations"))
def test_operation_matches_golden(case: GoldenCase) -> None:
    """Each operation on file has the outcome on file."""
    assert_outcome(read_operation(case.google), case.openai)


@pytest.mark.parametrize(
    ("answer", "name"),
    [({"name": "operations/1"}, "operations/1"), ({}, None), ({"name": ""}, None), ({"name": 1}, None)],
)
def test_operation_name(answer: dict[str, Any], name: str | None) -> None:
    """A submit's answer names its operation; without a usable name there is none."""
    assert read_operation_name(answer) == name


NAMES = (
    "done", "error", "response", "generateVideoResponse", "generatedSamples", "videos", "video", "uri", "gcsUri",
    "encodedVideo", "bytesBase64Encoded", "mimeType", "raiMediaFilteredCount", "raiMediaFilteredReasons", "code",
)  # fmt: skip


@given(json_objects(NAMES), st.booleans())
def test_any_json_has_an_outcome(answer: dict[str, Any], done: bool) -> None:
    """Whatever Google sends is read without an exception, and success always has a video to fetch."""
    outcome = read_operation({**answer, "done": done})

    if isinstance(outcome, Succeeded):
        assert all(video.uri or video.data for video in outcome.videos)
        assert outcome.videos


@pytest.mark.parametrize(("count", "read"), [(True, 0), ("²", 0), ("3", 3), (-1, 0), (2.5, 0), (None, 0)])
def test_a_count_that_is_none_counts_nothing(count: Any, read: int) -> None:
    """Only a plain whole number, or one written as text, counts filtered videos."""
    outcome = read_operation(
        {"done": True, "response": {"videos": [{"gcsUri": "gs://b/v.mp4"}], "raiMediaFilteredCount": count}}
    )

    assert isinstance(outcome, Succeeded)
    assert outcome.filtered == read
