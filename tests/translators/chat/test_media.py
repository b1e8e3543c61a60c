"""Media in requests: listed when remote, read when here, refused by name otherwise."""

from typing import Any

import pytest

from translators.chat.media import audio_part, file_part, link_url, links, media_part, remote_media
from translators.content import FileAtGoogle, Media
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, FileBody, InputAudio, MediaUrl

PNG = "iVBORw0KGgo="
FILES = "https://generativelanguage.googleapis.com/v1beta/files/abc"


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def test_remote_media_are_listed_once_and_in_order() -> None:
    """All http(s) URLs of all messages with their places, without what Google reads itself or what is already here."""
    request = ChatCompletionRequest.model_validate(
        {
            "model": "m",
            "messages": [
                {"role": "system", "content": "x"},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "https://not.media"},
                        image("https://a/1.png"),
                        image(f"data:image/png;base64,{PNG}"),
                        {"type": "input_image", "image_url": "http://a/2.png"},
                        image("https://a/1.png"),
                        image("gs://b/c.png"),
                        {"type": "video_url", "video_url": "https://www.youtube.com/watch?v=1"},
                        {"type": "video_url", "video_url": "https://a/v.mp4"},
                        image(FILES),
                        {"type": "file", "file": {"file_url": "https://a/d.pdf"}},
                        {"type": "file", "file": {"file_data": "x"}},
                        {"type": "input_file", "file_url": "https://a/e.pdf"},
                        {"type": "input_file", "file_data": "x"},
                    ],
                },
                {"role": "assistant", "content": None, "images": [{"image_url": {"url": "https://a/3.png"}}]},
            ],
        }
    )

    remote = remote_media(request)

    assert list(remote.items()) == [
        ("https://a/1.png", "messages[1].content[1].image_url"),
        ("http://a/2.png", "messages[1].content[3].image_url"),
        ("https://a/v.mp4", "messages[1].content[7].video_url"),
        ("https://a/d.pdf", "messages[1].content[9].file.file_url"),
        ("https://a/e.pdf", "messages[1].content[11].file_url"),
        ("https://a/3.png", "messages[2].images[0].image_url"),
    ]


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (f"data:image/png;base64,{PNG}", {"inlineData": {"mimeType": "image/png", "data": PNG}}),
        ("https://a/b", {"inlineData": {"mimeType": "image/webp", "data": "AAAA"}}),
        ("https://youtu.be/x", {"fileData": {"fileUri": "https://youtu.be/x", "mimeType": "video/mp4"}}),
        (FILES, {"fileData": {"fileUri": FILES}}),
        ("gs://b/c.webp", {"fileData": {"fileUri": "gs://b/c.webp", "mimeType": "image/webp"}}),
    ],
)
def test_a_medium_becomes_a_part(url: str, part: dict[str, Any]) -> None:
    """Bytes go inline, what Google reads itself goes by URI."""
    fetched = {"https://a/b": Media(mime_type="image/webp", data="AAAA")}

    assert media_part(url, fetched=fetched, param="x") == part


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a/unfetched", "could not be fetched"),
        ("gs://b/c", "known extension"),
        ("ftp://a/b", "Expected a data URI"),
        ("", "Expected a data URI"),
    ],
)
def test_what_cannot_be_read_is_refused(url: str, words: str) -> None:
    """No medium is dropped: a 400 names it."""
    with pytest.raises(BadRequest, match=words) as error:
        media_part(url, fetched={}, param="p")

    assert error.value.param == "p"


def test_links_are_nested_or_plain() -> None:
    """Both ways to write a link are one."""
    assert link_url("u") == link_url(MediaUrl(url="u")) == "u"


@pytest.mark.parametrize(
    ("data", "form", "mime_type"),
    [
        ("QUJD", "mp3", "audio/mpeg"),
        ("QUJD", "WAV", "audio/wav"),
        ("data:audio/x;base64,QUJD", "?", "audio/x"),
        ("SUQzBAAA", None, "audio/mpeg"),
    ],
)
def test_audio(data: str, form: str | None, mime_type: str) -> None:
    """The format names the type, a data URI names its own, and without either the bytes tell."""
    part = audio_part(InputAudio(data=data, format=form), param="p")

    assert part["inlineData"]["mimeType"] == mime_type


