"""What Google's answer can mean: three things, told apart by their type."""

from translators.errors import UpstreamFailed
from translators.video.outcome import Failed, Pending, RemoteVideo, Succeeded


def test_a_video_shows_no_bytes() -> None:
    """A log line never holds a whole video."""
    assert "QUJD" not in repr(Succeeded(videos=(RemoteVideo(data="QUJD"),)))


def test_outcomes_are_different_things() -> None:
    """Equality is by value; a failure carries the error the caller gets."""
    error = UpstreamFailed("No.")

    assert Pending() == Pending()
    assert Failed(error).error is error
    assert RemoteVideo(uri="u") != RemoteVideo(data="u")
