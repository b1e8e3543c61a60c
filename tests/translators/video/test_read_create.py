"""Every form of asking for a video by the Videos API is read into the same request, or refused by name."""

from typing import Any

import pytest

from translators.catalog import Mode
from translators.errors import BadRequest
from translators.video.read_create import Action, AskedCreate, parse_create, read_create
from translators.video.spec import JOB_SCHEME, VideoMedia

PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"
MP4 = "data:video/mp4;base64,AAAAGGZ0eXBpc29tAAAAAGlzb20="
URL = "https://example.com/a.png"


def asked(action: Action = Action.CREATE, *, source: str | None = None, **body: Any) -> AskedCreate:
    """A request, read."""
    return read_create(parse_create({"prompt": "a kite", **body}), action=action, source=source)


def refusal(action: Action = Action.CREATE, **body: Any) -> BadRequest:
    """Why a request is refused."""
    with pytest.raises(BadRequest) as caught:
        asked(action, **body)
    return caught.value


def test_openais_fields() -> None:
    """`seconds` and `size` become what Google calls duration, ratio and resolution."""
    read = asked(model="veo", seconds="4", size="720x1280", user="u", metadata={"a": "b"})
    assert read.model == "veo"
    assert (read.spec.prompt, read.spec.duration) == ("a kite", 4)
    assert (read.spec.aspect_ratio, read.spec.resolution) == ("9:16", "720p")
    assert read.spec.field("duration") == "seconds"
    assert read.spec.field("prompt") == "prompt"
    assert read.warnings == ()


@pytest.mark.parametrize("seconds", ["4", 4, "4s", 4.0])
def test_seconds_in_every_spelling(seconds: Any) -> None:
    """SDKs send text, people numbers."""
    assert asked(seconds=seconds).spec.duration == 4


def test_a_size_that_google_cannot_make_is_told() -> None:
    """n8n's list is OpenAI's: the nearest size is made, and the caller hears of it."""
    read = asked(size="1024x1792")
    assert (read.spec.aspect_ratio, read.spec.resolution) == ("9:16", "720p")
    assert read.warnings == ("size 1024x1792 cannot be made by Google's models; 720x1280 was used instead.",)


@pytest.mark.parametrize("reference", [PNG, {"image_url": PNG}, {"image_url": {"url": PNG}}])
def test_an_input_reference_is_the_first_frame(reference: Any) -> None:
    """As text, as OpenAI's object, as a chat's object."""
    spec = asked(input_reference=reference).spec
    assert spec.image == VideoMedia(mime_type="image/png", data=PNG.partition(",")[2])
    assert spec.field("image") == "input_reference"


def test_an_input_reference_by_address() -> None:
    """It is fetched later."""
    assert asked(input_reference=URL).spec.image == VideoMedia(uri=URL)


@pytest.mark.parametrize(
    ("body", "param", "says"),
    [
        ({"input_reference": {"file_id": "file-1"}}, "input_reference.file_id", "keeps none"),
        ({"input_reference": MP4}, "input_reference", "/v1/videos/edits"),
        ({"input_reference": "nonsense"}, "input_reference", "data URI"),
        ({"secnds": "4"}, "secnds", "Did you mean seconds"),
        ({"zzzzqqq": 1}, "zzzzqqq", "Known: "),
        ({"seconds": "4.5"}, "seconds", "seconds must be a whole number"),
        ({"size": "10x10"}, "size", "cannot be made"),
        ({"seconds": 4, "duration": 8}, "seconds", "say different things"),
        ({"fps": "many"}, "fps", "fps: "),
        ({"prompt": " "}, "prompt", "prompt is required"),
        ({"prompt": None}, "prompt", "prompt is required"),
        ({"upscale_factor": 2}, "upscale_factor", "Leave it out"),
        ({"frame_images": [{"image_url": URL, "frame_type": "middle"}]}, "frame_images[0].frame_type", "last_frame"),
        ({"frame_images": [{"frame_type": "first_frame"}]}, "frame_images[0].image_url", "data URI or a URL"),
        ({"input_references": [{"type": "audio_url"}]}, "input_references[0].type", "video_url"),
        ({"video_config": {"duratoin": 8}}, "video_config.duratoin", "Did you mean"),
    ],
)
def test_what_is_refused(body: dict[str, Any], param: str, says: str) -> None:
    """The error names the field as the caller wrote it."""
    error = refusal(**body)
    assert error.param == param
    assert says in error.message


def test_a_body_that_is_no_object() -> None:
    """A list is not a request."""
    with pytest.raises(BadRequest, match="must be a JSON object"):
        parse_create(["prompt"])


def test_a_picture_may_come_without_a_prompt() -> None:
    """As in a chat completion."""
    assert asked(prompt="", input_reference=PNG).spec.prompt == ""


def test_openrouters_fields() -> None:
    """duration, resolution, frames and the rest."""
    read = asked(
        duration=8,
        resolution="1080p",
        aspect_ratio="16:9",
        generate_audio=True,
        seed=7,
        frame_images=[
            {"type": "image_url", "image_url": {"url": PNG}},
            {"type": "image_url", "image_url": {"url": URL}, "frame_type": "last_frame"},
        ],
        callback_url="https://example.com/hook",
        session_id="s",
        trace={"a": 1},
        provider={"options": {}, "order": ["google"]},
    )
    spec = read.spec
    assert (spec.duration, spec.resolution, spec.aspect_ratio, spec.generate_audio) == (8, "1080p", "16:9", True)
    assert (spec.seed, spec.mode) == (7, Mode.FIRST_LAST)
    assert spec.field("last_frame") == "frame_images[1].image_url"
    assert read.callback_url == "https://example.com/hook"
    assert read.warnings == ("provider had no effect here.",)


