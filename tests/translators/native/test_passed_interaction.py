"""What the proxy reads of an interaction it only hands on."""

from typing import Any

import pytest

from translators.errors import BadRequest
from translators.native.passed_interaction import (
    PassedInteraction,
    change_call,
    create_call,
    get_call,
    interaction_id_in,
    read_passed,
)


def test_a_model() -> None:
    """Google stores an interaction unless told otherwise."""
    asked = read_passed({"model": "gemini-2.5-flash", "input": "hi", "stream": None})
    assert asked == PassedInteraction(name="gemini-2.5-flash")
    assert not asked.is_long


def test_an_agent_works_long() -> None:
    """In the background or not."""
    asked = read_passed({"agent": "deep-research", "input": "hi", "previous_interaction_id": "v1_a", "stream": True})
    assert asked == PassedInteraction(name="deep-research", by_agent=True, stream=True, previous="v1_a")
    assert asked.is_long
    assert read_passed({"model": "m", "background": True}).is_long


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"input": "hi"}, "model"),
        ({"model": "m", "agent": "a"}, "model"),
        ({"model": 1}, "model"),
        ({"agent": 1}, "agent"),
        ({"model": "m", "background": "yes"}, "background"),
        ({"model": "m", "background": True, "store": False}, "store"),
        ({"model": "m", "previous_interaction_id": 1}, "previous_interaction_id"),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], field: str) -> None:
    """Before anything is sent."""
    with pytest.raises(BadRequest) as raised:
        read_passed(body)
    assert raised.value.param == field


def test_the_calls() -> None:
    """The body as it came, but for the name."""
    body = {"model": "fast", "input": "hi", "tools": [{"type": "google_search"}]}
    assert create_call(body, read_passed(body), "gemini-2.5-flash").body == {**body, "model": "gemini-2.5-flash"}
    agent = {"agent": "x/deep-research", "input": "hi"}
    assert create_call(agent, read_passed(agent), "deep-research").body == {**agent, "agent": "deep-research"}
    assert (get_call("v1_a", {"stream": "true"}).method, get_call("v1_a", {}).resource) == ("GET", "interactions/v1_a")
    assert (change_call("v1_a", "delete").method, change_call("v1_a", "delete").body) == ("DELETE", None)
    assert (change_call("v1_a", "cancel").resource, change_call("v1_a", "cancel").body) == (
        "interactions/v1_a/cancel",
        {},
    )


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (b'{"id": "v1_a", "status": "completed"}', "v1_a"),
        (b'{"event_type": "interaction.created", "interaction": {"id": "v1_a"}}', "v1_a"),
        (b'{"event_type": "interaction.status_update", "interaction_id": "v1_a"}', "v1_a"),
        (b'{"event_type": "step.start", "index": 0}', None),
        (b'{"id": 3}', None),
        (b"[DONE]", None),
        (b"[]", None),
    ],
)
def test_the_id(document: bytes, found: str | None) -> None:
    """In an interaction, or in an event of its stream."""
    assert interaction_id_in(document) == found
