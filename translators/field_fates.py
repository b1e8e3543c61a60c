"""What becomes of the fields of a request: each is in exactly one of four tables, and the caller is told the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from translators.conversation import LABELS
from translators.errors import BadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """`mapped` says what a field becomes, `ignored` and `warned` why it has no effect, `rejected` names the way out.

    A field in none of them is unknown, and the caller is told, unless it only names the conversation. `members` are
    names below the top level (of messages and their parts) that are accepted without a word.
    """

    mapped: Mapping[str, str]
    ignored: Mapping[str, str] = field(default_factory=dict)
    warned: Mapping[str, str] = field(default_factory=dict)
    rejected: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)

    def review(self, request: BaseModel, parts: Iterable[tuple[str, BaseModel]] = ()) -> list[str]:
        """Tell which given fields have no effect; `parts` are the models below the request, by path.

        Raises BadRequest for the first field that cannot be accepted at all.
        """
        for name, way_out in self.rejected.items():
            if getattr(request, name):
                raise BadRequest(f"{name} cannot be used here: {way_out}.", param=name, code="unsupported_parameter")
        return [
            *(f"{name} had no effect: {reason}." for name, reason in self.warned.items() if getattr(request, name)),
            *(
                self._unknown(name)
                for name in _given(request.model_extra)
                if name not in self.ignored and name not in LABELS
            ),
            *self._strange_members(parts),
        ]

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, (*self.mapped, *self.ignored, *self.warned), n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        return f"{name} is not known here and had no effect.{guess}"

    def _strange_members(self, parts: Iterable[tuple[str, BaseModel]]) -> Iterable[str]:
        first_seen: dict[str, str] = {}
        for path, part in parts:
            for name in _given(part.model_extra):
                first_seen.setdefault(name, f"{path}.{name}")
        return [
            f"{place} had no effect: Gemini has nothing like it."
            for name, place in first_seen.items()
            if name not in self.members
        ]


def _given(extra: Mapping[str, Any] | None) -> list[str]:
    return [name for name, value in (extra or {}).items() if value is not None]
