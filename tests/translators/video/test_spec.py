"""The normalised request survives the ledger, and two requests are the same exactly when they mean the same."""

import base64
import hashlib
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.video_requests import PNG_URI, chat_of, image_part
from translators.catalog import Mode
from translators.video.read_chat import read_chat
from translators.video.spec import INTERACTION_SCHEME, STORED_SCHEME, EarlierVideo, Reference, VideoMedia, VideoSpec

SPOKEN = ("aspect_ratio", "resolution", "negative_prompt", "person_generation", "resize_mode", "compression_quality",
          "mask_mode", "storage_uri")  # fmt: skip
PICTURE = VideoMedia(mime_type="image/png", data="QUJD")
CLIP = VideoMedia(mime_type="video/mp4", uri="gs://b/v.mp4")

words = st.one_of(st.none(), st.text(max_size=8))
media = st.one_of(st.none(), st.builds(VideoMedia, mime_type=words, data=words, uri=words))
flags = st.one_of(st.none(), st.booleans())
numbers = st.one_of(st.none(), st.integers(0, 2**32))
specs = st.builds(
    VideoSpec,
    prompt=st.text(max_size=20),
    duration=numbers,
    aspect_ratio=words,
    resolution=words,
    negative_prompt=words,
    seed=numbers,
    generate_audio=flags,
    person_generation=words,
    enhance_prompt=flags,
    samples=numbers,
    fps=numbers,
    resize_mode=words,
    compression_quality=words,
    labels=st.one_of(st.none(), st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3)),
    image=media,
    last_frame=media,
    references=st.lists(
        st.builds(Reference, media=st.builds(VideoMedia, data=words), style=st.booleans()), max_size=3
    ).map(tuple),
    video=media,
    mask=media,
    mask_mode=words,
    storage_uri=words,
    named=st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3),
)


def test_half_a_surrogate_pair_is_kept() -> None:
    """A form may have sent one; what is written is read."""
    spec = VideoSpec(prompt="\ud800")
    assert VideoSpec.from_json(spec.to_json()) == spec


def test_large_media_are_kept_and_hashed_as_any_other() -> None:
    """In slices, and the hash is the one of the whole: repeats of jobs that were written before are recognised."""
    spec = VideoSpec(prompt="a cat", image=VideoMedia(mime_type="image/png", data="QUJD" * 300_000))
    assert VideoSpec.from_json(spec.to_json()) == spec
    said = json.loads(spec.to_json()) | {"named": None, "model": "m"}
    digest = hashlib.sha256(json.dumps(said, separators=(",", ":"), sort_keys=True).encode()).digest()
    assert spec.fingerprint("m") == base64.urlsafe_b64encode(digest).decode().rstrip("=")


@given(specs)
def test_the_ledger_gives_back_what_it_got(spec: VideoSpec) -> None:
    """`from_json` reads exactly what `to_json` wrote, the callers' own field names included."""
    again = VideoSpec.from_json(spec.to_json())

    assert again == spec
    assert again.named == spec.named
    assert again.fingerprint("m") == spec.fingerprint("m")


@given(specs, specs)
def test_a_fingerprint_is_equal_for_equal_requests_only(one: VideoSpec, other: VideoSpec) -> None:
    """Equal requests have one fingerprint, different ones two."""
    assert (one.fingerprint("m") == other.fingerprint("m")) == (one == other)


@given(specs)
def test_the_model_and_each_member_count(spec: VideoSpec) -> None:
    """Another model, or another value of any one member, is another request; other field names are not."""
    changed: dict[str, Any] = {
        "prompt": spec.prompt + "!",
        "references": (*spec.references, Reference(media=PICTURE)),
        "labels": {**(spec.labels or {}), "new label": "1"},
        **dict.fromkeys(("image", "last_frame", "video", "mask"), VideoMedia(data="something new")),
        **dict.fromkeys(SPOKEN, "something new"),
        **dict.fromkeys(("duration", "seed", "samples", "fps"), 2**33),
        "generate_audio": not spec.generate_audio,
        "enhance_prompt": not spec.enhance_prompt,
        "editing": not spec.editing,
    }
    print_of = spec.fingerprint("m")

    assert {*changed, "named"} == {member.name for member in fields(VideoSpec)}
    assert spec.fingerprint("another model") != print_of
    assert all(replace(spec, **{name: value}).fingerprint("m") != print_of for name, value in changed.items())
    assert replace(spec, named={"other": "names"}).fingerprint("m") == print_of


