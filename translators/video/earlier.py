"""What was made here earlier, as callers name it: a job's id, a stored file's name, an address of this proxy."""

import re
from collections.abc import Collection
from urllib.parse import parse_qs

from translators.content import mime_by_name
from translators.native.names import file_in, read_file_id
from translators.video.spec import STORED_SCHEME, EarlierVideo, VideoMedia

_JOB = re.compile(r"video_\w{1,64}", re.ASCII)
_STORED = re.compile(r"(?:/?media/)?([A-Za-z0-9_-]{22,128}\.(?:png|jpg|webp|gif|mp4|webm|mov))", re.ASCII)
"""`GET /media/<name>`; the name alone does as well."""
_CONTENT = re.compile(r"/(?:v1/|openai/v1/|api/v1/)?videos/([^/]+)/content", re.ASCII)

_INDEX = re.compile(r"\d{1,3}", re.ASCII)


def earlier_video(text: str) -> EarlierVideo | None:
    """The first video of the job with this id; None for what is no id of a job."""
    named = text.strip()
    return EarlierVideo(job_id=named) if _JOB.fullmatch(named) else None


def stored_file(text: str) -> VideoMedia | None:
    """The file that the media store keeps by this name; None for what is no such name."""
    matched = _STORED.fullmatch(text)
    if matched is None:
        return None
    return VideoMedia(uri=f"{STORED_SCHEME}{matched[1]}", mime_type=mime_by_name(matched[1]))


def at_home(address: str, bases: Collection[str]) -> VideoMedia | None:
    """What an address below one of `bases` (this proxy's own, without a slash at their end) leads to; None for others.

    Known are a file's link, the content of a job's video, and Google's forms of the latter: an address, or the name
    alone (`files/ID`). A thumbnail is not kept: its address is one like any other.
    """
    base = next((base for base in bases if address.startswith(f"{base}/")), None)
    if base is None:
        return _job_file(address) if address.startswith("files/") else None
    path, _, query = address[len(base) :].partition("?")
    if (stored := stored_file(path)) is not None:
        return stored
    if (content := _CONTENT.fullmatch(path)) is not None:
        return _content(content[1], parse_qs(query))
    return _job_file(address)


def _job_file(address: str) -> VideoMedia | None:
    known = read_file_id(file_in(address) or "")
    return EarlierVideo(job_id=known[0], index=known[1]).as_media() if known is not None else None


def _content(job_id: str, query: dict[str, list[str]]) -> VideoMedia | None:
    index = query.get("index", ["0"])[-1]
    plain = query.get("variant", ["video"])[-1] == "video" and _INDEX.fullmatch(index) is not None
    earlier = earlier_video(job_id) if plain else None
    return EarlierVideo(job_id=earlier.job_id, index=int(index)).as_media() if earlier is not None else None
