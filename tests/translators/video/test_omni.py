"""An interaction is stored, in the background, and holds what was said; whole bodies are in the golden pairs."""

from typing import Any

import pytest

from translators.video.omni import to_omni
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.wire.call import Surface

PICTURE = VideoMedia(mime_type="image/png", data="QUJD")
IMAGE = {"type": "image", "mime_type": "image/png", "data": "QUJD"}


def body_of(surface: Surface = Surface.GEMINI, storage_uri: str | None = None, **members: Any) -> dict[str, Any]:
    call = to_omni(VideoSpec(**{"prompt": "p", **members}), "omni", surface, storage_uri=storage_uri)
    assert call.resource == "interactions"
    assert call.body is not None
    return call.body


def test_nothing_said_is_nothing_sent() -> None:
    """Beside what makes the job recoverable, no default of ours reaches Google."""
    assert body_of() == {
        "model": "omni",
        "background": True,
        "store": True,
        "input": [{"type": "user_input", "content": [{"type": "text", "text": "p"}]}],
        "generation_config": {"video_config": {"task": "text_to_video"}},
        "response_format": {"type": "video", "delivery": "uri"},
    }


def test_everything_said_is_sent() -> None:
    """Seed, labels and the three facts of the picture each have their place."""
    body = body_of(seed=0, labels={"a": "b"}, duration=5, aspect_ratio="9:16", resolution="4k")

    assert body["generation_config"] == {"video_config": {"task": "text_to_video"}, "seed": 0}
    assert body["labels"] == {"a": "b"}
    assert body["response_format"] == {
        "type": "video", "aspect_ratio": "9:16", "duration": "5s", "resolution": "4k", "delivery": "uri"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("surface", "storage_uri", "delivery"),
    [
        (Surface.GEMINI, None, {"delivery": "uri"}),
        (Surface.VERTEX, None, {"delivery": "inline"}),
        (Surface.VERTEX, "gs://b/j", {"delivery": "uri", "gcs_uri": "gs://b/j"}),
    ],
)
def test_delivery(surface: Surface, storage_uri: str | None, delivery: dict[str, str]) -> None:
    """On Vertex a `uri` needs a bucket; without one the video comes inline."""
    assert body_of(surface, storage_uri)["response_format"] == {"type": "video", **delivery}


@pytest.mark.parametrize(
    ("members", "task", "content"),
    [
        ({"image": PICTURE}, "image_to_video", [IMAGE, {"type": "text", "text": "p"}]),
        ({"image": PICTURE, "prompt": ""}, "image_to_video", [IMAGE]),
        (
            {"image": PICTURE, "last_frame": PICTURE},
            "image_to_video",
            [IMAGE, IMAGE, {"type": "text", "text": "<FIRST_FRAME> <LAST_FRAME> p"}],
        ),
        (
            {"image": PICTURE, "last_frame": PICTURE, "prompt": ""},
            "image_to_video",
            [IMAGE, IMAGE, {"type": "text", "text": "<FIRST_FRAME> <LAST_FRAME>"}],
        ),
        ({"references": (Reference(media=PICTURE),)}, "reference_to_video", [IMAGE, {"type": "text", "text": "p"}]),
        (
            {"video": VideoMedia(uri="https://g/files/1")},
            "extend",
            [{"type": "video", "uri": "https://g/files/1"}, {"type": "text", "text": "p"}],
        ),
    ],
)
def test_tasks(members: dict[str, Any], task: str, content: list[Any]) -> None:
    """The mode decides the task; media come before the words."""
    body = body_of(**members)

    assert body["generation_config"]["video_config"] == {"task": task}
    assert body["input"] == [{"type": "user_input", "content": content}]


@pytest.mark.parametrize("surface", Surface)
def test_an_edit_of_what_an_interaction_made(surface: Surface) -> None:
    """It is named by that interaction; no video goes along."""
    body = body_of(surface, video=VideoMedia(uri="interaction:v1_a", mime_type="video/mp4"), editing=True)

    assert body["previous_interaction_id"] == "v1_a"
    assert body["generation_config"]["video_config"] == {"task": "edit"}
    assert body["input"] == [{"type": "user_input", "content": [{"type": "text", "text": "p"}]}]
