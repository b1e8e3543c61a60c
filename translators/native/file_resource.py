"""The Files API's `File`, as this proxy shows it (Gemini API reference, files, 2026-11)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from translators.errors import BadRequest
from translators.native.names import read_file_id

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
"""Up to 40 small letters, digits or dashes, none of them at an end."""


def shown_file(google: Mapping[str, Any], *, file_id: str, address: str) -> dict[str, Any]:
    """What Google says of an uploaded file, under the proxy's own name and address."""
    shown = {**google, "name": f"files/{file_id}", "uri": address}
    return {**shown, "downloadUri": f"{address}:download?alt=media"} if "downloadUri" in google else shown


def wanted_id(described: Mapping[str, Any]) -> str | None:
    """The id that the uploader wants; None: any. Raises BadRequest for one that cannot be."""
    name = described.get("name")
    if name is None or name == "":
        return None
    wanted = name.removeprefix("files/") if isinstance(name, str) else ""
    if _ID.fullmatch(wanted) is None or read_file_id(wanted) is not None:
        raise BadRequest(
            f"Invalid value at 'file.name': {name!r} is no name; it has up to 40 small letters, digits or dashes, "
            "and no dash at an end.",
            param="file.name",
        )
    return wanted


def read_description(body: Any) -> dict[str, Any]:
    """The `file` of an upload's JSON; empty where there is none. Raises BadRequest for anything but an object."""
    if body is None:
        return {}
    file = body.get("file", {}) if isinstance(body, Mapping) else None
    if not isinstance(file, Mapping):
        raise BadRequest("Invalid value at 'file': an object is expected.", param="file")
    return dict(file)


def without_name(described: Mapping[str, Any]) -> dict[str, Any]:
    """The description for Google, which chooses a name of its own: callers share its names, and must not meet."""
    return {"file": {name: value for name, value in described.items() if name != "name"}}


def expires_at(google: Mapping[str, Any]) -> datetime | None:
    """When Google forgets the file, if it says so."""
    try:
        moment = datetime.fromisoformat(str(google.get("expirationTime")))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
