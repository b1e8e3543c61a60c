"""A chat completion says what to film: the last user message, its pictures by order or by role, and video_config."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.json_values import json_objects, json_values
from tests.video_requests import PNG, PNG_URI, chat_of, image_part
from translators.catalog import Mode
from translators.errors import BadRequest
from translators.video.read_chat import last_user_text, read_chat
from translators.video.spec import Reference, VideoMedia
from translators.wire.openai import ChatCompletionRequest
from translators.wire.video import VideoConfig

FIRST = VideoMedia(mime_type="image/png", data=PNG)
OTHER_URI = "https://example.com/other.png"
OTHER = VideoMedia(uri=OTHER_URI)
JOB = VideoMedia(uri="job:video_1")
TEXT = {"type": "text", "text": "A red fox"}


def refusal(content: Any, **members: Any) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        read_chat(chat_of(content, **members))
    return caught.value


@pytest.mark.parametrize(
    ("content", "prompt"),
    [
        ("  A red fox \n", "A red fox"),
        ([TEXT, image_part(), {"type": "input_text", "text": "runs"}], "A red fox\nruns"),
        ([image_part()], ""),
        ("Ein Füchslein 🦊", "Ein Füchslein 🦊"),
        ("", ""),
    ],
)
def test_the_prompt_is_the_text_of_the_last_user_message(content: Any, prompt: str) -> None:
    """All its text parts, trimmed; a picture alone has no prompt."""
    assert read_chat(chat_of(content)).spec.prompt == prompt
    assert last_user_text(chat_of(content)) == prompt


def test_history_is_ignored() -> None:
    """Older turns and the media in them are what front-ends send back whole."""
    request = ChatCompletionRequest.model_validate(
        {
            "model": "m",
            "messages": [
                {
                    "role": "user",
                    "content": [TEXT, image_part(OTHER_URI), {"type": "input_audio", "input_audio": {"data": "x"}}],
                },
                {"role": "assistant", "content": "Here is your video."},
                {"role": "user", "content": "Now at night"},
                {"role": "assistant", "content": "Thinking"},
            ],
        }
    )

    asked = read_chat(request)

    assert (asked.spec.prompt, asked.spec.media(), asked.warnings) == ("Now at night", (), ())
    assert asked.spec.field("prompt") == "messages[2].content"


def test_no_user_message() -> None:
    """Without a user message nobody said what to film."""
    request = ChatCompletionRequest.model_validate({"model": "m", "messages": [{"role": "assistant", "content": "Hi"}]})

    with pytest.raises(BadRequest) as caught:
        read_chat(request)
    assert caught.value.param == "messages"


@pytest.mark.parametrize(
    ("parts", "members"),
    [
        ([image_part()], {"image": FIRST}),
        ([image_part(), image_part(OTHER_URI)], {"image": FIRST, "last_frame": OTHER}),
        ([image_part(), image_part()], {"image": FIRST, "last_frame": FIRST}),
        ([image_part(OTHER_URI, role="last_frame"), image_part()], {"image": FIRST, "last_frame": OTHER}),
        ([image_part(frame_type="FIRST"), image_part(OTHER_URI, role="end")], {"image": FIRST, "last_frame": OTHER}),
        ([image_part(role="reference")], {"references": (Reference(media=FIRST),)}),
        (
            [image_part(role="asset"), image_part(OTHER_URI, role="style")],
            {"references": (Reference(media=FIRST), Reference(media=OTHER, style=True))},
        ),
        ([image_part(role="mask"), {"type": "video_url", "video_url": OTHER_URI}], {"mask": FIRST, "video": OTHER}),
        ([{"type": "input_image", "image_url": PNG_URI}], {"image": FIRST}),
        ([{"type": "video_url", "video_url": {"url": OTHER_URI}}], {"video": OTHER}),
        ([{"type": "video_url", "video_url": {"url": "video_1"}}], {"video": JOB}),
    ],
)
def test_parts_fill_their_members(parts: list[Any], members: dict[str, Any]) -> None:
    """A part fills the member its role names; unnamed pictures are the first and the last frame, in their order."""
    spec = read_chat(chat_of([TEXT, *parts])).spec

    said = {name: getattr(spec, name) for name in ("image", "last_frame", "references", "video", "mask")}
    assert {name: value for name, value in said.items() if value} == members
    assert all(name.startswith("messages[0].content") for name, _ in spec.media())


@pytest.mark.parametrize(
    ("parts", "param", "says"),
    [
        ([image_part(), image_part(OTHER_URI), image_part("https://a/3")], "messages[0].content[3]", "last frame"),
        ([image_part(), image_part(OTHER_URI, role="first")], "messages[0].content[2]", "second first frame"),
        ([image_part(role="hero")], "messages[0].content[1]", "reference_asset"),
        ([{"type": "video_url", "video_url": OTHER_URI, "role": "hero"}], "messages[0].content[1]", "extend"),
        ([image_part("ftp://x")], "messages[0].content[1].image_url", "data URI"),
        ([{"type": "file", "file": {"file_id": "f"}}], "messages[0].content[1]", "type file"),
        ([{"type": "video_url", "video_url": "https://a/1"}, {"type": "video_url", "video_url": "https://a/2"}],
         "messages[0].content[2].video_url", "different things"),
    ],
)  # fmt: skip
def test_parts_that_make_no_sense(parts: list[Any], param: str, says: str) -> None:
    """A part that has no place is refused by its place, with the way out."""
    error = refusal([TEXT, *parts])

    assert error.param == param
    assert says in error.message


def test_a_part_against_the_config() -> None:
    """Another picture under video_config.image contradicts a picture part; the same one agrees with it."""
    error = refusal([TEXT, image_part()], video_config={"image": OTHER_URI})
    agreed = read_chat(chat_of([TEXT, image_part()], video_config={"image": PNG_URI}))

    assert error.param == "messages[0].content[1]"
    assert "second first frame" in error.message
    assert agreed.spec.image == FIRST
    assert agreed.spec.last_frame is None


@pytest.mark.parametrize(
    ("part", "mode"),
    [({}, Mode.EXTENSION), ({"role": "extend"}, Mode.EXTENSION), ({"role": "EDIT"}, Mode.EDIT)],
)
def test_the_role_of_a_clip(part: dict[str, Any], mode: Mode) -> None:
    """A video is continued, unless its part says that it is to be changed."""
    spec = read_chat(chat_of([TEXT, {"type": "video_url", "video_url": OTHER_URI, **part}])).spec
    assert spec.mode is mode


def test_pictures_of_a_reference_task_need_no_roles() -> None:
    """The task says what they are."""
    asked = read_chat(chat_of([TEXT, image_part(), image_part(OTHER_URI)], video_config={"task": "reference_to_video"}))
    assert asked.spec.references == (Reference(media=FIRST), Reference(media=OTHER))


BESIDE_CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"input_reference": OTHER_URI}, {"image": OTHER}),
    ({"frame_images": [image_part(), image_part(OTHER_URI, frame_type="last_frame")]},
     {"image": FIRST, "last_frame": OTHER}),
    ({"input_references": [image_part(OTHER_URI)]}, {"references": (Reference(media=OTHER),)}),
    ({"previous_job_id": "video_1"}, {"video": JOB}),
    ({"previous_interaction_id": "video_1"}, {"video": JOB, "editing": True}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "members"), BESIDE_CASES)
def test_neighbours_words_at_the_top_and_in_the_config(said: dict[str, Any], members: dict[str, Any]) -> None:
    """Both are the same request, and both names are kept for errors."""
    beside, within = read_chat(chat_of(**said)), read_chat(chat_of(video_config=said))

    assert {name: getattr(beside.spec, name) for name in members} == members
    assert beside.spec.fingerprint("m") == within.spec.fingerprint("m")
    assert beside.warnings == within.warnings == ()
    assert all(not name.startswith("video_config") for name, _ in beside.spec.media())
    assert all(name.startswith("video_config") for name, _ in within.spec.media())


def test_an_earlier_job_is_edited_or_extended() -> None:
    """Its model decides, unless the task is said."""
    assert read_chat(chat_of(previous_job_id="video_1")).edit_or_extend
    assert not read_chat(chat_of(previous_job_id="video_1", video_config={"task": "edit"})).edit_or_extend


def test_references_in_two_places() -> None:
    """References as parts and in the config are two different lists."""
    error = refusal([TEXT, image_part(role="asset")], video_config={"reference_images": [OTHER_URI]})

    assert error.param == "messages[0].content"


@pytest.mark.parametrize(
    ("members", "samples"),
    [
        ({"n": 1}, None),
        ({"n": 3}, 3),
        ({"n": 1, "video_config": {"number_of_videos": 4}}, 4),
        ({"n": 4, "video_config": {"n": 4}}, 4),
    ],
)
def test_n_beside_the_config(members: dict[str, Any], samples: int | None) -> None:
    """OpenAI's `n` counts videos; its default of 1, which front-ends always write, says nothing."""
    assert read_chat(chat_of(**members)).spec.samples == samples


