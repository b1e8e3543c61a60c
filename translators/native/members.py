"""Reading a JSON object of Google's, member by member; what is not known is refused in Google's words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from translators.content import media_from_base64, mime_by_name
from translators.errors import BadRequest
from translators.video.spec import VideoMedia
from translators.whole_number import whole_number

T = TypeVar("T")


def refuse(field: str, problem: str) -> BadRequest:
    """The 400 for one field."""
    return BadRequest(f"Invalid value at '{field}': {problem}", param=field)


def an_object(value: Any, field: str, known: Collection[str]) -> Mapping[str, Any]:
    """The object, which has no member but the known ones; null counts as absent. Raises BadRequest."""
    if not isinstance(value, Mapping):
        raise refuse(field, "an object is expected.")
    unknown = next((name for name in value if name not in known), None)
    if unknown is not None:
        where = f"{field}.{unknown}" if field else str(unknown)
        raise BadRequest(
            f"Invalid JSON payload received. Unknown name \"{unknown}\" at '{field}': Cannot find field. "
            f"Known here: {', '.join(sorted(known))}.",
            param=where,
            code="unknown_parameter",
        )
    return {name: member for name, member in value.items() if member is not None}


def a_list(value: Any, field: str) -> Sequence[Any]:
    """The list. Raises BadRequest."""
    if not isinstance(value, list):
        raise refuse(field, "a list is expected.")
    return value


def a_text(value: Any, field: str) -> str:
    """The text. Raises BadRequest."""
    if not isinstance(value, str):
        raise refuse(field, "a text is expected.")
    return value


def a_switch(value: Any, field: str) -> bool:
    """True or false. Raises BadRequest."""
    if not isinstance(value, bool):
        raise refuse(field, "true or false is expected.")
    return value


def a_spoken_switch(said: str | None, parameter: str) -> bool:
    """A query's `true` or `false`; false where it is not said. Raises BadRequest."""
    if said not in {None, "true", "false"}:
        raise refuse(parameter, "true or false is expected.")
    return said == "true"


def a_number(value: Any, field: str) -> int:
    """A whole number; Google's documents write some of them as texts. Raises BadRequest."""
    number = whole_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not float(number).is_integer():
        raise refuse(field, f"a whole number is expected, not {str(value)[:40]!r}.")
    return int(number)


def some_labels(value: Any, field: str) -> dict[str, str]:
    """Texts by name. Raises BadRequest."""
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise refuse(field, "an object of texts is expected.")
    return dict(value)


def one_of(value: Any, field: str, allowed: Mapping[str, T]) -> T:
    """What the word stands for, in any case. Raises BadRequest naming the allowed ones."""
    word = a_text(value, field).strip().lower()
    if word not in allowed:
        raise refuse(field, f"{value!r} is none of {', '.join(allowed)}.")
    return allowed[word]


def inline_media(data: Any, mime_type: Any, field: str, type_name: str) -> VideoMedia:
    """Base64 with its type; without one it has that which its bytes show. Raises BadRequest."""
    said = a_text(mime_type, f"{field}.{type_name}").lower() if mime_type is not None else None
    inline = media_from_base64(a_text(data, field), mime_type=said, param=field)
    return VideoMedia(mime_type=inline.mime_type, data=inline.data)


def media_at(uri: Any, mime_type: Any, field: str) -> VideoMedia:
    """An address, with its type where one is said or a bucket object's name tells it. Raises BadRequest."""
    address = a_text(uri, field).strip()
    if not address.lower().startswith(("https://", "http://", "gs://", "files/")):
        raise refuse(field, "an http(s) address, a gs:// URI or the name of a file (files/...) is expected.")
    usual = mime_by_name(address) if address.startswith("gs://") else None
    return VideoMedia(uri=address, mime_type=a_text(mime_type, field) if mime_type is not None else usual)
