"""Function names, there and back: Gemini's rule differs from OpenAI's, and the caller must get its own name back.

Gemini: a letter or underscore, then letters, digits, `_ . : -`, at most 128 characters (google-genai 3.4.0,
FunctionCall.name). OpenAI allows a digit or dash in front; other clients send anything.
"""

import re
from collections.abc import Iterable, Mapping

from translators.errors import BadRequest

LONGEST = 128
_FOREIGN = re.compile(r"[^A-Za-z0-9_.:-]")


def google_name(name: str) -> str:
    """The name as Gemini takes it; unchanged when it already does."""
    plain = _FOREIGN.sub("_", name)
    return (plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}")[:LONGEST]


def original_names(names: Iterable[str]) -> Mapping[str, str]:
    """Gemini's name -> the caller's, for the names that had to change.

    Raises BadRequest when two functions would share one name.
    """
    owners: dict[str, str] = {}
    for index, name in enumerate(names):
        owner = owners.setdefault(google_name(name), name)
        if owner != name:
            raise BadRequest(
                f"{name!r} and {owner!r} become the same name for Gemini; rename one.",
                param=f"tools[{index}].function.name",
            )
    return {google: own for google, own in owners.items() if google != own}
