"""Neighbouring protocols' words for pictures and sources, below `video_config` and at the top."""

from typing import Any

import pytest

from tests.video_requests import PNG, PNG_URI
from translators.errors import BadRequest
from translators.video.neighbours import read_neighbours
from translators.video.reader import Reader
from translators.video.spec import Reference, VideoMedia
from translators.wire.video import VideoConfig

URL = "https://example.com/a.png"
MP4 = "data:video/mp4;base64,AAAAGGZ0eXBpc29tAAAAAGlzb20="
INLINE, REMOTE = VideoMedia(mime_type="image/png", data=PNG), VideoMedia(uri=URL)
JOB = VideoMedia(uri="job:video_1")


def read(where: str = "video_config", **config: Any) -> Reader:
    reader = Reader()
    read_neighbours(VideoConfig.model_validate(config), reader, where)
    return reader


def link(url: str, **extra: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}, **extra}


@pytest.mark.parametrize(
    ("config", "members"),
    [
        ({}, {}),
        ({"input_reference": PNG_URI}, {"image": INLINE}),
        ({"input_reference": {"image_url": URL}}, {"image": REMOTE}),
        ({"frame_images": [link(PNG_URI), link(URL, frame_type="LAST_FRAME")]},
         {"image": INLINE, "last_frame": REMOTE}),
        ({"frame_images": [link(PNG_URI), link(URL)]}, {"image": INLINE, "last_frame": REMOTE}),
        ({"frame_images": [link(PNG_URI), link(URL, frame_type="first_frame")]},
         {"image": REMOTE, "last_frame": INLINE}),
        ({"input_references": [link(URL), {"image_url": PNG_URI}]},
         {"references": (Reference(media=REMOTE), Reference(media=INLINE))}),
        ({"input_references": [{"type": "video_url", "video_url": {"url": URL}}]}, {"video": REMOTE}),
        ({"input_references": [{"type": "video_url", "video_url": "video_1"}]}, {"video": JOB}),
        ({"previous_job_id": "video_1"}, {"video": JOB}),
        ({"previous_interaction_id": "video_1"}, {"video": JOB}),
        ({"previous_job_id": ""}, {}),
    ],
)  # fmt: skip
def test_members(config: dict[str, Any], members: dict[str, Any]) -> None:
    """The same wherever it stands."""
    assert read(**config).members == read(where="", **config).members == members


def test_names() -> None:
    """As the caller wrote them."""
    reader = read(frame_images=[link(URL)])
    assert reader.named == {"image": "video_config.frame_images[0].image_url"}
    assert read(where="", input_references=[link(URL)]).named["reference_images"] == "input_references"


def test_what_follows_what() -> None:
    """An interaction is to be changed; what is to become of a job is left open."""
    assert read(previous_job_id="video_1").follows_job
    assert read(previous_interaction_id="video_1").follows_interaction
    assert not read(previous_interaction_id="video_1").follows_job


def test_frames_win_over_references() -> None:
    """As OpenRouter says; and the caller is told."""
    reader = read(where="", frame_images=[link(URL)], input_references=[link(PNG_URI)])
    assert reader.members == {"image": REMOTE}
    assert reader.warnings == ["input_references had no effect, because frame_images were sent too."]


@pytest.mark.parametrize(
    ("config", "param", "says"),
    [
        ({"input_reference": {"file_id": "file-1"}}, "input_reference.file_id", "keeps none"),
        ({"input_reference": MP4}, "input_reference", "send a picture"),
        ({"input_reference": "video_1"}, "input_reference", "Send that id as `video`"),
        ({"frame_images": [link(URL, frame_type="middle")]}, "frame_images[0].frame_type", "first_frame, last_frame"),
        ({"frame_images": [{}]}, "frame_images[0].image_url", "data URI or a URL"),
        ({"input_references": [{"type": "audio_url"}]}, "input_references[0].type", "image_url, video_url"),
        ({"previous_interaction_id": "v1_abc"}, "previous_interaction_id", "Google's own ids are not known here"),
        ({"previous_job_id": "video_1#x"}, "previous_job_id", "GET /v1/videos"),
    ],
)
def test_what_is_refused(config: dict[str, Any], param: str, says: str) -> None:
    """By its name, with the way out."""
    with pytest.raises(BadRequest) as caught:
        read(**config)
    assert caught.value.param == f"video_config.{param}"
    assert says in caught.value.message
