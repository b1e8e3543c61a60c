"""Files that a native body names, found and moved."""

from typing import Any

from translators.native.file_uses import file_uses, with_file_uses

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
    assert file_uses(asked) == [
        ("contents[0].parts[0].fileData.fileUri", HERE),
        ("contents[0].parts[1].file_data.file_uri", "x"),
    ]


def test_an_address_is_replaced_and_the_type_stays() -> None:
    """The known type fills in where the caller names none; other addresses stay."""
    moved = with_file_uses(
        body(
            {"fileData": {"fileUri": HERE}, "videoMetadata": {"fps": 1}},
            {"fileData": {"fileUri": HERE, "mimeType": "image/webp"}},
            {"fileData": {"fileUri": "gs://x"}},
            {"fileData": {"fileUri": 7}},
        ),
        {HERE: (THERE, "image/png")},
    )
    assert moved["contents"][0]["parts"] == [
        {"fileData": {"fileUri": THERE, "mimeType": "image/png"}, "videoMetadata": {"fps": 1}},
        {"fileData": {"fileUri": THERE, "mimeType": "image/webp"}},
        {"fileData": {"fileUri": "gs://x"}},
        {"fileData": {"fileUri": 7}},
    ]
    untyped = with_file_uses(body({"file_data": {"file_uri": HERE}}), {HERE: (THERE, None)})
    assert untyped["contents"][0]["parts"] == [{"file_data": {"file_uri": THERE}}]


def test_nothing_to_move() -> None:
    """The very same body."""
    asked = body({"fileData": {"fileUri": HERE}})
    assert with_file_uses(asked, {}) is asked
