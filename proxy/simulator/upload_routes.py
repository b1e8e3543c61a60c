"""Files API: uploads in pieces (resumable), as google-genai 3.4.0 performs them, and whole ones (multipart, raw).

Headers X-Goog-Upload-*: Gemini API docs, Files, 2026-11. Pieces before the last are multiples of 256 KiB, as the answer
to the start says (`x-goog-upload-chunk-granularity`). A session's URL needs no key: who has it may write.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from proxy.simulator.access import api_key
from proxy.simulator.call import Call
from proxy.simulator.errors import invalid
from proxy.simulator.files import Description, StoredFile, file_json
from proxy.simulator.replies import Reply, json_reply
from proxy.simulator.world import World

GRANULARITY = 256 * 1024
Protocol = Callable[[Call, World], Awaitable[Reply]]


async def start(call: Call, world: World) -> Reply:
    """POST upload/v1beta/files, by the protocol that a header or `uploadType` names. Raises GoogleError 400."""
    name = call.headers.get("x-goog-upload-protocol") or call.query.get("uploadType") or ""
    protocol = PROTOCOLS.get(name)
    if protocol is None:
        raise invalid(f"Unknown upload protocol {name!r}.")
    return await protocol(call, world)


async def _resumable(call: Call, world: World) -> Reply:
    """Answers the session's URL in a header."""
    if call.headers.get("x-goog-upload-command") != "start":
        raise invalid("Resumable uploads begin with X-Goog-Upload-Command: start.")
    mime_type = call.headers.get("x-goog-upload-header-content-type")
    if not mime_type:
        raise invalid("Uploads need X-Goog-Upload-Header-Content-Type.")
    described = _described(call.parsed() or {}, mime_type, call)
    world.files.check_name(described.name)
    url = f"{call.base_url}/upload/session/{world.files.begin_upload(described)}"
    headers = {
        "x-goog-upload-url": url,
        "x-goog-upload-status": "active",
        "x-goog-upload-chunk-granularity": str(GRANULARITY),
    }
    return json_reply({}, headers=headers)


async def _multipart(call: Call, world: World) -> Reply:
    """One body of two parts: the description as JSON, then the bytes (RFC 2387)."""
    boundary = call.headers.get("content-type", "").partition("boundary=")[2].partition(";")[0].strip('"')
    parts = call.content.split(f"--{boundary}".encode()) if boundary else []
    if len(parts) != 4:
        raise invalid("A multipart upload has two parts: the description and the bytes.")
    (_, said), (head, content) = (_part(part) for part in parts[1:3])
    lines = (line.partition(":") for line in head.decode("latin-1").lower().split("\r\n"))
    mime_type = next((value.strip() for name, _, value in lines if name == "content-type"), "")
    try:
        description = json.loads(said)
    except ValueError:
        raise invalid("The description is no JSON.") from None
    return await _shelved(call, world, content, _described(description, mime_type, call))


def _part(part: bytes) -> tuple[bytes, bytes]:
    head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
    return head, content


async def _raw(call: Call, world: World) -> Reply:
    """The bytes and nothing else."""
    mime_type = call.headers.get("x-goog-upload-header-content-type") or call.headers.get("content-type", "")
    return await _shelved(call, world, call.content, _described({}, mime_type, call))


PROTOCOLS: Mapping[str, Protocol] = {
    "resumable": _resumable,
    "multipart": _multipart,
    "raw": _raw,
    "media": _raw,
}


def _described(body: Any, mime_type: str, call: Call) -> Description:
    said = body.get("file", {}) if isinstance(body, dict) else {}
    name = said.get("name")
    return Description(
        mime_type=said.get("mimeType") or said.get("mime_type") or mime_type,
        display_name=said.get("displayName") or said.get("display_name"),
        name=name.removeprefix("files/") if isinstance(name, str) else None,
        owner=api_key(call),
    )


async def _shelved(call: Call, world: World, content: bytes, described: Description) -> Reply:
    world.files.check_name(described.name)
    return await _final(call, world, world.files.shelve(content, described))


async def _final(call: Call, world: World, stored: StoredFile) -> Reply:
    body = {"file": await file_json(stored, world.studio, call.base_url, active=world.files.is_active(stored))}
    return json_reply(body, headers={"x-goog-upload-status": "final"})


async def take_chunk(call: Call, world: World) -> Reply:
    """POST to the session's URL: `upload`, `finalize`, both, `query` or `cancel`. Raises GoogleError 400."""
    session = call.parts["id"]
    commands = {word.strip() for word in call.headers.get("x-goog-upload-command", "").split(",")}
    if commands == {"query"}:
        size = str(world.files.received(session))
        return Reply(headers={"x-goog-upload-status": "active", "x-goog-upload-size-received": size})
    if commands == {"cancel"}:
        world.files.cancel(session)
        return Reply(headers={"x-goog-upload-status": "cancelled"})
    if not commands or commands - {"upload", "finalize"}:
        raise invalid(f"Unknown X-Goog-Upload-Command: {', '.join(sorted(commands))}")
    if "upload" in commands:
        if "finalize" not in commands and len(call.content) % GRANULARITY:
            raise invalid(f"A piece before the last must be a multiple of {GRANULARITY} bytes.")
        world.files.append(session, int(call.headers.get("x-goog-upload-offset", "0")), call.content)
    if "finalize" not in commands:
        return Reply(headers={"x-goog-upload-status": "active"})
    return await _final(call, world, world.files.finish(session))