@pytest.mark.parametrize(
    ("members", "param"),
    [({"n": 2, "video_config": {"number_of_videos": 4}}, "n"), ({"seed": 1, "video_config": {"seed": 2}}, "seed")],
)
def test_contradictions_with_the_top_level(members: dict[str, Any], param: str) -> None:
    """The same setting in two places with two values is refused."""
    assert refusal("A red fox", **members).param == param


def test_names_of_the_top_level_are_kept() -> None:
    """An error about a seed or a count names the field that the caller wrote."""
    spec = read_chat(chat_of(n=2, seed=7)).spec

    assert (spec.field("samples"), spec.field("seed")) == ("n", "seed")


def test_delivery_is_no_part_of_the_video() -> None:
    """How the answer comes does not make it another video."""
    asked = read_chat(chat_of(video_config={"delivery": "URL"}))

    assert asked.delivery == "url"
    assert asked.spec.fingerprint("m") == read_chat(chat_of()).spec.fingerprint("m")


def test_everything_without_effect_is_told() -> None:
    """Warnings of the config come first, then what a video model cannot hear."""
    asked = read_chat(chat_of(video_config={"size": "1792x1024"}, temperature=0.3))

    assert [warning.split(" ")[0] for warning in asked.warnings] == ["video_config.size", "temperature"]


