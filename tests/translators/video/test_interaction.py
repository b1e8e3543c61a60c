"""An interaction means exactly one thing, streamed or not; a paid job ends only where Google says that it has ended."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden_cases import GoldenCase, golden_cases
from tests.json_values import json_objects
from tests.video_outcomes import assert_outcome
from translators.video.interaction import (
    FINAL,
    read_interaction,
    read_interaction_id,
    read_streamed_interaction,
    read_usage,
)
from translators.video.outcome import Failed, Pending, Succeeded


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


def test_what_is_not_video_is_counted_apart() -> None:
    """It costs something else."""
    by_modality = [{"modality": "video", "tokens": 90}, {"modality": "text", "tokens": 10}]
    counted = {"total_tokens": 105, "total_output_tokens": 100, "total_thought_tokens": 5}
    assert read_usage({"usage": {**counted, "output_tokens_by_modality": by_modality}}) == {
        "prompt_tokens": 0,
        "completion_tokens": 105,
        "total_tokens": 105,
        "reasoning_tokens": 5,
        "text_tokens": 10,
    }


def test_words_instead_of_a_video_are_told() -> None:
    """A model that declines in words is quoted, and the interaction named; long words are cut."""
    content = [{"type": "text"}, {"type": "text", "text": "I cannot show that."}, {"type": "text", "text": "x" * 1000}]
    steps = [{"type": "user_input"}, {"type": "model_output", "content": content}]
    outcome = read_interaction({"id": "int-1", "status": "completed", "steps": steps})
    assert isinstance(outcome, Failed)
    assert outcome.error.code == "empty_result"
    assert "int-1" in outcome.error.message
    assert "I cannot show that." in outcome.error.message
    assert len(outcome.error.message) < 700


def test_a_streamed_interaction_has_its_id() -> None:
    """The first event that names an interaction; comments, other events and what is no JSON are passed over."""
    body = b': hello\n\ndata: [DONE]\n\ndata: {"event_type": "x"}\n\ndata: {"interaction": {"id": "int-2"}}\n\n'
    assert read_streamed_interaction(body) == {"id": "int-2"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"data: []\n\n", b'data: {"interaction": {"id": 7}}\n\n'])
def test_a_body_without_an_interaction(body: bytes) -> None:
    """Nothing is made up."""
    assert read_streamed_interaction(body) == {}


NAMES = ("steps", "type", "content", "uri", "data", "mime_type", "errors", "error", "usage", "total_tokens", "code")


@given(json_objects(NAMES, ("model_output", "video")), st.one_of(st.sampled_from(sorted(FINAL)), st.text(max_size=9)))
def test_any_json_has_an_outcome(answer: dict[str, Any], status: str) -> None:
    """Whatever Google sends is read without an exception; success has a video, and an unknown word means waiting."""
    outcome = read_interaction({**answer, "status": status})

    if isinstance(outcome, Succeeded):
        assert outcome.videos
        assert all(video.uri or video.data for video in outcome.videos)
    assert isinstance(outcome, Pending) == (status not in FINAL)
