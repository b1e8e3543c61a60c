"""JSON with long base64 in it, in pieces: what `json.dumps` writes, without its walk over every character.

The standard library takes 10 ms for 10 MB, and no other thread runs meanwhile; base64 is the same inside a JSON string
and outside.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from translators.content import is_long_base64

_SLICE: Final = 256 * 1024


def sha256_of(pieces: Iterable[bytes | str]) -> "hashlib._Hash":
    """The hash of a text in pieces, in slices: a thread that does it leaves the interpreter to others."""
    digest = hashlib.sha256()
    for piece in pieces:
        for at in range(0, len(piece), _SLICE):
            part = piece[at : at + _SLICE]
            digest.update(part.encode() if isinstance(part, str) else part)
    return digest


def json_around_base64(value: Any) -> list[str]:
    """Compact JSON with sorted keys, whose pieces make one text; long base64 is a piece of its own, and no copy."""
    attempt = 0
    while True:
        apart: list[str] = []
        text = json.dumps(_marked(value, f"@{attempt}.", apart), separators=(",", ":"), sort_keys=True)
        pieces = re.split(rf"@{attempt}\.(\d+)@", text) if apart else [text]
        if len(pieces) == 2 * len(apart) + 1:
            return [apart[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)]
        attempt += 1  # the value has a word in it that looks like a mark


def _marked(value: Any, mark: str, apart: list[str]) -> Any:
    match value:
        case str() if is_long_base64(value):
            apart.append(value)
            return f"{mark}{len(apart) - 1}@"
        case Mapping():
            return {name: _marked(member, mark, apart) for name, member in value.items()}
        case list() | tuple():
            return [_marked(entry, mark, apart) for entry in value]
        case _:
            return value
