"""An interaction that makes no video: read just enough to hand it on, and to find the same one again later.

Interactions API as google-genai 3.4.0 speaks it (2026-11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from translators.errors import BadRequest
from translators.native.members import a_switch, a_text, refuse
from translators.wire.call import GoogleCall


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedInteraction:
    """What the proxy itself must know of an interaction; the rest goes on unread."""

    name: str
    """The model or the agent."""
    by_agent: bool = False
    background: bool = False
    stream: bool = False
    stored: bool = True
    """Google keeps it, so that it can be asked for by its id."""
    previous: str | None = None
    """The interaction it goes on from."""

    @property
    def is_long(self) -> bool:
        """An agent's work, or what is left to run: minutes and dollars, not a quick answer."""
        return self.background or self.by_agent


def read_passed(body: Mapping[str, Any]) -> PassedInteraction:
    """Read the request. Raises BadRequest for a member of the wrong type, and for both or none of model and agent."""
    name, by_agent = _who(body)
    said = {
        field: a_switch(body[field], field)
        for field in ("background", "stream", "store")
        if body.get(field) is not None
    }
    if said.get("background") and not said.get("store", True):
        raise refuse("store", "an interaction in the background is always stored. Leave it out.")
    previous = body.get("previous_interaction_id")
    return PassedInteraction(
        name=name,
        by_agent=by_agent,
        background=said.get("background", False),
        stream=said.get("stream", False),
        stored=said.get("store", True),
        previous=a_text(previous, "previous_interaction_id") if previous is not None else None,
    )


def create_call(body: Mapping[str, Any], asked: PassedInteraction, upstream_id: str) -> GoogleCall:
    """The same body to `POST interactions`, with the model's or agent's name as the upstream knows it."""
    return GoogleCall(resource="interactions", body={**body, "agent" if asked.by_agent else "model": upstream_id})


def get_call(interaction_id: str, query: Mapping[str, str]) -> GoogleCall:
    """Ask for one; `query` may say stream, last_event_id and include_input."""
    return GoogleCall(resource=f"interactions/{interaction_id}", method="GET", query=query)


def change_call(interaction_id: str, change: Literal["cancel", "delete"]) -> GoogleCall:
    """Stop one, or forget it."""
    if change == "delete":
        return GoogleCall(resource=f"interactions/{interaction_id}", method="DELETE")
    return GoogleCall(resource=f"interactions/{interaction_id}/cancel", body={})


def interaction_id_in(document: bytes) -> str | None:
    """The id in an interaction, or in an event that carries one; None where there is none."""
    try:
        told = orjson.loads(document)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict):
        return None
    interaction = told.get("interaction")
    found = told.get("interaction_id") or (interaction if isinstance(interaction, dict) else told).get("id")
    return found if isinstance(found, str) else None


def _who(body: Mapping[str, Any]) -> tuple[str, bool]:
    model, agent = body.get("model"), body.get("agent")
    if (model is None) == (agent is None):
        raise BadRequest("Exactly one of 'model' and 'agent' is expected.", param="model")
    return (a_text(model, "model"), False) if agent is None else (a_text(agent, "agent"), True)
