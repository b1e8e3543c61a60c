"""What a view of a job can say."""

import dataclasses

import pytest

from translators.video import openrouter, video_object
from translators.video.job_view import JobStatus

from .views import WAITING


def test_both_forms_have_a_word_for_every_status() -> None:
    """A new one must be given a word in each."""
    assert set(video_object.STATUSES) == set(openrouter.STATUSES) == set(JobStatus)


def test_a_view_is_a_snapshot() -> None:
    """Nobody changes it on the way out."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        WAITING.progress = 100  # type: ignore[misc]
