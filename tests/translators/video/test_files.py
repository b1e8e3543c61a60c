"""A finished video's file is asked for its state, and then downloaded from the one right address."""

from typing import Any

import pytest

from translators.video.files import FileState, describe_call, read_file
from translators.wire.call import GoogleCall

FILE = "https://generativelanguage.googleapis.com/v1beta/files/abc-1"


@pytest.mark.parametrize("uri", [FILE, f"{FILE}?alt=media", "http://127.0.0.1:9/files/abc-1"])
def test_a_file_is_asked_for(uri: str) -> None:
    """A file's address leads to the call that describes it."""
    assert describe_call(uri) == GoogleCall(resource="files/abc-1", method="GET")


@pytest.mark.parametrize("uri", [f"{FILE}:download?alt=media", "gs://b/v.mp4", "https://example.com/v.mp4"])
def test_a_download_is_not(uri: str) -> None:
    """An address that already is the download needs no description."""
    assert describe_call(uri) is None


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({}, FileState.ACTIVE),
        ({"state": "ACTIVE"}, FileState.ACTIVE),
        ({"state": "PROCESSING"}, FileState.PROCESSING),
        ({"state": "FAILED"}, FileState.FAILED),
        ({"state": "STATE_UNSPECIFIED"}, FileState.PROCESSING),
    ],
)
def test_states(answer: dict[str, Any], state: FileState) -> None:
    """A file without a state is ready; with one that nobody knows it is not yet."""
    assert read_file(answer, FILE).state is state


@pytest.mark.parametrize(
    ("answer", "uri", "download"),
    [
        ({"downloadUri": "https://g/d"}, FILE, "https://g/d"),
        ({}, FILE, f"{FILE}:download?alt=media"),
        ({}, f"{FILE}?alt=media", f"{FILE}:download?alt=media"),
    ],
)
def test_downloads(answer: dict[str, Any], uri: str, download: str) -> None:
    """Google's own download address wins; else it is the file's, without the query it came with."""
    assert read_file(answer, uri).download == download


@pytest.mark.parametrize(("error", "kept"), [({"code": 13}, {"code": 13}), ("boom", None), (None, None)])
def test_errors(error: Any, kept: Any) -> None:
    """The error of a failed file is kept if it is one."""
    assert read_file({"state": "FAILED", "error": error}, FILE).error == kept
