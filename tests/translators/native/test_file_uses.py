"""Files that a native body names, found and moved."""

import json
from typing import Any

import pytest

from translators.content import FileAtGoogle, Media
from translators.native.file_uses import file_uses, interaction_uses, with_file_uses, with_interaction_uses

HERE, THERE = "http://proxy/v1beta/files/a", "https://google/v1beta/files/b"


def body(*parts: Any) -> dict[str, Any]:
    return {"contents": [{"parts": list(parts)}]}


def test_addresses_are_found_in_either_spelling() -> None:
    """With their fields; a function's own arguments are none."""
    asked = body(
        {"fileData": {"fileUri": HERE}},
        {"file_data": {"file_uri": "x"}},
        {"text": HERE},
        {"fileData": 7},
        {"fileData": {"fileUri": 7}},
        {"functionCall": {"args": {"fileData": {"fileUri": HERE}}}},
    )
    assert file_uses(asked) == {
        HERE: "contents[0].parts[0].fileData.fileUri",
        "x": "contents[0].parts[1].file_data.file_uri",
    }


def test_an_address_is_replaced_and_the_type_stays() -> None:
    """The known type fills in where the caller names none; other addresses stay."""
    moved = with_file_uses(
        body(
            {"fileData": {"fileUri": HERE}, "videoMetadata": {"fps": 1}},
            {"fileData": {"fileUri": HERE, "mimeType": "image/webp"}},
            {"fileData": {"fileUri": "gs://x"}},
            {"fileData": {"fileUri": 7}},
            {"fileData": 7},
        ),
        {HERE: FileAtGoogle(uri=THERE, mime_type="image/png")},
    )
    assert moved["contents"][0]["parts"] == [
        {"fileData": {"fileUri": THERE, "mimeType": "image/png"}, "videoMetadata": {"fps": 1}},
        {"fileData": {"fileUri": THERE, "mimeType": "image/webp"}},
        {"fileData": {"fileUri": "gs://x"}},
        {"fileData": {"fileUri": 7}},
        {"fileData": 7},
    ]
    untyped = with_file_uses(body({"file_data": {"file_uri": HERE}}), {HERE: FileAtGoogle(uri=THERE)})
    assert untyped["contents"][0]["parts"] == [{"file_data": {"file_uri": THERE}}]


def test_what_is_kept_here_goes_along_as_bytes() -> None:
    """In the place of its address; the other members of its part and of its data stay."""
    copy = Media(mime_type="video/mp4", data="AAAA")
    moved = with_file_uses(
        body(
            {"fileData": {"fileUri": HERE, "displayName": "a kite"}, "videoMetadata": {"fps": 1}},
            {"file_data": {"file_uri": HERE, "mime_type": "video/webm"}},
        ),
        {HERE: copy},
    )
    assert moved["contents"][0]["parts"] == [
        {
            "inlineData": {"displayName": "a kite", "mimeType": "video/mp4", "data": "AAAA"},
            "videoMetadata": {"fps": 1},
        },
        {"inlineData": {"mime_type": "video/webm", "data": "AAAA"}},
    ]


def test_nothing_to_move() -> None:
    """The very same body."""
    asked = body({"fileData": {"fileUri": HERE}})
    assert with_file_uses(asked, {}) is asked
    assert with_interaction_uses(asked, {}) is asked


PICTURE = {"type": "image", "uri": HERE}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (PICTURE, "input.uri"),
        (["no", {"type": "text", "text": HERE}, PICTURE], "input[2].uri"),
        ([{"type": "user_input", "content": [PICTURE]}], "input[0].content[0].uri"),
        ([{"type": "user_input", "content": PICTURE}], "input[0].content.uri"),
    ],
)
def test_an_interaction_names_files_at_every_depth(given: Any, field: str) -> None:
    """One content, contents, or steps with contents; the type that is known fills in."""
    asked = {"model": "m", "input": given}
    moved = with_interaction_uses(asked, {HERE: FileAtGoogle(uri=THERE, mime_type="image/png")})

    assert interaction_uses(asked) == {HERE: field}
    assert moved == json.loads(
        json.dumps(asked).replace(
            json.dumps(PICTURE), json.dumps({"type": "image", "mime_type": "image/png", "uri": THERE})
        )
    )


def test_an_interaction_gets_bytes_and_keeps_what_it_says() -> None:
    """The type that the caller names, and everything that is no medium of these."""
    asked = {
        "input": [
            {"type": "video", "uri": HERE, "mime_type": "video/webm", "resolution": "low"},
            {"type": "video", "uri": THERE},
            {"type": "video", "data": "QQ=="},
            {"type": "function_result", "result": {"type": "image", "uri": HERE}},
            7,
        ]
    }
    moved = with_interaction_uses(asked, {HERE: Media(mime_type="video/mp4", data="AAAA")})

    assert moved["input"] == [
        {"type": "video", "mime_type": "video/webm", "resolution": "low", "data": "AAAA"},
        *asked["input"][1:],
    ]
    untyped = with_interaction_uses({"input": PICTURE}, {HERE: FileAtGoogle(uri=THERE)})
    assert untyped["input"] == {"type": "image", "uri": THERE}
    assert interaction_uses(asked) == {HERE: "input[0].uri", THERE: "input[1].uri"}
    assert interaction_uses({"agent": "a"}) == {}
