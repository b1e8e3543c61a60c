"""What is to be done with a video: said, asked by the address, or left to what came along."""

from typing import Any

import pytest

from translators.catalog import Mode
from translators.errors import BadRequest
from translators.video.reader import Reader
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.video.task import Task, read_task, settled

PICTURE = VideoMedia(mime_type="image/png", data="QUJD")
CLIP = VideoMedia(mime_type="video/mp4", data="QUJD")


def reader_of(**members: Any) -> Reader:
    reader = Reader()
    for member, value in members.items():
        reader.put(member, value, f"video_config.{member}")
    return reader


def spec_of(reader: Reader, by_address: Task | None = None) -> VideoSpec:
    return settled(reader, "a fox", by_address=by_address)[0]


@pytest.mark.parametrize(
    ("word", "task"),
    [("edit", Task.EDIT), ("EXTEND", Task.EXTEND), ("extension", Task.EXTEND), ("imageToVideo", Task.IMAGE),
     ("reference_to_video", Task.REFERENCE), ("text-to-video", Task.TEXT)],
)  # fmt: skip
def test_words(word: str, task: Task) -> None:
    """Those of the Interactions API, of Vertex AI, and short ones."""
    assert read_task(word, "task") is task


def test_a_word_that_is_none() -> None:
    """The answer names those that are."""
    with pytest.raises(BadRequest, match=r"allowed are text_to_video, .* extend") as caught:
        read_task("upscale", "video_config.task")
    assert caught.value.param == "video_config.task"


@pytest.mark.parametrize(
    ("members", "mode"),
    [
        ({}, Mode.TEXT),
        ({"task": Task.TEXT}, Mode.TEXT),
        ({"task": Task.IMAGE, "image": PICTURE}, Mode.IMAGE),
        ({"task": Task.IMAGE, "image": PICTURE, "last_frame": PICTURE}, Mode.FIRST_LAST),
        ({"task": Task.REFERENCE, "references": (Reference(media=PICTURE),)}, Mode.REFERENCE_ASSET),
        ({"video": CLIP}, Mode.EXTENSION),
        ({"task": Task.EXTEND, "video": CLIP}, Mode.EXTENSION),
        ({"task": Task.EDIT, "video": CLIP}, Mode.EDIT),
        ({"task": Task.EDIT, "video": CLIP, "mask": PICTURE}, Mode.INSERT),
    ],
)
def test_a_task_that_fits(members: dict[str, Any], mode: Mode) -> None:
    """A video alone is continued; to change it has to be said."""
    assert spec_of(reader_of(**members)).mode is mode


def test_a_task_changes_no_other_request() -> None:
    """Who says what is so anyway asks for the same video."""
    said, unsaid = reader_of(video=CLIP, mask=PICTURE, task=Task.EDIT), reader_of(video=CLIP, mask=PICTURE)
    assert spec_of(said).fingerprint("m") == spec_of(unsaid).fingerprint("m")


@pytest.mark.parametrize(
    ("members", "needs"),
    [
        ({"task": Task.TEXT, "image": PICTURE}, "no picture and no video"),
        ({"task": Task.IMAGE}, "`image`"),
        ({"task": Task.REFERENCE, "image": PICTURE}, "`reference_images`"),
        ({"task": Task.EDIT}, "`video`"),
        ({"task": Task.EXTEND, "video": CLIP, "mask": PICTURE}, "without a mask"),
    ],
)
def test_a_task_that_does_not_fit(members: dict[str, Any], needs: str) -> None:
    """The answer says what it goes with, and what was asked for instead."""
    with pytest.raises(BadRequest) as caught:
        spec_of(reader_of(**members))
    assert caught.value.param == "video_config.task"
    assert needs in caught.value.message


def test_the_address_asks() -> None:
    """An edit is one without a word, and no word says otherwise."""
    assert spec_of(reader_of(video=CLIP), Task.EDIT).mode is Mode.EDIT
    assert spec_of(reader_of(video=CLIP, task=Task.EDIT), Task.EDIT).mode is Mode.EDIT
    with pytest.raises(BadRequest, match="this address is for edit"):
        spec_of(reader_of(video=CLIP, task=Task.EXTEND), Task.EDIT)


@pytest.mark.parametrize(
    ("follows", "task", "editing", "is_open"),
    [("interaction", None, True, False), ("interaction", Task.EXTEND, False, False), ("job", None, False, True),
     ("job", Task.EDIT, True, False)],
)  # fmt: skip
def test_what_came_before(follows: str, task: Task | None, editing: bool, is_open: bool) -> None:
    """An interaction is edited; whether a job is, its model decides; a word decides both."""
    reader = reader_of(video=CLIP, task=task)
    reader.follows_interaction, reader.follows_job = follows == "interaction", follows == "job"
    spec, left_open = settled(reader, "a fox")
    assert (spec.editing, left_open) == (editing, is_open)