@pytest.mark.parametrize(
    "spellings",
    [
        [{"duration": 8}, {"duration_seconds": "8"}, {"seconds": "8s"}, {"length": 8.0}, {"video_length": "8 seconds"}],
        [
            {"size": "1280x720"},
            {"aspect_ratio": "16:9", "resolution": "720p"},
            {"aspect_ratio": "16x9", "resolution": 720},
        ],
        [{"resolution": "1080p"}, {"resolution_name": "FHD"}],
        [{"person_generation": "allow_all"}, {"person_generation": "allowAll"}],
        [{"n": 2}, {"number_of_videos": 2}, {"number_of_videos": "2", "n": 2}],
        [{"image": PNG_URI}, {"first_frame": {"url": PNG_URI}}, {"image": {"image_url": {"url": PNG_URI}}}],
        [{"reference_images": [PNG_URI]}, {"reference_images": [{"image": PNG_URI, "type": "ASSET"}]}],
        [{"labels": {"a": "1", "b": "2"}}, {"labels": {"b": "2", "a": "1"}}],
        [{}, {"negative_prompt": ""}, {"labels": {}}, {"reference_images": []}, {"seed": None}],
    ],
)
def test_spelling_does_not_count(spellings: list[dict[str, Any]]) -> None:
    """One meaning in several spellings has one fingerprint."""
    prints = {read_chat(chat_of(video_config=config)).spec.fingerprint("m") for config in spellings}

    assert len(prints) == 1


def test_a_picture_as_part_equals_one_in_the_config() -> None:
    """Where a first frame was said does not count."""
    as_part = read_chat(chat_of([{"type": "text", "text": "A red fox"}, image_part()])).spec
    in_config = read_chat(chat_of(video_config={"image": PNG_URI})).spec

    assert as_part.fingerprint("m") == in_config.fingerprint("m")


@pytest.mark.parametrize(
    ("members", "mode"),
    [
        ({}, Mode.TEXT),
        ({"image": PICTURE}, Mode.IMAGE),
        ({"image": PICTURE, "last_frame": PICTURE}, Mode.FIRST_LAST),
        ({"references": (Reference(media=PICTURE),)}, Mode.REFERENCE_ASSET),
        ({"references": (Reference(media=PICTURE, style=True),)}, Mode.REFERENCE_STYLE),
        ({"video": CLIP}, Mode.EXTENSION),
        ({"video": CLIP, "editing": True}, Mode.EDIT),
        ({"editing": True}, Mode.TEXT),
        ({"video": CLIP, "mask": PICTURE}, Mode.INSERT),
        ({"video": CLIP, "mask": PICTURE, "mask_mode": "insert"}, Mode.INSERT),
        ({"video": CLIP, "mask": PICTURE, "mask_mode": "remove"}, Mode.REMOVE),
    ],
)
def test_mode_follows_the_media(members: dict[str, Any], mode: Mode) -> None:
    """The media that came along say which of the eight ways of asking this is."""
    assert VideoSpec(prompt="p", **members).mode is mode


def test_count_is_one_unless_said() -> None:
    """Nobody who says nothing gets two."""
    assert VideoSpec(prompt="p").count == 1
    assert VideoSpec(prompt="p", samples=3).count == 3


FILE = "https://generativelanguage.googleapis.com/v1beta/files/a-1"


@pytest.mark.parametrize(
    ("uri", "remote", "google_file", "bucket"),
    [
        ("https://example.com/x.png", True, False, False),
        ("HTTP://example.com/x.png", True, False, False),
        ("gs://b/x.png", False, False, True),
        (FILE, False, True, False),
        (f"{FILE}:download?alt=media", False, True, False),
        (f"{FILE}?x=https://evil.example", True, False, False),
        ("https://generativelanguage.googleapis.com.evil.example/v1beta/files/a", True, False, False),
        (None, False, False, False),
    ],
)
def test_where_a_medium_is(uri: str | None, remote: bool, google_file: bool, bucket: bool) -> None:
    """Web addresses are fetched by the proxy; Google's own stores are not."""
    medium = VideoMedia(uri=uri)

    assert (medium.is_remote, medium.is_google_file, medium.is_cloud_storage) == (remote, google_file, bucket)


