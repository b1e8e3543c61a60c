"""Everything that can be known to be wrong is refused before it costs money, by the name the caller used."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.translators.video.test_spec import specs
from tests.video_requests import PNG, target_of
from translators.catalog import Audio, Mode
from translators.errors import BadRequest
from translators.resolve import Target
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.video.validate import validate
from translators.wire.call import Surface

VEO, PREVIEW, LITE = "veo-3.1-generate-001", "veo-3.1-generate-preview", "veo-3.1-lite-generate-001"
VEO_2, OMNI, OMNI_1_1 = "veo-2.0-generate-001", "gemini-omni-1.2-flash", "gemini-omni-1.1-flash"
GEMINI, VERTEX = Surface.GEMINI, Surface.VERTEX
PICTURE = VideoMedia(mime_type="image/png", data=PNG)
CLIP = VideoMedia(mime_type="video/mp4", data="QUJD")
FILE = VideoMedia(uri="https://generativelanguage.googleapis.com/v1beta/files/a:download?alt=media")
ASSET, STYLE = Reference(media=PICTURE), Reference(media=PICTURE, style=True)


def spec_of(**members: Any) -> VideoSpec:
    return VideoSpec(**{"prompt": "A red fox", **members})


FINE: list[tuple[str, Surface, dict[str, Any]]] = [
    (VEO, VERTEX, {}),
    (VEO, VERTEX, {"prompt": "", "image": PICTURE}),
    (VEO, VERTEX, {"prompt": "", "video": CLIP}),
    (VEO, VERTEX, {"duration": 4, "resolution": "1080p"}),
    (VEO, VERTEX, {"duration": 4, "resolution": "4k", "samples": 4, "generate_audio": False, "seed": 0, "fps": 24}),
    (VEO, VERTEX, {"image": VideoMedia(uri="gs://b/x.png", mime_type="image/png"), "storage_uri": "gs://b"}),
    (VEO, VERTEX, {"image": VideoMedia(uri="https://example.com/x")}),
    (VEO, VERTEX, {"video": CLIP, "duration": 7, "resolution": "1080p"}),
    (VEO, VERTEX, {"references": (ASSET,) * 3, "duration": 8}),
    (VEO, VERTEX, {"labels": {"a": "b"}, "resize_mode": "pad", "compression_quality": "lossless"}),
    (VEO_2, VERTEX, {"references": (STYLE,), "duration": 8}),
    (VEO_2, VERTEX, {"video": CLIP, "mask": PICTURE, "mask_mode": "remove"}),
    (VEO_2, VERTEX, {"generate_audio": False, "duration": 5}),
    (PREVIEW, GEMINI, {"duration": 8, "resolution": "4k", "samples": 1, "generate_audio": True}),
    (PREVIEW, GEMINI, {"duration": 4, "resolution": "720p", "person_generation": "dont_allow"}),
    (PREVIEW, GEMINI, {"video": FILE, "duration": 8, "resolution": "720p"}),
    (OMNI, GEMINI, {"duration": 15, "resolution": "360p", "seed": 2**32 - 1, "labels": {"a": "b"}}),
    (OMNI, GEMINI, {"image": VideoMedia(mime_type="image/webp", data=PNG), "person_generation": "allow_all"}),
    (OMNI, GEMINI, {"video": FILE, "duration": 3}),
    (OMNI, VERTEX, {"references": (ASSET,) * 6, "storage_uri": "gs://b/o"}),
]
REFUSED: list[tuple[str, Surface, dict[str, Any], str, str]] = [
    (VEO, VERTEX, {"prompt": " \n"}, "prompt", "empty"),
    (VEO, VERTEX, {"prompt": "", "references": (ASSET,)}, "prompt", "empty"),
    (VEO, VERTEX, {"prompt": "x" * 32_001}, "prompt", "32000"),
    (VEO, VERTEX, {"mask_mode": "insert"}, "mask_mode", "needs mask"),
    (VEO_2, VERTEX, {"mask": PICTURE}, "mask", "needs video"),
    (VEO, VERTEX, {"last_frame": PICTURE}, "last_frame", "needs image"),
    (VEO, VERTEX, {"references": (ASSET,), "image": PICTURE}, "reference_images", "combined"),
    (VEO, VERTEX, {"references": (ASSET,), "video": CLIP}, "reference_images", "combined"),
    (VEO_2, VERTEX, {"references": (ASSET, STYLE)}, "reference_images", "mixes"),
    (VEO_2, VERTEX, {"references": (STYLE, STYLE)}, "reference_images", "at most 1"),
    (VEO, VERTEX, {"references": (ASSET,) * 4}, "reference_images", "at most 3"),
    (VEO, VERTEX, {"video": CLIP, "image": PICTURE}, "video", "combined"),
    (VEO, VERTEX, {"references": (STYLE,)}, "reference_images", "reference_style"),
    (VEO, VERTEX, {"video": CLIP, "mask": PICTURE}, "mask", "insert"),
    (LITE, VERTEX, {"references": (ASSET,)}, "reference_images", "It can do: extension, first_last, image, text"),
    (LITE, GEMINI, {"video": CLIP}, "video", "gemini"),
    (OMNI, VERTEX, {"video": CLIP, "mask": PICTURE, "mask_mode": "remove"}, "mask", "remove"),
    (VEO, VERTEX, {"resolution": "360p"}, "resolution", "720p, 1080p, 4k"),
    (LITE, VERTEX, {"resolution": "4k"}, "resolution", "720p, 1080p"),
    (PREVIEW, GEMINI, {"video": FILE, "resolution": "1080p"}, "resolution", "720p only"),
    (VEO, VERTEX, {"duration": 0}, "duration", "4, 6, 8 seconds"),
    (VEO, VERTEX, {"duration": 5}, "duration", "4, 6, 8 seconds"),
    (OMNI_1_1, GEMINI, {"duration": 11}, "duration", "3, 4, 5, 6, 7, 8, 9, 10 seconds"),
    (PREVIEW, GEMINI, {"duration": 4, "resolution": "1080p"}, "duration", "8 seconds at 1080p"),
    (PREVIEW, GEMINI, {"duration": 6, "resolution": "4k"}, "duration", "another resolution"),
    (PREVIEW, GEMINI, {"duration": 4, "references": (ASSET,)}, "duration", "8 seconds for reference_asset"),
    (VEO, VERTEX, {"duration": 4, "references": (ASSET,)}, "duration", "8 seconds for reference_asset"),
    (VEO_2, VERTEX, {"duration": 5, "references": (STYLE,)}, "duration", "8 seconds for reference_style"),
    (VEO, VERTEX, {"duration": 4, "video": CLIP}, "duration", "7, 8 seconds"),
    (OMNI, GEMINI, {"duration": 11, "video": FILE}, "duration", "10 seconds"),
    (VEO, VERTEX, {"aspect_ratio": "1:1"}, "aspect_ratio", "16:9, 9:16"),
    (VEO, VERTEX, {"samples": 5}, "samples", "1 to 4 videos"),
    (VEO, VERTEX, {"samples": 0}, "samples", "1 to 4 videos"),
    (VEO, VERTEX, {"samples": -1}, "samples", "1 to 4 videos"),
    (PREVIEW, GEMINI, {"samples": 2}, "samples", "1 video a request on gemini"),
    (OMNI, VERTEX, {"samples": 2}, "samples", "1 video a request"),
    (VEO, VERTEX, {"seed": -1}, "seed", "4294967295"),
    (VEO, VERTEX, {"seed": 2**32}, "seed", "4294967295"),
    (PREVIEW, GEMINI, {"seed": 1}, "seed", "gemini-omni-1.2-flash"),
    (OMNI_1_1, GEMINI, {"seed": 1}, "seed", "Leave it out"),
    (PREVIEW, GEMINI, {"generate_audio": False}, "generate_audio", "always makes sound"),
    (OMNI, GEMINI, {"generate_audio": False}, "generate_audio", "always makes sound"),
    (VEO_2, VERTEX, {"generate_audio": True}, "generate_audio", "makes no sound"),
    (OMNI, GEMINI, {"person_generation": "dont_allow"}, "person_generation", "no such switch"),
    (VEO, VERTEX, {"person_generation": "allow_some"}, "person_generation", "allow_adult"),
    *[
        (PREVIEW, GEMINI, {name: value}, name, "cannot be set")
        for name, value in {
            "fps": 24,
            "resize_mode": "pad",
            "compression_quality": "lossless",
            "labels": {"a": "b"},
        }.items()
    ],
    (VEO, VERTEX, {"image": VideoMedia(mime_type="image/webp", data=PNG)}, "image", "image/png, image/jpeg"),
    (VEO, VERTEX, {"image": CLIP}, "image", "video/mp4"),
    (VEO, VERTEX, {"image": VideoMedia(uri="job:video_1")}, "image", "send it as `video`"),
    (VEO, VERTEX, {"video": PICTURE}, "video", "allowed are video/mp4"),
    (VEO, VERTEX, {"video": VideoMedia(mime_type="video/quicktime", data="QUJD")}, "video", "video/quicktime"),
    (VEO, VERTEX, {"image": VideoMedia(uri="gs://b/x.mp4", mime_type="video/mp4")}, "image", "video/mp4"),
    (VEO, VERTEX, {"image": VideoMedia(uri="gs://b/x")}, "image", "must end in"),
    (VEO, VERTEX, {"image": VideoMedia(mime_type="image/png", data="A" * 28_000_000)}, "image", "20 MB"),
    (PREVIEW, GEMINI, {"image": VideoMedia(uri="gs://b/x.png", mime_type="image/png")}, "image", "only Vertex AI"),
    (VEO, VERTEX, {"video": FILE}, "video", "file of the Gemini API"),
    (PREVIEW, GEMINI, {"image": FILE}, "image", "file of the Gemini API"),
    (PREVIEW, GEMINI, {"storage_uri": "gs://b"}, "storage_uri", "only Vertex AI"),
    (VEO, VERTEX, {"storage_uri": ""}, "storage_uri", "gs:// URI"),
    (VEO, VERTEX, {"storage_uri": "s3://b"}, "storage_uri", "gs:// URI"),
]


@pytest.mark.parametrize(("model", "surface", "members"), FINE)
def test_what_the_model_can_do_passes(model: str, surface: Surface, members: dict[str, Any]) -> None:
    """Nothing that Google's documents allow is refused."""
    validate(spec_of(**members), target_of(model, surface))


