"""Cloud Storage's JSON API, reading only: object contents, metadata, listing by prefix.

Its errors carry an `errors` list beside code and message, and a missing object asked for by `alt=media` is plain text.
"""

from typing import Any

from proxy.simulator.bucket import PAGE_SIZE, object_json
from proxy.simulator.byte_ranges import ranged
from proxy.simulator.call import Call
from proxy.simulator.errors import GoogleError
from proxy.simulator.replies import Reply, json_reply
from proxy.simulator.world import World


async def get_object(call: Call, world: World) -> Reply | dict[str, Any]:
    """GET b/BUCKET/o/OBJECT, metadata or, with alt=media, contents (Range supported)."""
    refused = _refused(call, world)
    if refused is not None:
        return refused
    bucket, name = call.parts["bucket"], call.parts["object"]
    stored = world.buckets.get(bucket, name)
    media = call.query.get("alt") == "media"
    if stored is None:
        sentence = f"No such object: {bucket}/{name}"
        return (
            Reply(status=404, content=sentence.encode(), content_type="text/html") if media else _error(404, sentence)
        )
    if media:
        return ranged(call, await world.studio.make(stored.media), stored.content_type)
    return await object_json(stored, world.studio)


async def list_objects(call: Call, world: World) -> Reply | dict[str, Any]:
    """GET b/BUCKET/o?prefix=&maxResults=&pageToken=."""
    refused = _refused(call, world)
    if refused is not None:
        return refused
    bucket = call.parts["bucket"]
    if not world.buckets.exists(f"gs://{bucket}/"):
        return _error(404, "The specified bucket does not exist.")
    found = world.buckets.listed(bucket, call.query.get("prefix", ""))
    start, size = int(call.query.get("pageToken", "0")), int(call.query.get("maxResults", PAGE_SIZE))
    page: dict[str, Any] = {"kind": "storage#objects"}
    if items := [await object_json(stored, world.studio) for stored in found[start : start + size]]:
        page["items"] = items
    if start + size < len(found):
        page["nextPageToken"] = str(start + size)
    return page


_REASONS = {401: "required", 403: "forbidden", 404: "notFound"}


def _refused(call: Call, world: World) -> Reply | None:
    try:
        world.access.check_storage(call)
    except GoogleError as error:
        return _error(error.status, error.message)
    return None


def _error(status: int, message: str) -> Reply:
    item = {"message": message, "domain": "global", "reason": _REASONS[status]}
    return json_reply({"error": {"code": status, "message": message, "errors": [item]}}, status)