def test_bytes_are_never_fetched() -> None:
    """A medium that has its bytes needs no address."""
    assert not VideoMedia(uri="https://example.com/x.png", data="QUJD").is_remote


def test_media_are_named_as_the_caller_named_them() -> None:
    """Every medium is listed once, with the field it came in."""
    spec = VideoSpec(
        prompt="p",
        image=PICTURE,
        video=CLIP,
        references=(Reference(media=PICTURE), Reference(media=PICTURE)),
        named={"image": "messages[0].content[1].image_url"},
    )

    assert spec.media() == (
        ("messages[0].content[1].image_url", PICTURE),
        ("video_config.video", CLIP),
        ("video_config.reference_images[0]", PICTURE),
        ("video_config.reference_images[1]", PICTURE),
    )


def test_fetched_media_take_the_place_of_their_addresses() -> None:
    """Only what was fetched changes."""
    remote = VideoMedia(uri="https://example.com/x.png")
    spec = VideoSpec(
        prompt="p",
        image=remote,
        last_frame=PICTURE,
        video=CLIP,
        references=(Reference(media=remote, style=True), Reference(media=PICTURE)),
    )

    changed = spec.with_media({"https://example.com/x.png": PICTURE})

    assert changed == replace(
        spec, image=PICTURE, references=(Reference(media=PICTURE, style=True), Reference(media=PICTURE))
    )


def test_parameters_are_what_was_said_without_media_and_prompt() -> None:
    """What the ledger shows is small, and has the bucket that the queue needs."""
    spec = VideoSpec(prompt="secret", duration=8, generate_audio=False, image=PICTURE, storage_uri="gs://b/o")

    assert spec.parameters() == {"mode": "image", "duration": 8, "generate_audio": False, "storage_uri": "gs://b/o"}


def test_no_bytes_in_a_repr() -> None:
    """A picture of some megabytes does not flood a log."""
    assert "QUJD" not in repr(VideoSpec(prompt="p", image=PICTURE))


def test_an_upload_is_google_s_file_wherever_its_address_leads() -> None:
    """Nobody fetches it, it is kept with the job, and it makes another request of this one."""
    upload = VideoMedia(mime_type="image/png", uri="http://relay/v1beta/files/a", credential="gemini-1")
    spec = VideoSpec(prompt="p", image=upload)

    assert (upload.is_google_file, upload.is_remote) == (True, False)
    assert VideoSpec.from_json(spec.to_json()) == spec
    assert spec.fingerprint("m") != replace(spec, image=replace(upload, credential="gemini-2")).fingerprint("m")


def test_a_request_without_uploads_is_what_it_was_before_there_were_any() -> None:
    """Rows and fingerprints of an earlier version stay good: a repeat across an update joins, and is not paid twice."""
    assert "credential" not in VideoSpec(prompt="p", image=PICTURE, references=(Reference(media=PICTURE),)).to_json()


@pytest.mark.parametrize("index", [0, 1, 12])
def test_an_earlier_video_is_named_by_its_job(index: int) -> None:
    """There and back; the first needs no number."""
    earlier = EarlierVideo(job_id="video_1", index=index)

    assert earlier.as_media().earlier == earlier
    assert VideoSpec(prompt="p", video=earlier.as_media()).source == earlier


@pytest.mark.parametrize("job_id", ["video_1#", "video_1#x", "video_1#²", "#1", "video_1#" + "9" * 5000])
def test_what_is_no_number_belongs_to_the_id(job_id: str) -> None:
    """Which then names no job; an address may hold anything."""
    assert VideoMedia(uri=f"job:{job_id}").earlier == EarlierVideo(job_id=job_id)


def test_other_media_made_here() -> None:
    """A stored file by its name, an interaction by its id; neither is fetched, and a plain address is none of them."""
    stored, chained = VideoMedia(uri=f"{STORED_SCHEME}x.png"), VideoMedia(uri=f"{INTERACTION_SCHEME}v1_a")
    address = VideoMedia(uri="https://a/x.png")

    assert (stored.stored_name, chained.interaction_id) == ("x.png", "v1_a")
    assert not stored.is_remote
    assert not chained.is_remote
    assert (address.earlier, address.stored_name, address.interaction_id) == (None, None, None)
    assert VideoSpec(prompt="p", video=address).source is None
    assert VideoSpec(prompt="p").source is None
