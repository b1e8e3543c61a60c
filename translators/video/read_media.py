"""A picture or clip as a caller names it -> VideoMedia."""

from collections.abc import Mapping
from typing import Any

from translators.content import mime_by_name, parse_data_uri
from translators.errors import BadRequest
from translators.video.earlier import earlier_video, stored_file
from translators.video.spec import VideoMedia

_URL_MEMBERS = ("url", "image_url", "video_url", "uri", "file_id")


def read_media(value: Any, name: str) -> VideoMedia:
    """Read a data URI, web address, gs:// URI, the name of a file made here, or of an upload (`files/...`).

    An object may hold one (`{"url": ...}`, `{"image_url": {"url": ...}}`, `{"file_id": "files/..."}`). Raises
    BadRequest naming the field.
    """
    address, place = _address(value, name)
    if earlier_video(address) is not None:
        raise BadRequest(
            f"{place} names a video job, and a picture is needed. Send that id as `video` to continue or change its "
            "video, or a picture of it here.",
            param=place,
        )
    return _medium(address, place)


def read_clip(value: Any, name: str) -> VideoMedia:
    """Read what `read_media` reads, or the id of the job that made the video: alone, or as `{"id": ...}`.

    Raises BadRequest naming the field.
    """
    address, place = _address(value, name)
    earlier = earlier_video(address)
    return earlier.as_media() if earlier is not None else _medium(address, place)


def _address(value: Any, name: str) -> tuple[str, str]:
    """The text within, and the name of its place."""
    if isinstance(value, Mapping):
        member = next((member for member in _URL_MEMBERS if member in value), None)
        if member is not None:
            return _address(value[member], f"{name}.{member}")
        if "id" in value:
            return _address(value["id"], name)
        raise BadRequest(f"{name} must be a URL or an object with one of: {', '.join(_URL_MEMBERS)}.", param=name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{name} must be a data URI or a URL.", param=name)
    return value.strip(), name


def _medium(address: str, name: str) -> VideoMedia:
    scheme = address.partition(":")[0].lower()
    if scheme == "data":
        inline = parse_data_uri(address, param=name)
        return VideoMedia(mime_type=inline.mime_type, data=inline.data)
    if scheme in ("http", "https") and "://" in address:
        return VideoMedia(uri=address)
    if address.startswith("gs://"):
        # Nobody looks into the bucket: the object's name is all there is to tell its type by.
        return VideoMedia(uri=address, mime_type=mime_by_name(address))
    if address.startswith("files/"):
        # An upload, or a file of a job: its caller's list tells.
        return VideoMedia(uri=address)
    if (stored := stored_file(address)) is not None:
        return stored
    raise BadRequest(
        f"{name} must be a data URI (data:image/png;base64,...), an http(s) URL, a gs:// URI, the name of a file "
        "made here or that of an upload to /v1beta/files (files/...).",
        param=name,
    )
