"""A job as the events of a streamed interaction (Interactions API, google-genai 3.4.0's event types, 2026-11).

The ids of the events count from 1 and are the same each time, so that a stream can be taken up again after any of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from translators.native.members import refuse

CREATED: Final = "interaction.created"
STATUS_UPDATE: Final = "interaction.status_update"
COMPLETED: Final = "interaction.completed"
ERROR: Final = "error"
_STEP: Final = 0
_AT_WORK: Final = "in_progress"


def created_event(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """The first event: the interaction is there, and this is its id."""
    told = {name: interaction[name] for name in ("id", "object", "model", "created", "updated")}
    return {"event_type": CREATED, "interaction": {**told, "status": _AT_WORK}, "event_id": "1"}


def at_work_event(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """Google is at work."""
    return {
        "event_type": STATUS_UPDATE,
        "interaction_id": interaction["id"],
        "status": _AT_WORK,
        "event_id": "2",
    }


def ending_events(interaction: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What follows when it has ended: the videos as deltas of one step, or why there are none, and the end."""
    whole = {name: value for name, value in interaction.items() if name not in ("steps", "errors")}
    contents = [content for step in interaction["steps"] for content in step["content"]]
    middle = _step_events(contents) if contents else [*_failure_events(interaction)]
    events = [*middle, {"event_type": COMPLETED, "interaction": whole}]
    return [{**event, "event_id": str(number)} for number, event in enumerate(events, start=3)]


def read_last_event_id(said: str | None) -> int:
    """The number of the last event the caller has had; 0: none. Raises BadRequest for an id never given out."""
    if said is None:
        return 0
    if not (said.isascii() and said.isdigit()):
        raise refuse("last_event_id", "it is none of this interaction's events. Leave it out to get all of them.")
    return int(said)


def after(event: Mapping[str, Any], last: int) -> bool:
    """Whether an event comes after the last one that the caller has had."""
    return int(event["event_id"]) > last


def _step_events(contents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    # The step starts empty: what it holds comes in deltas, and twice the bytes would be twice the wait.
    return [
        {"event_type": "step.start", "index": _STEP, "step": {"type": "model_output"}},
        *({"event_type": "step.delta", "index": _STEP, "delta": dict(content)} for content in contents),
        {"event_type": "step.stop", "index": _STEP},
    ]


def _failure_events(interaction: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return ({"event_type": ERROR, "error": dict(error)} for error in interaction.get("errors", ()))
