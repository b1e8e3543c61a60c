"""Forms as openai-python, openai-node and plain HTTP clients send them become the object they stand for."""

import base64

import pytest

from translators.errors import BadRequest
from translators.video.form_fields import Upload, read_form, uri_head

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24


def test_plain_fields_stay_text() -> None:
    """Text is text, also where it looks like a number or like JSON in a prompt."""
    fields = [("prompt", '{"not": "parsed"}'), ("seconds", "4")]
    assert read_form(fields) == {"prompt": '{"not": "parsed"}', "seconds": "4"}


def test_bracketed_names_nest() -> None:
    """openai-node flattens objects and lists."""
    assert read_form(
        [
            ("input_reference[image_url]", "https://example.com/a.png"),
            ("video[id]", "video_1"),
            ("frame_images[0][image_url][url]", "https://example.com/b.png"),
            ("frame_images[1][frame_type]", "last_frame"),
            ("reference_images[]", "https://example.com/c.png"),
            ("reference_images[]", "https://example.com/d.png"),
        ]
    ) == {
        "input_reference": {"image_url": "https://example.com/a.png"},
        "video": {"id": "video_1"},
        "frame_images": [{"image_url": {"url": "https://example.com/b.png"}}, {"frame_type": "last_frame"}],
        "reference_images": ["https://example.com/c.png", "https://example.com/d.png"],
    }


def test_an_object_with_other_keys_is_no_list() -> None:
    """Only 0, 1, 2, ... make a list."""
    assert read_form([("labels[1]", "a")]) == {"labels": {"1": "a"}}


def test_json_text_is_read_where_an_object_belongs() -> None:
    """A form can carry an object only as text."""
    assert read_form([("labels", '{"team": "film"}')]) == {"labels": {"team": "film"}}


def test_text_that_only_looks_like_json_is_told() -> None:
    """It would be taken for a URL, and the error would make no sense."""
    with pytest.raises(BadRequest, match="labels looks like JSON") as caught:
        read_form([("labels", "{team: film}")])
    assert caught.value.param == "labels"


def test_a_malformed_name_is_a_name() -> None:
    """It is refused later, as unknown, under the name that was sent."""
    assert read_form([("a]b", "1"), ("[x]", "2")]) == {"a]b": "1", "[x]": "2"}


def test_an_empty_field_says_nothing() -> None:
    """n8n sends every field of its form, filled in or not."""
    assert read_form([("size", ""), ("prompt", "a kite")]) == {"prompt": "a kite"}


@pytest.mark.parametrize(
    ("claimed", "data", "mime_type"),
    [
        ("application/octet-stream", PNG, "image/png"),
        ("image/jpeg", PNG, "image/png"),
        (None, PNG, "image/png"),
        ("image/bmp; q=1", b"BM" + b"\1" * 40, "image/bmp"),
    ],
)
def test_a_file_has_the_type_its_bytes_show(claimed: str | None, data: bytes, mime_type: str) -> None:
    """What the sender claims counts only where the bytes do not tell."""
    assert uri_head(claimed, data) == f"data:{mime_type};base64,"


def test_a_file_goes_in_as_its_data_uri() -> None:
    """As it would stand in JSON."""
    uri = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert read_form([("input_reference", Upload(data_uri=uri))]) == {"input_reference": uri}


def test_an_empty_file_is_refused() -> None:
    """It would be paid for as a request without a picture."""
    with pytest.raises(BadRequest, match="empty"):
        read_form([("input_reference", Upload(data_uri=""))])


@pytest.mark.parametrize(
    "fields",
    [
        [("video", "a"), ("video[id]", "b")],
        [("prompt", "a"), ("prompt", "b")],
        [("video[id]", "b"), ("video", "a")],
    ],
)
def test_a_field_sent_twice_is_refused(fields: list[tuple[str, str | Upload]]) -> None:
    """Nobody knows which of the two was meant."""
    with pytest.raises(BadRequest, match=r"twice|as a value and as an object"):
        read_form(fields)


def test_a_repeatable_field_may_come_more_than_once() -> None:
    """`curl -F image=@a -F image=@b` means a list; one alone is no list."""
    assert read_form([("image", "a"), ("image", "b")], repeatable={"image"}) == {"image": ["a", "b"]}
    assert read_form([("image", "a"), ("n", "1")], repeatable={"image"}) == {"image": "a", "n": "1"}
