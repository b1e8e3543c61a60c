"""A picture or clip as a caller names it -> VideoMedia."""

from typing import Any

from translators.content import mime_by_name, parse_data_uri
from translators.errors import BadRequest
from translators.video.spec import VideoMedia

_URL_MEMBERS = ("url", "image_url", "video_url", "uri", "file_id")


def read_media(value: Any, name: str) -> VideoMedia:
    """Read a data URI, web address, gs:// URI or uploaded file's name, or an object with one.

    Such an object is `{"url": ...}`, `{"image_url": {"url": ...}}` or `{"file_id": "files/..."}`.
    Raises BadRequest naming the field.
    """
    if isinstance(value, dict):
        member = next((member for member in _URL_MEMBERS if member in value), None)
        if member is not None:
            return read_media(value[member], f"{name}.{member}")
        raise BadRequest(f"{name} must be a URL or an object with one of: {', '.join(_URL_MEMBERS)}.", param=name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{name} must be a data URI or a URL.", param=name)
    address = value.strip()
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
        return VideoMedia(uri=address)
    raise BadRequest(
        f"{name} must be a data URI (data:image/png;base64,...), an http(s) URL, a gs:// URI or the name (files/...) "
        "of an upload to /v1beta/files.",
        param=name,
    )