def test_openrouters_references() -> None:
    """Pictures are assets, a video is the one to go on from."""
    read = asked(input_references=[{"type": "image_url", "image_url": {"url": URL}}])
    assert [reference.media.uri for reference in read.spec.references] == [URL]
    assert read.spec.field("reference_images") == "input_references"
    assert asked(input_references=[{"type": "video_url", "video_url": {"url": MP4}}]).spec.mode is Mode.EXTENSION


def test_frames_win_over_references() -> None:
    """As OpenRouter says; and the caller is told."""
    read = asked(
        frame_images=[{"image_url": {"url": URL}}],
        input_references=[{"type": "image_url", "image_url": {"url": PNG}}],
    )
    assert read.spec.references == ()
    assert read.warnings == ("input_references had no effect, because frame_images were sent too.",)


def test_members_of_video_config_beside_and_inside() -> None:
    """Our own names work at the top and in their own object; `delivery` too."""
    read = asked(negative_prompt="rain", n="2", delivery="data", video_config={"person_generation": "allow_all"})
    assert (read.spec.negative_prompt, read.spec.samples, read.spec.person_generation) == ("rain", 2, "allow_all")
    assert read.spec.field("negative_prompt") == "negative_prompt"
    assert read.spec.field("person_generation") == "video_config.person_generation"
    assert read.delivery == "data"
    assert asked(video_config={"delivery": "url"}).delivery == "url"


def test_an_aliass_defaults_hold_where_nothing_was_said() -> None:
    """A default in one spelling never clashes with the caller's other one."""
    read = read_create(
        parse_create({"prompt": "a kite", "seconds": "4"}), defaults={"duration": 8, "resolution": "1080p"}
    )
    assert (read.spec.duration, read.spec.resolution) == (4, "1080p")


@pytest.mark.parametrize("said", [{"seed": 2}, {"seed": None}, {"video_config": {"seed": 2}}])
def test_a_default_steps_back_for_a_word_in_either_place(said: dict[str, Any]) -> None:
    """Null is a word too, as in a chat completion."""
    read = read_create(parse_create({"prompt": "a kite", **said}), defaults={"seed": 1, "duration": 8})
    assert (read.spec.seed, read.spec.duration) == (said.get("seed", 2), 8)


def test_the_task_may_be_said() -> None:
    """Of a video in a create; at an address of its own it must not say another."""
    assert asked(video="video_1", task="edit").spec.mode is Mode.EDIT
    assert asked(previous_job_id="video_1", task="extend").spec.mode is Mode.EXTENSION
    assert not asked(previous_job_id="video_1", task="extend").edit_or_extend
    assert asked(video="video_1").source == "video_1"
    assert refusal(Action.EXTEND, video="video_1", task="edit").param == "task"


@pytest.mark.parametrize("video", ["video_1", {"id": "video_1"}])
@pytest.mark.parametrize(("action", "mode"), [(Action.EDIT, Mode.EDIT), (Action.EXTEND, Mode.EXTENSION)])
def test_an_earlier_video_as_source(action: Action, mode: Mode, video: Any) -> None:
    """By id, in OpenAI's object or alone."""
    read = asked(action, video=video)
    assert read.source == "video_1"
    assert read.spec.mode is mode
    assert read.spec.video == VideoMedia(uri=f"{JOB_SCHEME}video_1")
    assert read.spec.field("video") == "video"
    assert not read.edit_or_extend


def test_an_uploaded_video_as_source() -> None:
    """A file has arrived as a data URI."""
    read = asked(Action.EDIT, video=MP4)
    assert read.source is None
    assert read.spec.video == VideoMedia(mime_type="video/mp4", data=MP4.partition(",")[2])


def test_a_remix_takes_the_video_of_its_address() -> None:
    """It is an edit, in OpenAI's words."""
    read = asked(Action.REMIX, source="video_9")
    assert (read.source, read.spec.mode) == ("video_9", Mode.EDIT)


def test_a_remix_of_two_videos_is_refused() -> None:
    """Its address and its body say different things."""
    with pytest.raises(BadRequest, match="say different things"):
        asked(Action.REMIX, source="video_9", video={"id": "video_8"})


def test_openrouters_previous_job() -> None:
    """Whether it is an edit or an extension depends on the model."""
    read = asked(previous_job_id="video_3")
    assert (read.source, read.edit_or_extend) == ("video_3", True)


@pytest.mark.parametrize(
    ("action", "body", "param"),
    [
        (Action.EDIT, {}, "video"),
        (Action.EXTEND, {}, "video"),
        (Action.EDIT, {"video": "video_1", "prompt": ""}, "prompt"),
        (Action.EXTEND, {"video": {"id": "file-1"}}, "video"),
    ],
)
def test_what_an_edit_needs(action: Action, body: dict[str, Any], param: str) -> None:
    """A video and a prompt."""
    assert refusal(action, **body).param == param


def test_equal_requests_have_equal_fingerprints() -> None:
    """However they are spelled; an edit is another request than an extension of the same video."""
    one = asked(seconds="4", size="1280x720").spec
    other = asked(duration=4, aspect_ratio="16:9", resolution="720p").spec
    assert one.fingerprint("m") == other.fingerprint("m")
    edit, extension = asked(Action.EDIT, video="video_1").spec, asked(Action.EXTEND, video="video_1").spec
    assert edit.fingerprint("m") != extension.fingerprint("m")
