"""predictLongRunning holds what was said and nothing else; whole bodies are in the golden pairs."""

from typing import Any

import pytest

from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.video.veo import PARAMETERS, to_veo
from translators.wire.call import Surface

PICTURE = VideoMedia(mime_type="image/png", data="QUJD")
INLINE = {"bytesBase64Encoded": "QUJD", "mimeType": "image/png"}
BUCKET = VideoMedia(mime_type="image/png", uri="gs://b/x.png")
CLIP = VideoMedia(mime_type="video/mp4", data="QUJD")


def instance_of(surface: Surface, **members: Any) -> dict[str, Any]:
    body = to_veo(VideoSpec(**{"prompt": "p", **members}), "veo", surface).body
    assert body is not None
    return dict(body["instances"][0])


@pytest.mark.parametrize("surface", Surface)
def test_nothing_said_is_nothing_sent(surface: Surface) -> None:
    """No default of ours reaches Google."""
    call = to_veo(VideoSpec(prompt="p"), "veo", surface)

    assert call.body == {"instances": [{"prompt": "p"}]}
    assert call.resource == "models/veo:predictLongRunning"


@pytest.mark.parametrize("member", ["generate_audio", "enhance_prompt"])
def test_false_is_said(member: str) -> None:
    """False is a value, not silence."""
    body = to_veo(VideoSpec(prompt="p", **{member: False}), "veo", Surface.VERTEX).body  # type: ignore[arg-type]

    assert body is not None
    assert body["parameters"] == {PARAMETERS[member]: False}


@pytest.mark.parametrize("surface", Surface)
def test_pictures(surface: Surface) -> None:
    """Bytes and buckets look the same on both surfaces, wherever a picture stands."""
    instance = instance_of(
        surface,
        image=PICTURE,
        last_frame=BUCKET,
        references=(Reference(media=PICTURE), Reference(media=PICTURE, style=True)),
    )

    assert instance == {
        "prompt": "p",
        "image": INLINE,
        "lastFrame": {"gcsUri": "gs://b/x.png", "mimeType": "image/png"},
        "referenceImages": [
            {"image": INLINE, "referenceType": "ASSET"},
            {"image": INLINE, "referenceType": "STYLE"},
        ],
    }


@pytest.mark.parametrize(
    ("surface", "medium", "video"),
    [
        (Surface.GEMINI, CLIP, {"encodedVideo": "QUJD", "encoding": "video/mp4"}),
        (Surface.GEMINI, VideoMedia(uri="https://g/files/1"), {"uri": "https://g/files/1"}),
        (Surface.VERTEX, CLIP, {"bytesBase64Encoded": "QUJD", "mimeType": "video/mp4"}),
        (
            Surface.VERTEX,
            VideoMedia(uri="gs://b/v.mp4", mime_type="video/mp4"),
            {"gcsUri": "gs://b/v.mp4", "mimeType": "video/mp4"},
        ),
    ],
)
def test_videos(surface: Surface, medium: VideoMedia, video: dict[str, str]) -> None:
    """The two surfaces have their own words for a video."""
    assert instance_of(surface, video=medium)["video"] == video


@pytest.mark.parametrize(("said", "wire"), [(None, "INSERT"), ("insert", "INSERT"), ("remove", "REMOVE")])
def test_masks(said: str | None, wire: str) -> None:
    """A mask without a mode inserts, as `VideoSpec.mode` has it."""
    instance = instance_of(Surface.VERTEX, video=CLIP, mask=PICTURE, mask_mode=said)

    assert instance["mask"] == {**INLINE, "maskMode": wire}


def test_labels_and_bucket() -> None:
    """Labels stand at the top, the bucket among the parameters; an empty prompt is left out."""
    call = to_veo(
        VideoSpec(prompt="", image=PICTURE, labels={"a": "b"}, resize_mode="crop"),
        "veo",
        Surface.VERTEX,
        storage_uri="gs://b/j",
    )

    assert call.body == {
        "instances": [{"image": INLINE}],
        "parameters": {"resizeMode": "CROP", "storageUri": "gs://b/j"},
        "labels": {"a": "b"},
    }
