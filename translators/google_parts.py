"""The parts of a generateContent body, wherever they stand, walked and changed; nothing else in it is looked at.

Parts are in `contents`, in `systemInstruction` and inside a functionResponse (google-genai 3.4.0, `types.Part`,
`types.FunctionResponse`). Arguments and results of functions are the caller's own JSON: a `fileData` in there is none.
"""

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json, str], Json]
"""A part and its field -> the part that takes its place; the same object where nothing changes."""

_HOLDERS = ("contents", "systemInstruction", "system_instruction")
_NESTED = ("generateContentRequest", "generate_content_request")
"""countTokens' whole request."""
_FUNCTION_RESPONSES = ("functionResponse", "function_response")


def with_parts(body: Json, change: Change) -> Json:
    """The body with every part changed; what is no part is shared, not copied, and what is not well formed is left."""
    changed = dict(body)
    for name in _HOLDERS:
        if name in changed:
            changed[name] = _holder(changed[name], change, name)
    for name in _NESTED:
        if isinstance(changed.get(name), dict):
            changed[name] = with_parts(changed[name], _below(name, change))
    return changed


def parts_of(body: Json) -> list[tuple[str, Json]]:
    """Every part, with its field."""
    found: list[tuple[str, Json]] = []

    def keep(part: Json, field: str) -> Json:
        found.append((field, part))
        return part

    with_parts(body, keep)
    return found


def _below(name: str, change: Change) -> Change:
    return lambda part, field: change(part, f"{name}.{field}")


def _holder(value: Any, change: Change, field: str) -> Any:
    if isinstance(value, list):
        return [_content(content, change, f"{field}[{index}]") for index, content in enumerate(value)]
    return _content(value, change, field)


def _content(content: Any, change: Change, field: str) -> Any:
    parts = content.get("parts") if isinstance(content, Mapping) else None
    if not isinstance(parts, list):
        return content
    made = [_part(part, change, f"{field}.parts[{index}]") for index, part in enumerate(parts)]
    return {**content, "parts": made}


def _part(part: Any, change: Change, field: str) -> Any:
    if not isinstance(part, dict):
        return part
    for name in _FUNCTION_RESPONSES:
        if name in part:
            return {**part, name: _content(part[name], change, f"{field}.{name}")}
    return change(part, field)