@pytest.mark.parametrize(("model", "surface", "members", "member", "says"), REFUSED)
def test_what_it_cannot_do_is_refused(
    model: str, surface: Surface, members: dict[str, Any], member: str, says: str
) -> None:
    """The sentence begins with the caller's own field and says what is allowed, or the way out."""
    with pytest.raises(BadRequest) as caught:
        validate(spec_of(**members, named={member: "the_field_they_wrote"}), target_of(model, surface))

    assert caught.value.param == "the_field_they_wrote" or caught.value.param == f"{member}[0]"
    assert caught.value.message.startswith(str(caught.value.param))
    assert says in caught.value.message


def limited(model: str, **limits: Any) -> Target:
    """A target whose model has other limits than the shipped ones."""
    target = target_of(model, VERTEX)
    service = target.model.served[VERTEX]
    changed = replace(service, video=replace(target.video, **limits))
    return replace(target, model=replace(target.model, served={VERTEX: changed}))


def test_a_model_without_text_to_video() -> None:
    """A mode that the media ask for is named by its field; plain text by the prompt."""
    with pytest.raises(BadRequest) as caught:
        validate(spec_of(), limited(VEO, modes=frozenset({Mode.IMAGE})))

    assert caught.value.param == "video_config.prompt"


def test_limits_without_exceptions() -> None:
    """A model with no full-length rule and no extension rule is held to its durations alone."""
    target = limited(VEO, full_length=None, extension=None)

    validate(spec_of(video=CLIP, duration=4), target)
    with pytest.raises(BadRequest, match="4, 6, 8 seconds"):
        validate(spec_of(video=CLIP, duration=7), target)