WORDS = ("text", "image_url", "video_url", "user", "assistant", "system", PNG_URI, "first_frame", "8s", "A red fox")
NAMES = ("type", "text", "image_url", "video_url", "url", "role", "frame_type", "content")


@given(
    st.lists(
        st.fixed_dictionaries(
            {"role": st.sampled_from(("user", "assistant", "system")), "content": json_values(NAMES, WORDS)}
        )
        | st.fixed_dictionaries(
            {
                "role": st.just("user"),
                "content": st.lists(
                    st.fixed_dictionaries({"type": st.just("text"), "text": st.text()})
                    | st.fixed_dictionaries(
                        {"type": st.just("image_url"), "image_url": st.text() | st.just(PNG_URI)},
                        optional={"role": st.text() | st.just("style"), "frame_type": json_values(NAMES, WORDS)},
                    ),
                    max_size=4,
                ),
            }
        ),
        min_size=1,
        max_size=4,
    ),
    st.none() | json_objects(sorted(VideoConfig.model_fields), WORDS),
)
def test_any_chat_is_read_or_refused(messages: list[Any], config: dict[str, Any] | None) -> None:
    """What the protocol lets through is a video request or a BadRequest, never another failure."""
    try:
        request = ChatCompletionRequest.model_validate({"model": "m", "messages": messages, "video_config": config})
    except ValidationError:
        return
    try:
        read_chat(request)
    except BadRequest as error:
        named = error.param
    else:
        named = "nothing to name"
    assert named
