"""Calls whose inputs make the body too large: what must go another way, and the call that names it by address.

A body of generateContent or of an interaction may have 20 MiB ("Request payload size exceeds the limit: 20971520
bytes"). Since 2026-01 the Gemini API's docs allow 100 MB (file input methods, 2026-11), relays and Vertex AI do not.
Veo's methods take pictures as bytes only, and their bodies are left to Google.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from translators.content import Media
from translators.errors import PayloadTooLarge
from translators.google_parts import Json, parts_of, with_parts
from translators.wire.call import GoogleCall, Surface

LIMITED = (":generateContent", ":streamGenerateContent")
_OVERHEAD = 200
"""Bytes that an address takes in the place of an input, about."""


_WITHOUT_FILES: Mapping[Surface, str] = {
    Surface.VERTEX: "Vertex AI takes {limit} with the media in it. Put large files into a Cloud Storage bucket and "
    "name them by gs:// URI, or use a Gemini API key, to which they are uploaded.",
    Surface.CODE_ASSIST: "Gemini Code Assist takes {limit} with the media in it. Use a Gemini API key, to which large "
    "files are uploaded.",
}


def body_size(value: Any) -> int:
    """About how many bytes a value has as JSON, without writing it: exact but for escapes and numbers."""
    match value:
        case str():
            return (len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))) + 2
        case Mapping():
            return 2 + sum(body_size(name) + body_size(member) + 2 for name, member in value.items())
        case list() | tuple():
            return 2 + sum(body_size(member) + 1 for member in value)
        case _:
            return 8


def to_upload(call: GoogleCall, limit: int) -> tuple[Media, ...]:
    """The fewest inputs without which the body fits, the largest first; none for one that fits, or has no limit.

    Raises PayloadTooLarge where the rest alone is too large.
    """
    if call.body is None or not _is_limited(call):
        return ()
    size = body_size(call.body)
    chosen: list[Media] = []
    for media, count in sorted(_counted(inline_inputs(call)).items(), key=lambda entry: -len(entry[0].data)):
        if size <= limit:
            break
        chosen.append(media)
        size -= count * (len(media.data) - _OVERHEAD)
    if size > limit:
        raise PayloadTooLarge(
            f"The request has {size} bytes without its media, and Google takes {limit}. Send less text.",
            param=_param(call),
        )
    return tuple(chosen)


def check_inline(call: GoogleCall, surface: Surface, limit: int) -> None:
    """Raise PayloadTooLarge for a body that is too large where there is no File API: only the Gemini API has one."""
    if surface is Surface.GEMINI or call.body is None or not _is_limited(call):
        return
    size = body_size(call.body)
    if size > limit:
        raise PayloadTooLarge(
            f"The request has {size} bytes, and {_WITHOUT_FILES[surface].format(limit=limit)}",
            param=_param(call),
        )


def limit_for(call: GoogleCall, limit: int) -> int | None:
    """The limit where the call's method has one."""
    return limit if _is_limited(call) else None


def inline_inputs(call: GoogleCall) -> list[Media]:
    """Every medium whose bytes stand in the body, in order."""
    body = call.body or {}
    if call.resource == "interactions":
        return [media for entry in _entries(body) if (media := _of_entry(entry)) is not None]
    return [media for _, part in parts_of(body) if (media := _of_part(part)) is not None]


def with_addresses(call: GoogleCall, addresses: Mapping[Media, str]) -> GoogleCall:
    """The call with each of these media named by its address; all other members of its part stay."""
    if not addresses or call.body is None:
        return call
    if call.resource == "interactions":
        body = {**call.body, "input": [_addressed_step(step, addresses) for step in call.body["input"]]}
    else:
        body = with_parts(call.body, lambda part, _: _addressed_part(part, addresses))
    return GoogleCall(resource=call.resource, method=call.method, body=body, query=call.query)


def _is_limited(call: GoogleCall) -> bool:
    return call.resource == "interactions" or call.resource.endswith(LIMITED)


def _param(call: GoogleCall) -> str:
    return "input" if call.resource == "interactions" else "messages"


def _counted(media: Sequence[Media]) -> dict[Media, int]:
    counted: dict[Media, int] = {}
    for medium in media:
        counted[medium] = counted.get(medium, 0) + 1
    return counted


def _of_part(part: Json) -> Media | None:
    match part.get("inlineData"):
        case {"mimeType": str(mime_type), "data": str(data)}:
            return Media(mime_type=mime_type, data=data)
        case _:
            return None


def _addressed_part(part: Json, addresses: Mapping[Media, str]) -> Json:
    media = _of_part(part)
    if media is None or media not in addresses:
        return part
    rest = {name: value for name, value in part.items() if name != "inlineData"}
    return {"fileData": {"fileUri": addresses[media], "mimeType": media.mime_type}, **rest}


def _entries(body: Json) -> list[Json]:
    """The contents of an interaction as `video/omni.py` writes them: steps with contents."""
    return [entry for step in body["input"] for entry in step["content"]]


def _of_entry(entry: Json) -> Media | None:
    return Media(mime_type=entry["mime_type"], data=entry["data"]) if "data" in entry else None


def _addressed_step(step: Json, addresses: Mapping[Media, str]) -> Json:
    return {**step, "content": [_addressed_entry(entry, addresses) for entry in step["content"]]}


def _addressed_entry(entry: Json, addresses: Mapping[Media, str]) -> Json:
    media = _of_entry(entry)
    if media is None or media not in addresses:
        return entry
    return {**{name: value for name, value in entry.items() if name != "data"}, "uri": addresses[media]}