def test_silence_on_a_silent_model_is_fine() -> None:
    """What the model does anyway may be asked for."""
    validate(spec_of(generate_audio=False), limited(VEO, audio=Audio.NONE))


@given(specs)
def test_any_request_passes_or_is_refused(spec: VideoSpec) -> None:
    """Validation has an answer to everything, for each family."""
    for target in (target_of(VEO, VERTEX), target_of(PREVIEW, GEMINI), target_of(OMNI, GEMINI)):
        try:
            validate(spec, target)
        except BadRequest as error:
            named = error.param
        else:
            named = "nothing to name"
        assert named


UPLOAD = VideoMedia(mime_type="image/png", uri="http://relay/v1beta/files/a", credential="mine")


def test_an_upload_is_read_by_its_own_credential() -> None:
    """As a picture too; by Omni alone, since Veo takes bytes."""
    own = replace(target_of(OMNI, GEMINI), credential_id="mine")
    validate(spec_of(image=UPLOAD), own)
    validate(spec_of(video=replace(UPLOAD, mime_type="video/mp4"), editing=True), own)
    for target, words in (
        (replace(own, credential_id="another"), "no other credential can read it"),
        (replace(target_of(PREVIEW, GEMINI), credential_id="mine"), "takes none"),
        (replace(target_of(VEO, VERTEX), credential_id="mine"), "takes none"),
    ):
        with pytest.raises(BadRequest, match=words) as refused:
            validate(spec_of(image=UPLOAD), target)
        assert refused.value.param == "video_config.image"