@pytest.mark.parametrize(
    ("data", "form", "param"), [("QUJD", "midi", "p.format"), ("?", "mp3", "p.data"), ("QUJD", None, "p.data")]
)
def test_bad_audio(data: str, form: str | None, param: str) -> None:
    """An unknown format or unreadable data is a 400 at its place."""
    with pytest.raises(BadRequest) as error:
        audio_part(InputAudio(data=data, format=form), param=param.partition(".")[0])

    assert error.value.param == param


@pytest.mark.parametrize(
    ("file", "part"),
    [
        (
            {"file_data": "data:application/pdf;base64,QUJD"},
            {"inlineData": {"mimeType": "application/pdf", "data": "QUJD"}},
        ),
        ({"file_data": "QUJD", "filename": "a.txt"}, {"inlineData": {"mimeType": "text/plain", "data": "QUJD"}}),
        ({"file_data": "JVBERi0x"}, {"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0x"}}),
        ({"file_url": "gs://b/a.pdf"}, {"fileData": {"fileUri": "gs://b/a.pdf", "mimeType": "application/pdf"}}),
        ({"file_id": "gs://b/a.pdf"}, {"fileData": {"fileUri": "gs://b/a.pdf", "mimeType": "application/pdf"}}),
        ({"file_id": FILES}, {"fileData": {"fileUri": FILES}}),
    ],
)
def test_files(file: dict[str, str], part: dict[str, Any]) -> None:
    """A document comes as data URI, base64, URL or a URI of Google's."""
    assert file_part(FileBody(**file), fetched={}, param="p") == part


@pytest.mark.parametrize(
    ("file", "param"),
    [
        ({}, "p"),
        ({"file_id": "file-123"}, "p"),
        ({"file_data": "QUJD", "filename": "a.xyz"}, "p.file_data"),
        ({"file_url": "https://x"}, "p.file_url"),
    ],
)
def test_bad_files(file: dict[str, str], param: str) -> None:
    """A document of unknown kind or place is a 400, never dropped."""
    with pytest.raises(BadRequest) as error:
        file_part(FileBody(**file), fetched={}, param="p")

    assert error.value.param == param


def test_every_link_is_told_with_its_field() -> None:
    """Names and addresses of files among them; what comes along as bytes is no link."""
    request = ChatCompletionRequest.model_validate(
        {
            "model": "m",
            "messages": [
                {"role": "user", "content": "https://not.media"},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "x"},
                        image(f"data:image/png;base64,{PNG}"),
                        image("https://a/1.png"),
                        {"type": "file", "file": {"file_id": "files/a"}},
                        {"type": "input_file", "file_id": "files/b"},
                        {"type": "input_file", "file_url": "gs://b/c.pdf"},
                        {"type": "video_url", "video_url": {"url": FILES}},
                    ],
                },
                {"role": "assistant", "images": [{"image_url": {"url": "https://a/2.png"}}]},
            ],
        }
    )

    assert list(links(request).items()) == [
        ("https://a/1.png", "messages[1].content[2].image_url"),
        ("files/a", "messages[1].content[3].file.file_id"),
        ("files/b", "messages[1].content[4].file_id"),
        ("gs://b/c.pdf", "messages[1].content[5].file_url"),
        (FILES, "messages[1].content[6].video_url"),
        ("https://a/2.png", "messages[2].images[0].image_url"),
    ]


def test_an_uploaded_file_is_named_by_google_s_address() -> None:
    """By whatever name it was called; with its type where that is known."""
    known = {
        "files/a": FileAtGoogle(uri=FILES, mime_type="image/png"),
        "http://proxy/v1beta/files/a": FileAtGoogle(uri=FILES),
    }
    typed, plain = {"fileData": {"fileUri": FILES, "mimeType": "image/png"}}, {"fileData": {"fileUri": FILES}}
    assert file_part(FileBody(file_id="files/a"), fetched=known, param="p") == typed
    assert media_part("http://proxy/v1beta/files/a", fetched=known, param="p") == plain
