"""The pictures of an edit by Imagen: found, judged, and written as Google's reference images."""

from typing import Any

import pytest

from translators.content import FileAtGoogle, Media, Medium
from translators.errors import BadRequest
from translators.imagen_edit import edit_inputs, imagen_image, reference_images, unmarked, with_mask
from translators.wire.openai import ChatCompletionRequest, ImagePart, UserMessage

DATA = "iVBORw0KGgo="
URL = "https://example.org/fox.png"
UPLOAD = "https://generativelanguage.googleapis.com/v1beta/files/a"
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}}
MASK = {**IMAGE, "role": "mask"}
TEXT = {"type": "text", "text": "a boat"}


def request_of(*parts: dict[str, Any]) -> ChatCompletionRequest:
    earlier = {"role": "user", "content": "Hello"}
    return ChatCompletionRequest.model_validate(
        {"model": "imagen", "messages": [earlier, {"role": "user", "content": [*parts]}]}
    )


def image_at(url: str, fetched: dict[str, Medium] | None = None) -> dict[str, str]:
    inputs = edit_inputs(request_of(TEXT, {"type": "image_url", "image_url": url}))
    return imagen_image(inputs.image, fetched or {})


def test_an_image_alone() -> None:
    """Google is free to change all of it."""
    inputs = edit_inputs(request_of(IMAGE, TEXT))
    [raw] = reference_images(inputs, {})

    assert inputs.mode == "EDIT_MODE_DEFAULT"
    assert raw["referenceType"] == "REFERENCE_TYPE_RAW"


@pytest.mark.parametrize("parts", [(IMAGE, MASK, TEXT), (MASK, TEXT, IMAGE)])
def test_an_image_and_a_mask(parts: tuple[dict[str, Any], ...]) -> None:
    """In any order; the raw image is the first for Google."""
    inputs = edit_inputs(request_of(*parts))
    raw, mask = reference_images(inputs, {})

    assert inputs.mode == "EDIT_MODE_INPAINT_INSERTION"
    assert (raw["referenceId"], mask["referenceId"]) == (1, 2)
    assert mask["referenceType"] == "REFERENCE_TYPE_MASK"
    assert mask["maskImageConfig"] == {"maskMode": "MASK_MODE_USER_PROVIDED"}


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ((TEXT,), "messages[1].content"),
        ((TEXT, MASK), "messages[1].content"),
        ((IMAGE, TEXT, IMAGE), "messages[1].content[2]"),
        ((IMAGE, MASK, MASK), "messages[1].content[2]"),
        ((IMAGE, {"type": "video_url", "video_url": "https://example.org/v.mp4"}), "messages[1].content[1]"),
    ],
)
def test_what_is_no_edit(parts: tuple[dict[str, Any], ...], place: str) -> None:
    """One image and at most one mask; the part is named."""
    with pytest.raises(BadRequest) as caught:
        edit_inputs(request_of(*parts))
    assert caught.value.param == place


def test_where_the_bytes_come_from() -> None:
    """Fetched ones go inline, and Google reads its buckets itself."""
    assert image_at(URL, {URL: Media(mime_type="image/jpeg", data="/9j/")}) == {
        "bytesBase64Encoded": "/9j/",
        "mimeType": "image/jpeg",
    }
    assert image_at("gs://bucket/fox.png") == {"gcsUri": "gs://bucket/fox.png", "mimeType": "image/png"}


@pytest.mark.parametrize(
    ("url", "medium"),
    [
        ("gs://bucket/v.mp4", None),
        ("data:video/mp4;base64,AAAA", None),
        ("https://youtu.be/a", None),
        (
            "files/a",
            FileAtGoogle(uri=UPLOAD, mime_type="image/png"),
        ),
    ],
)
def test_what_imagen_cannot_read(url: str, medium: Medium | None) -> None:
    """It has no Files API, and takes no videos."""
    with pytest.raises(BadRequest, match="Imagen reads images") as caught:
        image_at(url, {url: medium} if medium else {})
    assert caught.value.param == "messages[1].content[1].image_url"


def test_another_mask_in_its_place() -> None:
    """The rest stays, and it is still the mask."""
    request = request_of(IMAGE, {**MASK, "image_url": "https://example.org/m.png"}, TEXT)
    changed = with_mask(request, edit_inputs(request), Media(mime_type="image/png", data=DATA))

    assert changed == request_of(IMAGE, {**MASK, "image_url": f"data:image/png;base64,{DATA}"}, TEXT)


def test_the_word_mask_is_understood() -> None:
    """So it is not told as a member without effect; what else the part has is."""
    request = request_of(IMAGE, {**MASK, "weight": 1}, TEXT)
    plain = unmarked(request, edit_inputs(request)).messages[1]

    assert isinstance(plain, UserMessage)
    part = plain.content[1]
    assert isinstance(part, ImagePart)
    assert part.model_extra == {"weight": 1}


def test_without_a_mask_there_is_none_to_replace() -> None:
    """The request is the same."""
    request = request_of(IMAGE, TEXT)
    assert unmarked(request, edit_inputs(request)) is request
