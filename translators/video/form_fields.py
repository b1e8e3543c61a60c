"""The fields of a multipart form -> the JSON object they stand for.

openai-node flattens objects to `input_reference[image_url]` and `video[id]`; openai-python sends every value as text;
both name files `upload` of type application/octet-stream at times (measured with 7.55 and 3.52).
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from translators.content import SNIFF_BYTES, sniff
from translators.errors import BadRequest
from translators.wire.video_create import STRUCTURED

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){0,5})")
_STEP = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a form: `uri_head` and its base64, or nothing if the file is empty."""

    data_uri: str = field(repr=False)


def uri_head(content_type: str | None, head: bytes) -> str:
    """How the data URI of a file begins: of the type its first bytes show, or else the one its sender claims."""
    mime_type = sniff(head[:SNIFF_BYTES]) or content_type or ""
    return f"data:{mime_type.partition(';')[0]};base64,"


def read_form(fields: Iterable[tuple[str, str | Upload]], *, repeatable: Collection[str] = ()) -> dict[str, Any]:
    """Nest bracketed names, read JSON where an object belongs, and put files in as data URIs.

    A field with an empty text says nothing. A `repeatable` one that comes more than once is a list. Raises BadRequest
    for any other name that is sent twice, or both as a value and as an object.
    """
    members: dict[str, Any] = {}
    given = [(name, value) for name, value in fields if value != ""]
    names = Counter(name for name, _ in given)
    for name, value in given:
        path = _path(name)
        if name in repeatable and names[name] > 1:
            path = [name, ""]
        _put(members, path, _data_uri(value, name) if isinstance(value, Upload) else _text(path[0], value), name)
    return {key: _listed(value) for key, value in members.items()}


def _path(name: str) -> list[str]:
    """`a[b][0]` -> a, b, 0. A name that is not of this form is a name as it is."""
    matched = _NAME.fullmatch(name)
    return [name] if matched is None else [matched[1], *_STEP.findall(matched[2])]


def _put(members: dict[str, Any], path: list[str], value: Any, name: str) -> None:
    place = members
    for step in path[:-1]:
        place = place.setdefault(step, {})
        if not isinstance(place, dict):
            raise BadRequest(f"{name} is sent as a value and as an object.", param=name)
    last = path[-1] or str(len(place))  # `a[]` appends
    if last in place:
        raise BadRequest(f"{name} is sent twice.", param=name)
    place[last] = value


def _listed(value: Any) -> Any:
    """An object whose keys are 0, 1, 2, ... is a list."""
    if not isinstance(value, dict):
        return value
    members = {key: _listed(member) for key, member in value.items()}
    if members and set(members) == {str(index) for index in range(len(members))}:
        return [members[str(index)] for index in range(len(members))]
    return members


def _text(name: str, text: str) -> Any:
    if name not in STRUCTURED or not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(f"{name} looks like JSON and is not.", param=name) from None


def _data_uri(upload: Upload, name: str) -> str:
    if not upload.data_uri:
        raise BadRequest(f"The file in {name} is empty.", param=name)
    return upload.data_uri
