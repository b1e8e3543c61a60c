"""An interaction means exactly one thing; a paid job ends only where Google says that it has ended."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden_cases import GoldenCase, golden_cases
from tests.json_values import json_objects
from tests.video_outcomes import assert_outcome
from translators.video.interaction import FINAL, read_interaction, read_interaction_id, read_usage
from translators.video.outcome import Pending, Succeeded


@pytest.mark.parametrize("case", golden_cases("video/interactions"))
def test_interaction_matches_golden(case: GoldenCase) -> None:
    """Each interaction on file has the outcome on file."""
    assert_outcome(read_interaction(case.google), case.openai)


@pytest.mark.parametrize(
    ("answer", "name"), [({"id": "v1_a"}, "v1_a"), ({}, None), ({"id": ""}, None), ({"id": 5}, None)]
)
def test_interaction_id(answer: dict[str, Any], name: str | None) -> None:
    """The answer to a create has the id; without a usable one there is none."""
    assert read_interaction_id(answer) == name


@pytest.mark.parametrize("usage", [None, [], {}, {"total_input_tokens": 3}])
def test_no_count_is_no_usage(usage: Any) -> None:
    """Where Google counted nothing, nothing is invented."""
    assert read_usage({"usage": usage}) is None


def test_an_unreadable_count_is_nought() -> None:
    """A count that is no number adds nothing."""
    assert read_usage({"usage": {"total_tokens": 5, "total_input_tokens": "many", "total_output_tokens": 5}}) == {
        "prompt_tokens": 0,
        "completion_tokens": 5,
        "total_tokens": 5,
    }


NAMES = ("steps", "type", "content", "uri", "data", "mime_type", "errors", "error", "usage", "total_tokens", "code")


@given(json_objects(NAMES, ("model_output", "video")), st.one_of(st.sampled_from(sorted(FINAL)), st.text(max_size=9)))
def test_any_json_has_an_outcome(answer: dict[str, Any], status: str) -> None:
    """Whatever Google sends is read without an exception; success has a video, and an unknown word means waiting."""
    outcome = read_interaction({**answer, "status": status})

    if isinstance(outcome, Succeeded):
        assert outcome.videos
        assert all(video.uri or video.data for video in outcome.videos)
    assert isinstance(outcome, Pending) == (status not in FINAL)
