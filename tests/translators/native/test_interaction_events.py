"""A job's events, as google-genai reads them."""

from typing import Any

import pytest
from google.genai._gaos.types.interactions import InteractionSSEEvent
from pydantic import TypeAdapter

from translators.errors import BadRequest
from translators.native.interaction_events import (
    after,
    at_work_event,
    created_event,
    ending_events,
    read_last_event_id,
)

WHOLE = {
    "id": "video_1",
    "object": "interaction",
    "model": "gemini-omni-1.2-flash",
    "status": "completed",
    "created": "2026-11-21T12:00:00Z",
    "updated": "2026-11-21T12:01:00Z",
    "steps": [{"type": "model_output", "content": [{"type": "video", "mime_type": "video/mp4", "uri": "https://h/1"}]}],
    "usage": {"total_tokens": 3},
}


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["event_type"] for event in events]


def test_a_video() -> None:
    """Every event is one that google-genai knows; their ids count on."""
    events = [created_event(WHOLE), at_work_event(WHOLE), *ending_events(WHOLE)]
    assert types(events) == [
        "interaction.created",
        "interaction.status_update",
        "step.start",
        "step.delta",
        "step.stop",
        "interaction.completed",
    ]
    assert [event["event_id"] for event in events] == ["1", "2", "3", "4", "5", "6"]
    read: list[Any] = [TypeAdapter(InteractionSSEEvent).validate_python(event) for event in events]
    assert [type(event).__name__ for event in read] == [
        "InteractionCreatedEvent",
        "InteractionStatusUpdate",
        "StepStart",
        "StepDelta",
        "StepStop",
        "InteractionCompletedEvent",
    ]
    assert (read[0].interaction.status, read[3].delta.uri) == ("in_progress", "https://h/1")
    assert "steps" not in events[-1]["interaction"]


def test_a_failure() -> None:
    """Why there is no video, and then the end with its status."""
    failed = {**WHOLE, "status": "failed", "steps": [], "errors": [{"code": "content_filter", "message": "No."}]}
    events = ending_events(failed)
    assert types(events) == ["error", "interaction.completed"]
    assert events[0]["error"] == {"code": "content_filter", "message": "No."}
    assert events[1]["interaction"]["status"] == "failed"


def test_going_on_after_an_event() -> None:
    """Only what the caller has not had."""
    assert read_last_event_id(None) == 0
    last = read_last_event_id("1")
    assert [after(event, last) for event in (created_event(WHOLE), at_work_event(WHOLE))] == [False, True]
    with pytest.raises(BadRequest, match="last_event_id"):
        read_last_event_id("e1")
