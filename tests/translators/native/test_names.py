"""The names of jobs' files."""

import re

import pytest

from translators.native.names import file_id, file_in, read_file_id

JOB = f"video_{'0123456789abcdef' * 2}"


@pytest.mark.parametrize("index", [0, 3, 12])
def test_there_and_back(index: int) -> None:
    """A file's id tells its job, in letters that google-genai does not cut off."""
    name = file_id(JOB, index)
    assert re.fullmatch("[a-z0-9]+", name)
    assert read_file_id(name) == (JOB, index)


@pytest.mark.parametrize("text", ["", "abc", "0" * 32, "0" * 35, "g" * 33, f"{'0' * 32}\u0663"])
def test_no_name_of_ours(text: str) -> None:
    """Anything else is nobody's."""
    assert read_file_id(text) is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("files/abc1", "abc1"),
        ("https://host/v1beta/files/abc1", "abc1"),
        ("https://host/v1beta/files/abc1:download?alt=media", "abc1"),
        ("files/http://host/v1beta/files/abc1:download", "abc1"),
        ("https://host/abc1", None),
        ("files/a_b", None),
        ("files/abc:upload", None),
    ],
)
def test_the_id_in_an_address(address: str, found: str | None) -> None:
    """At the end, whatever stands before it."""
    assert file_in(address) == found
