"""Interactions that run on by themselves (agents, background): an equal request soon after is a repeat, not a wish.

google-genai posts up to five times by itself, without a mark (`interactions.create`, measured with 3.4.0), and an
agent's work costs dollars. A restart of the proxy forgets these few minutes.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from translators.errors import ApiError

WINDOW = timedelta(minutes=10)
"""How long a repeat is taken for one."""


@dataclass(frozen=True, slots=True)
class _Begun:
    outcome: "asyncio.Future[str | ApiError]"
    at: datetime


class InteractionRepeats:
    """What was begun in the last minutes, by what was asked; `now` tells an aware time."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._begun: dict[str, _Begun] = {}

    async def earlier(self, key: str) -> str | None:
        """The id of the interaction that this request repeats, once it is known; None: it is a new wish, and is begun.

        Raises the ApiError of an earlier request of which nobody knows whether Google took it on.
        """
        now = self._now()
        self._begun = {known: begun for known, begun in self._begun.items() if now - begun.at <= WINDOW}
        begun = self._begun.get(key)
        if begun is None:
            self._begun[key] = _Begun(asyncio.get_running_loop().create_future(), now)
            return None
        outcome = await asyncio.shield(begun.outcome)
        if isinstance(outcome, ApiError):
            raise outcome
        return outcome

    def known(self, key: str, interaction_id: str) -> None:
        """Google has given it an id."""
        if key in self._begun:
            self._settle(key, interaction_id)

    def failed(self, key: str, error: ApiError) -> None:
        """It has no id, and will get none. A request that certainly started nothing can be made again."""
        if key in self._begun and not self._begun[key].outcome.done():
            self._settle(key, error)
            if not (error.should_retry is False and error.status >= 500):
                del self._begun[key]

    def asked_for(self, interaction_id: str) -> None:
        """Its caller knows the id: an equal request is a new wish from now on."""
        self._begun = {
            key: begun
            for key, begun in self._begun.items()
            if not begun.outcome.done() or begun.outcome.result() != interaction_id
        }

    def _settle(self, key: str, outcome: str | ApiError) -> None:
        if not self._begun[key].outcome.done():
            self._begun[key].outcome.set_result(outcome)


def repeat_key(caller: str, idempotency_key: str, body: Mapping[str, Any]) -> str:
    """One request of one caller, whatever the order of its members."""
    told = orjson.dumps([caller, idempotency_key, body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()
