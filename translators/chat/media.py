"""Media in a request: which must be fetched first, and how each becomes a part of Google's contents.

Google reads `gs://` objects, Files API uploads and YouTube links by itself; data URIs carry their bytes. What is left
are http(s) URLs: `remote_media` lists them, the proxy fetches them, and `media_part` finds them in `fetched`. Files
that callers uploaded through this proxy are in there as well, under the name by which they were called.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from translators.content import HoldsMedia, Media, Medium, is_data_uri, media_from_base64, mime_by_name, parse_data_uri
from translators.errors import BadRequest
from translators.wire.openai import (
    AssistantMessage,
    ChatCompletionRequest,
    FileBody,
    FilePart,
    ImagePart,
    InputAudio,
    InputFilePart,
    MediaUrl,
    Message,
    Part,
    VideoPart,
)

AUDIO_MIME_TYPES: Mapping[str, str] = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "m4a": "audio/mp4",
    "webm": "audio/webm",
    "pcm": "audio/pcm",
    "pcm16": "audio/pcm",
    "aiff": "audio/aiff",
}
"""`input_audio.format` -> MIME type."""

_FILES_API = re.compile(r"https://generativelanguage\.googleapis\.com/v\d\w*/(files/[\w-]+)$")
_YOUTUBE = re.compile(r"https://(?:www\.youtube\.com/(?:watch\?|shorts/)|youtu\.be/)")


def remote_media(request: ChatCompletionRequest) -> dict[str, str]:
    """The http(s) URLs a request needs fetched before it can be translated, each with where it stands first."""
    return {url: place for url, place in links(request).items() if _is_remote(url)}


def links(request: ChatCompletionRequest) -> dict[str, str]:
    """Every medium that is named and not sent along, each with where it stands first, in order of appearance."""
    places: dict[str, str] = {}
    for index, message in enumerate(request.messages):
        for place, link in _links(message):
            if link and not is_data_uri(link):
                places.setdefault(link, f"messages[{index}].{place}")
    return places


def media_part(url: str, *, fetched: Mapping[str, Medium], param: str) -> dict[str, Any]:
    """A URL as `inlineData` or `fileData`. Raises BadRequest naming `param` for what no one can read."""
    if is_data_uri(url):
        return inline_part(parse_data_uri(url, param=param))
    if url in fetched:
        return medium_part(fetched[url])
    if _is_remote(url):
        raise BadRequest("The medium at this URL could not be fetched; send it as a data URI.", param=param)
    if _YOUTUBE.match(url):
        return _file_part(url, "video/mp4")
    if _FILES_API.match(url):
        # An upload keeps the type it was uploaded with.
        return _file_part(url, None)
    if url.startswith("gs://"):
        return _file_part(url, _required_mime(url, param=param))
    raise BadRequest(
        "Expected a data URI (data:<mime type>;base64,<data>), an http(s) URL, a gs:// URI or a Files API URI.",
        param=param,
    )


def medium_part(medium: Medium) -> dict[str, Any]:
    """Google's `inlineData` or `fileData`."""
    return inline_part(medium) if isinstance(medium, Media) else _file_part(medium.uri, medium.mime_type)


def inline_part(media: Media) -> dict[str, Any]:
    """Google's `inlineData`."""
    return {"inlineData": HoldsMedia(mimeType=media.mime_type, data=media.data)}


def link_url(link: str | MediaUrl) -> str:
    """The URL of a link, nested or plain."""
    return link if isinstance(link, str) else link.url


def audio_part(audio: InputAudio, *, param: str) -> dict[str, Any]:
    """`input_audio` as `inlineData`. Raises BadRequest naming the member that is wrong."""
    if is_data_uri(audio.data):
        return inline_part(parse_data_uri(audio.data, param=f"{param}.data"))
    mime_type = AUDIO_MIME_TYPES.get((audio.format or "").lower())
    if audio.format and mime_type is None:
        allowed = ", ".join(AUDIO_MIME_TYPES)
        raise BadRequest(f"{audio.format!r} is not supported; allowed are {allowed}.", param=f"{param}.format")
    return inline_part(media_from_base64(audio.data, mime_type=mime_type, param=f"{param}.data"))


def file_part(file: FileBody, *, fetched: Mapping[str, Medium], param: str) -> dict[str, Any]:
    """A document as `inlineData` or `fileData`. Raises BadRequest naming the member that is wrong."""
    if file.file_data and is_data_uri(file.file_data):
        return inline_part(parse_data_uri(file.file_data, param=f"{param}.file_data"))
    if file.file_data:
        mime_type = mime_by_name(file.filename or "")
        return inline_part(media_from_base64(file.file_data, mime_type=mime_type, param=f"{param}.file_data"))
    if file.file_url:
        return media_part(file.file_url, fetched=fetched, param=f"{param}.file_url")
    known = file.file_id in fetched if file.file_id else False
    if file.file_id and (known or file.file_id.startswith("gs://") or _FILES_API.match(file.file_id)):
        return media_part(file.file_id, fetched=fetched, param=f"{param}.file_id")
    raise BadRequest(
        "A file needs file_data (data URI or base64), file_url, or a file_id that is a gs:// or Files API URI, or the "
        "name (files/...) of an upload to /v1beta/files; ids of OpenAI's Files API are not known here.",
        param=param,
    )


def _file_part(uri: str, mime_type: str | None) -> dict[str, Any]:
    return {"fileData": {"fileUri": uri} | ({"mimeType": mime_type} if mime_type else {})}


def _required_mime(uri: str, *, param: str) -> str:
    mime_type = mime_by_name(uri)
    if mime_type is None:
        raise BadRequest("The URI must end in a known extension (such as .png or .mp4) to tell its type.", param=param)
    return mime_type


def _is_remote(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://")) and not _YOUTUBE.match(url) and not _FILES_API.match(url)


def _links(message: Message) -> Iterable[tuple[str, str]]:
    """Every link of a message, with its place in it."""
    if isinstance(message.content, list):
        for index, part in enumerate(message.content):
            for place, url in _part_links(part):
                yield f"content[{index}].{place}", url
    if isinstance(message, AssistantMessage):
        for index, image in enumerate(message.images or ()):
            yield f"images[{index}].image_url", link_url(image.image_url)


def _part_links(part: Part) -> Iterable[tuple[str, str]]:
    match part:
        case ImagePart():
            yield "image_url", link_url(part.image_url)
        case VideoPart():
            yield "video_url", link_url(part.video_url)
        case FilePart():
            yield "file.file_url", part.file.file_url or ""
            yield "file.file_id", part.file.file_id or ""
        case InputFilePart():
            yield "file_url", part.file_url or ""
            yield "file_id", part.file_id or ""
        case _:
            # Text, refusals and audio link to nothing.
            return
