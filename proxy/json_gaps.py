"""JSON text with gaps: what is too long for JSON's writer to copy stands beside the text, and goes where its gap is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import orjson

from translators.content import HoldsMedia, is_long_base64

Filling = TypeVar("Filling")

GAP: Final = b"\0"
"""JSON text has no raw control character (RFC 8259, 7), so this can only be ours; written with `orjson.Fragment`."""


def filled(text: bytes, fillings: Sequence[Filling]) -> Iterator[bytes | Filling]:
    """The text in pieces, one filling in each of its gaps, in order. Raises ValueError for more or fewer gaps."""
    first, *others = text.split(GAP)
    yield first
    for filling, after in zip(fillings, others, strict=True):
        yield filling
        yield after


def gap_after(text: bytes) -> orjson.Fragment:
    """A JSON string that begins with `text`, which is JSON text, and goes on with a filling."""
    return orjson.Fragment(b'"' + text + GAP + b'"')


def without_media(value: HoldsMedia, apart: list[Any]) -> dict[str, Any]:
    """Its members, with a gap for each that is long base64; these are added to `apart`."""

    def left_out(member: Any) -> Any:
        if not isinstance(member, str) or not is_long_base64(member):
            return member
        apart.append(member)
        return gap_after(b"")

    return {name: left_out(member) for name, member in value.items()}


LeaveOut = Callable[[Any, list[Any]], Any]
"""What a value that orjson does not know is written as; what shall stand beside the text is added to the list."""


def around(value: Any, leave_out: LeaveOut, option: int = 0) -> list[Any]:
    """JSON text in pieces, what was left out in its gaps. `option` is orjson's; subclasses are for `leave_out`."""
    apart: list[Any] = []
    option |= orjson.OPT_PASSTHROUGH_SUBCLASS
    text = orjson.dumps(value, default=lambda member: leave_out(member, apart), option=option)
    return list(filled(text, apart)) if apart else [text]


def media_left_out(value: Any, apart: list[Any]) -> Any:
    """A `LeaveOut` for long base64 in HoldsMedia. Raises TypeError for what is not JSON."""
    return without_media(value, apart) if isinstance(value, HoldsMedia) else plain(value)


def around_media(value: Any, option: int = 0) -> list[bytes | str]:
    """JSON text in pieces: long base64 in HoldsMedia is one of its own, in ASCII and no copy. `option` is orjson's."""
    return around(value, media_left_out, option)


def plain(value: Any) -> Any:
    """A value of a subclass as one of the class that JSON knows. Raises TypeError where there is none."""
    match value:
        case str():
            return str(value)
        case int():
            return int(value)
        case Mapping():
            return dict(value)
        case list():
            return list(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")
