"""The one normalised video request that every form of asking becomes and every backend is served from."""

import base64
import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from translators.catalog import Mode
from translators.json_around_base64 import json_around_base64, sha256_of

JOB_SCHEME = "job:"
"""The `uri` of a medium that is a video of an earlier job: this, the job's id, and `#<index>` after the first."""
STORED_SCHEME = "stored:"
"""The `uri` of a medium that the media store keeps: this and its name."""
INTERACTION_SCHEME = "interaction:"
"""The `uri` of a medium that is what an earlier interaction made, at Google: this and the interaction's id."""
_NUMBERED = re.compile(r"(.+)#(\d{1,3})", re.ASCII)
_GOOGLE_FILE = re.compile(r"https://generativelanguage\.googleapis\.com/v[\w.]+/files/[\w-]+(?::download\?alt=media)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoMedia:
    """A picture or clip that goes into a request: base64 `data`, or a `uri`.

    A `uri` is http(s), gs://, Google's file URI, or one of our own schemes for what was made here earlier.
    """

    mime_type: str | None = None
    data: str | None = field(default=None, repr=False)
    uri: str | None = None
    credential: str | None = None
    """The public id of the credential that uploaded the file at `uri`: no other one can read it."""

    @property
    def is_remote(self) -> bool:
        """The caller named a web address that the proxy must fetch before Google can have it."""
        web = self.uri is not None and self.uri.lower().startswith(("http://", "https://"))
        return web and self.data is None and not self.is_google_file

    @property
    def is_google_file(self) -> bool:
        """It is in the Gemini API's own file store, which only a Gemini API key opens (Gemini API docs, 2026-11)."""
        if self.credential is not None:
            return True
        return self.uri is not None and _GOOGLE_FILE.fullmatch(self.uri) is not None

    @property
    def is_cloud_storage(self) -> bool:
        """It is in a bucket, which only Vertex AI reads."""
        return self.uri is not None and self.uri.startswith("gs://")

    @property
    def earlier(self) -> "EarlierVideo | None":
        """The video of an earlier job that this is."""
        named = self._after(JOB_SCHEME)
        if named is None:
            return None
        numbered = _NUMBERED.fullmatch(named)
        if numbered is None:
            return EarlierVideo(job_id=named)
        return EarlierVideo(job_id=numbered[1], index=int(numbered[2]))

    @property
    def stored_name(self) -> str | None:
        """Its name in the media store."""
        return self._after(STORED_SCHEME)

    @property
    def interaction_id(self) -> str | None:
        """Google's id of the interaction that made it."""
        return self._after(INTERACTION_SCHEME)

    def _after(self, scheme: str) -> str | None:
        return self.uri[len(scheme) :] if self.uri is not None and self.uri.startswith(scheme) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVideo:
    """One video of an earlier job; `index` counts from 0."""

    job_id: str
    index: int = 0

    def as_media(self) -> VideoMedia:
        """The medium that names it."""
        return VideoMedia(uri=f"{JOB_SCHEME}{self.job_id}{f'#{self.index}' if self.index else ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference picture: an asset (person, product) or a style."""

    media: VideoMedia
    style: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSpec:
    """What the caller wants, in one form; None means "not said", and then nothing is sent.

    `duration` is in seconds, `samples` counts videos. `named` tells by which field each member was said, so that an
    error can name what the caller wrote.
    """

    prompt: str
    duration: int | None = None
    aspect_ratio: str | None = None
    resolution: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    generate_audio: bool | None = None
    person_generation: str | None = None
    enhance_prompt: bool | None = None
    samples: int | None = None
    fps: int | None = None
    resize_mode: str | None = None
    compression_quality: str | None = None
    labels: Mapping[str, str] | None = None
    image: VideoMedia | None = None
    last_frame: VideoMedia | None = None
    references: tuple[Reference, ...] = ()
    video: VideoMedia | None = None
    editing: bool = False
    """`video` is to be changed, not continued."""
    mask: VideoMedia | None = None
    mask_mode: str | None = None
    storage_uri: str | None = None
    named: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def mode(self) -> Mode:
        """Which of the eight ways of asking this is, by the media that came along."""
        if self.mask is not None:
            return Mode.REMOVE if self.mask_mode == "remove" else Mode.INSERT
        if self.video is not None:
            return Mode.EDIT if self.editing else Mode.EXTENSION
        if self.references:
            return (
                Mode.REFERENCE_STYLE if any(reference.style for reference in self.references) else Mode.REFERENCE_ASSET
            )
        if self.last_frame is not None:
            return Mode.FIRST_LAST
        return Mode.TEXT if self.image is None else Mode.IMAGE

    @property
    def source(self) -> EarlierVideo | None:
        """The earlier job's video that this one is built on."""
        return self.video.earlier if self.video is not None else None

    @property
    def count(self) -> int:
        """How many videos are asked for."""
        return self.samples or 1

    def field(self, member: str) -> str:
        """The name under which the caller said `member`."""
        return self.named.get(member, f"video_config.{member}")

    def media(self) -> tuple[tuple[str, VideoMedia], ...]:
        """Every medium that came along, with the field it came in."""
        single = [
            (self.field(member), value)
            for member, value in (
                ("image", self.image),
                ("last_frame", self.last_frame),
                ("video", self.video),
                ("mask", self.mask),
            )
            if value is not None
        ]
        many = [
            (f"{self.field('reference_images')}[{index}]", reference.media)
            for index, reference in enumerate(self.references)
        ]
        return (*single, *many)

    def with_media(self, fetched: Mapping[str, VideoMedia]) -> "VideoSpec":
        """The same request with every address that is known replaced by what it leads to."""

        def known(media: VideoMedia | None) -> VideoMedia | None:
            return fetched.get(media.uri, media) if media is not None and media.uri is not None else media

        return dataclasses.replace(
            self,
            image=known(self.image),
            last_frame=known(self.last_frame),
            video=known(self.video),
            mask=known(self.mask),
            references=tuple(
                dataclasses.replace(reference, media=known(reference.media) or reference.media)
                for reference in self.references
            ),
        )

    def parameters(self) -> dict[str, Any]:
        """What was asked, small enough to keep and show: no media, no prompt."""
        shown = ("duration", "aspect_ratio", "resolution", "negative_prompt", "seed", "generate_audio",
                 "person_generation", "enhance_prompt", "samples", "fps", "resize_mode", "compression_quality",
                 "labels", "storage_uri")  # fmt: skip
        said = {member: value for member in shown if (value := getattr(self, member)) is not None}
        return {"mode": self.mode.value, **said}

    def to_json(self) -> str:
        """The whole request as text for the ledger; `from_json` reads it back."""
        return "".join(json_around_base64(dataclasses.asdict(self, dict_factory=_said)))

    @classmethod
    def from_json(cls, text: str) -> "VideoSpec":
        """The request that `to_json` wrote."""
        stored = _read(text)

        def media(value: Any) -> VideoMedia | None:
            return None if value is None else VideoMedia(**value)

        references = tuple(
            Reference(media=VideoMedia(**entry["media"]), style=entry["style"]) for entry in stored.pop("references")
        )
        members: dict[str, Any] = {
            **stored,
            **{name: media(stored[name]) for name in ("image", "last_frame", "video", "mask")},
        }
        return cls(**members, references=references)

    def fingerprint(self, model: str) -> str:
        """A hash that is equal for equal requests of the same model, however they were spelled.

        Web addresses count as addresses: a repeat is recognised before anything is fetched. 10 MB of media take 6 ms,
        in slices, so that a thread that does it leaves the interpreter to others.
        """
        said = {**dataclasses.asdict(self, dict_factory=_said), "named": None, "model": model}
        digest = sha256_of(json_around_base64(said))
        return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _read(text: str) -> Any:
    """JSON of any kind: half a surrogate pair, which a text may have in it, only the standard library reads."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _said(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """A request without an upload reads, and hashes, as it did before there were any: a repeat is still recognised."""
    return {name: value for name, value in members if (name, value) != ("credential", None)}
