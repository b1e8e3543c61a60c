"""An interaction that asks for a video, read back."""

from dataclasses import replace
from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.video_requests import PNG
from translators.errors import BadRequest
from translators.native.read_omni import TASK, read_omni
from translators.video.omni import to_omni
from translators.video.spec import INTERACTION_SCHEME, VideoMedia
from translators.wire.call import Surface

CASES = [case for case in golden_cases("video/requests") if "input" in case.values[0].google]
IMAGE = {"type": "image", "mime_type": "image/png", "data": PNG}
VIDEO = {"type": "video", "mime_type": "video/mp4", "uri": "https://example.com/a.mp4"}


@pytest.mark.parametrize("case", CASES)
def test_there_and_back(case: GoldenCase) -> None:
    """What was read is written as it came, for every body on file; an earlier interaction is found in between."""
    asked = read_omni(case.google)
    chained = VideoMedia(uri=f"{INTERACTION_SCHEME}{asked.previous}") if asked.previous else asked.spec.video
    spec = replace(asked.spec, video=chained)
    call = to_omni(spec, asked.model, Surface(case.more["surface"]), storage_uri=asked.spec.storage_uri)
    assert call.body == case.google
    assert asked.background


def body(content: Any = "a kite", task: str | None = None, **members: Any) -> dict[str, Any]:
    config = {"generation_config": {"video_config": {"task": task}}} if task else {}
    return {"model": "gemini-omni-1.2-flash", "input": content, **config, **members}


@pytest.mark.parametrize(
    "content",
    [
        "a kite",
        {"type": "text", "text": "a kite"},
        [{"type": "text", "text": "a kite"}],
        [{"type": "user_input", "content": "a kite"}],
        [{"type": "user_input", "content": [{"type": "text", "text": "a kite"}]}],
    ],
)
def test_every_form_of_input(content: Any) -> None:
    """A text, contents, or steps."""
    asked = read_omni(body(content))
    assert (asked.spec.prompt, asked.background, asked.by_uri) == ("a kite", False, False)


def test_a_picture_alone_is_the_first_frame() -> None:
    """There is only one task it can be for; `response_format` may be a list of one."""
    asked = read_omni(body([IMAGE], response_format=[{"type": "video", "duration": "6s", "delivery": "URI"}]))
    assert asked.spec.image is not None
    assert (asked.spec.duration, asked.by_uri) == (6, True)


def test_a_chained_edit() -> None:
    """The earlier interaction's video is what is edited."""
    asked = read_omni(body("at night", previous_interaction_id="video_1"))
    assert (asked.previous, asked.spec.editing) == ("video_1", True)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (3, ""),
        ({"input": "a kite"}, "model"),
        ({"model": "m"}, "input"),
        (body(temperature=1), "temperature"),
        (body(store=False), "store"),
        (body(stream="yes"), "stream"),
        (body(background="yes"), "background"),
        (body(task="upscale"), TASK),
        (body([IMAGE, IMAGE]), TASK),
        (body([VIDEO]), TASK),
        (body([IMAGE], task="text_to_video"), "input"),
        (body("x", task="image_to_video"), "input"),
        (body("x", task="reference_to_video"), "input"),
        (body("x", task="edit"), "input"),
        (body([VIDEO], task="text_to_video"), "input"),
        (body([VIDEO], task="edit", previous_interaction_id="video_1"), "input"),
        (body([{"type": "audio", "uri": "https://example.com/a"}]), "input[0].type"),
        (body([{"type": "image"}]), "input[0]"),
        (body([{"type": "image", "uri": "/etc/passwd"}]), "input[0].uri"),
        (body(response_format={"type": "image"}), "response_format.type"),
        (body(response_format={"duration": "long"}), "response_format.duration"),
        (body(response_format={"resolution": "8k"}), "response_format.resolution"),
        (body(response_format={"delivery": "mail"}), "response_format.delivery"),
        (body(generation_config={"seed": "x"}), "generation_config.seed"),
    ],
)
def test_what_cannot_be_read(asked: Any, field: str) -> None:
    """A 400 that names the field: nothing is dropped from a request that is paid for."""
    with pytest.raises(BadRequest) as refused:
        read_omni(asked)
    assert refused.value.param == field
