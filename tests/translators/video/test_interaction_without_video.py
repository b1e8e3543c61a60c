"""What an interaction says that has no video to show, and one that comes as a stream of events."""

import pytest

from translators.video.interaction import read_interaction, read_streamed_interaction
from translators.video.outcome import Failed


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
