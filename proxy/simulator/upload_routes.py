"""Files API: resumable uploads (X-Goog-Upload-*), as google-genai 3.4.0's files.upload performs them."""

from proxy.simulator.call import Call
from proxy.simulator.errors import invalid
from proxy.simulator.files import file_json
from proxy.simulator.replies import Reply, json_reply
from proxy.simulator.world import World


async def start(call: Call, world: World) -> Reply:
    """POST upload/v1beta/files with `start`: answers the session's URL in a header. Raises GoogleError 400."""
    if (
        call.headers.get("x-goog-upload-protocol") != "resumable"
        or call.headers.get("x-goog-upload-command") != "start"
    ):
        raise invalid("Uploads need X-Goog-Upload-Protocol: resumable and X-Goog-Upload-Command: start.")
    mime_type = call.headers.get("x-goog-upload-header-content-type")
    if not mime_type:
        raise invalid("Uploads need X-Goog-Upload-Header-Content-Type.")
    described = (call.parsed() or {}).get("file", {})
    name = described.get("displayName") or described.get("display_name")
    url = f"{call.base_url}/upload/session/{world.files.begin_upload(mime_type, name)}"
    return json_reply({}, headers={"x-goog-upload-url": url, "x-goog-upload-status": "active"})


async def take_chunk(call: Call, world: World) -> Reply:
    """POST to the session's URL with `upload` or `upload, finalize`. Raises GoogleError 400."""
    session = call.parts["id"]
    commands = {word.strip() for word in call.headers.get("x-goog-upload-command", "").split(",")}
    if not commands or commands - {"upload", "finalize"}:
        raise invalid(f"Unknown X-Goog-Upload-Command: {', '.join(sorted(commands))}")
    if "upload" in commands:
        world.files.append(session, int(call.headers.get("x-goog-upload-offset", "0")), call.content)
    if "finalize" not in commands:
        return Reply(headers={"x-goog-upload-status": "active"})
    stored = world.files.finish(session)
    body = {"file": await file_json(stored, world.studio, call.base_url, active=True)}
    return json_reply(body, headers={"x-goog-upload-status": "final"})
