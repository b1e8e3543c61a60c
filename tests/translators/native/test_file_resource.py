"""The File of the Files API, as it is shown and as it is read."""

from datetime import UTC, datetime

import pytest

from translators.errors import BadRequest
from translators.native.file_resource import expires_at, read_description, shown_file, wanted_id, without_name

GOOGLE = {"name": "files/g", "uri": "https://google/v1beta/files/g", "state": "ACTIVE", "mimeType": "image/png"}


def test_google_s_name_and_address_are_not_shown() -> None:
    """The rest is Google's; a downloadable file is downloaded here."""
    address = "http://proxy/v1beta/files/mine"
    shown = shown_file(GOOGLE, file_id="mine", address=address)
    assert shown == {**GOOGLE, "name": "files/mine", "uri": address}
    with_bytes = shown_file({**GOOGLE, "downloadUri": "https://google/x"}, file_id="mine", address=address)
    assert with_bytes["downloadUri"] == f"{address}:download?alt=media"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [({}, None), ({"name": ""}, None), ({"name": "files/a-1"}, "a-1"), ({"name": "logo"}, "logo")],
)
def test_a_wanted_name(said: dict[str, str], wanted: str | None) -> None:
    """With or without its prefix."""
    assert wanted_id(said) == wanted


@pytest.mark.parametrize("name", ["files/-a", "files/A", "a" * 41, "../x", 7, "0" * 33])
def test_what_is_no_name(name: object) -> None:
    """What Google refuses, and what would read as a job's video."""
    with pytest.raises(BadRequest) as refused:
        wanted_id({"name": name})
    assert refused.value.param == "file.name"


def test_descriptions() -> None:
    """The `file` of a body; without its name for Google."""
    assert read_description(None) == read_description({}) == {}
    described = read_description({"file": {"name": "files/a", "displayName": "A"}})
    assert without_name(described) == {"file": {"displayName": "A"}}
    for body in ([], {"file": 7}):
        with pytest.raises(BadRequest):
            read_description(body)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("2026-11-23T10:00:00.123456Z", datetime(2026, 11, 23, 10, 0, 0, 123456, UTC)),
        ("2026-11-23T10:00:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_the_end(said: str | None, end: datetime | None) -> None:
    """As Google writes times; anything else is not known."""
    assert expires_at({"expirationTime": said}) == end
