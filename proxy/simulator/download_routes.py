"""Files API: metadata, and contents by way of a redirect, as Google's front end sends callers to its storage host."""

from typing import Any

from proxy.simulator.access import api_key
from proxy.simulator.byte_ranges import ranged
from proxy.simulator.call import Call
from proxy.simulator.errors import GoogleError, invalid
from proxy.simulator.files import StoredFile, file_json
from proxy.simulator.replies import Reply
from proxy.simulator.world import World


async def get_file(call: Call, world: World) -> dict[str, Any]:
    """GET files/ID. Raises GoogleError 403 for one that is gone."""
    stored = world.files.get(call.parts["id"], api_key(call))
    return await file_json(stored, world.studio, call.base_url, active=world.files.is_active(stored))


async def list_files(call: Call, world: World) -> dict[str, Any]:
    """GET files, a page at a time (10 by default, at most 100). Raises GoogleError 400 for a size that is none."""
    size, start = call.query.get("pageSize") or "10", call.query.get("pageToken") or "0"
    if not (size.isdecimal() and start.isdecimal() and 1 <= int(size) <= 100):
        raise invalid("pageSize must be between 1 and 100.")
    files = world.files.uploaded_by(api_key(call))
    end = int(start) + int(size)
    page = [
        await file_json(file, world.studio, call.base_url, active=world.files.is_active(file))
        for file in files[int(start) : end]
    ]
    body: dict[str, Any] = {"files": page} if page else {}
    return {**body, "nextPageToken": str(end)} if end < len(files) else body


async def delete_file(call: Call, world: World) -> dict[str, Any]:
    """DELETE files/ID. Raises GoogleError 403 for one that is gone."""
    world.files.get(call.parts["id"], api_key(call))
    world.files.expire(call.parts["id"])
    return {}


async def redirect_to_content(call: Call, world: World) -> Reply:
    """GET files/ID:download?alt=media: a 302 to a signed path that wants no key, possibly on another origin."""
    stored = world.files.get(call.parts["id"], api_key(call))
    if call.query.get("alt") != "media":
        raise invalid("File download requires `alt=media`.")
    _check_downloadable(stored, world)
    ticket = world.files.download_pass(stored.id)
    return Reply(status=302, headers={"location": f"{world.origin_for_downloads(call)}/download/content/{ticket}"})


def _check_downloadable(stored: StoredFile, world: World) -> None:
    if not stored.generated:
        raise invalid("Only generated files can be downloaded.")
    if not world.files.is_active(stored):
        raise GoogleError(
            400, f"The File {stored.id} is not in an ACTIVE state and usage is not allowed.", rpc="FAILED_PRECONDITION"
        )


async def send_content(call: Call, world: World) -> Reply:
    """GET of the signed path; a credential that arrives here has leaked, and is on record."""
    stored = world.files.redeem(call.parts["id"])
    return ranged(call, await world.studio.make(stored.media), stored.mime_type)
