"""The table of Google's models: what each can do, on which surface, at what price, and whether it still lives.

The data is `catalog.yaml`; `proxy/config` reads it, lays the user's `models:` over it and hands it to `Catalog.of`.
`resolve.py` decides with it where a request goes; `video/validate.py` what may be asked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from translators.wire.call import Surface


class Kind(StrEnum):
    """What a model makes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"


class Family(StrEnum):
    """Which of Google's calls a model answers to."""

    GEMINI = "gemini"  # generateContent
    IMAGEN = "imagen"  # predict
    VEO = "veo"  # predictLongRunning
    OMNI = "omni"  # interactions


class Lifecycle(StrEnum):
    """Whether Google's own host still serves a model on a surface."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    ABSENT = "absent"


class Audio(StrEnum):
    """What a model does about sound."""

    ALWAYS = "always"
    TOGGLE = "toggle"
    NONE = "none"


class Mode(StrEnum):
    """The eight ways to ask for a video, and Omni's free edit."""

    TEXT = "text"
    IMAGE = "image"
    FIRST_LAST = "first_last"
    REFERENCE_ASSET = "reference_asset"
    REFERENCE_STYLE = "reference_style"
    EXTENSION = "extension"
    INSERT = "insert"
    REMOVE = "remove"
    EDIT = "edit"


_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class FullLength:
    """Resolutions and modes that are made in one duration only."""

    seconds: int
    resolutions: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How an earlier video may be extended; all figures in seconds."""

    seconds: tuple[int, ...]
    adds: int | None = None
    source_max: int | None = None
    total_max: int | None = None
    resolutions: tuple[str, ...] = ()


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    """What one model can be asked for on one surface."""

    durations: tuple[int, ...]
    resolutions: tuple[str, ...]
    aspect_ratios: tuple[str, ...]
    modes: frozenset[Mode]
    parameters: frozenset[str] = frozenset()
    default_duration: int | None = None
    default_resolution: str = "720p"
    audio: Audio = Audio.ALWAYS
    samples: int = 1
    max_references: int = 0
    person_generation: tuple[str, ...] = ()
    full_length: FullLength | None = None
    extension: Extension | None = None
    locations: tuple[str, ...] = ()
    prices: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Dollars per second by resolution: with audio, without."""
    prices_stated: bool = True
    """False where Google gives no figure and ours is derived."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What one image model can be asked for."""

    aspect_ratios: tuple[str, ...]
    sizes: tuple[str, ...]
    max_inputs: int = 14
    samples: int = 1
    edits: bool = False
    """Whether an Imagen model changes an image, by a mask or without, instead of working from words alone."""
    price: Mapping[str, float] = field(default_factory=dict)
    """Dollars per image by size."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One model on one surface: its lifecycle there, and its limits there if it makes videos."""

    status: Lifecycle
    date: dt.date | None = None
    successor: str | None = None
    video: VideoLimits | None = None

    @property
    def gone(self) -> bool:
        """Google's own host does not answer to this id (any more)."""
        return self.status in (Lifecycle.RETIRED, Lifecycle.ABSENT)


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model id and all that is known of it."""

    id: str
    kind: Kind
    family: Family
    served: Mapping[Surface, Service]
    image: ImageLimits | None = None
    tokens: tuple[float, float] | None = None
    """Dollars per million tokens: input, output."""
    text_tokens: float | None = None
    """Dollars per million tokens of words and thoughts, where the rest of the output (video) costs something else."""
    listed: bool = True
    """False where the id is only known by a pattern."""

    def service(self, surface: Surface) -> Service | None:
        """The model on a surface; None where it never was.

        Code Assist stands in front of Vertex AI's Gemini models and publishes no calendar of its own (the Gemini CLI's
        `code_assist/converter.ts` calls its messages Vertex's, 2026), so Vertex AI's holds there, unless `served` says
        otherwise. It has generateContent and nothing that makes a video.
        """
        own = self.served.get(surface)
        if own is None and surface is Surface.CODE_ASSIST and self.family is Family.GEMINI:
            return self.served.get(Surface.VERTEX)
        return own


class CatalogError(ValueError):
    """The catalogue's data, or what the configuration lays over it, makes no sense; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an unlisted id most likely is."""

    match: str
    like: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models by id, with patterns for ids that Google has not told us of yet."""

    models: Mapping[str, Model]
    patterns: tuple[Pattern, ...]
    aliases: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]] | None = None) -> "Catalog":
        """Build the catalogue from its data; `overrides` (model id -> members) win member by member.

        `like` copies another entry first. A new `status` leaves the date of the old one behind. Raises CatalogError
        naming the model and the member.
        """
        entries: dict[str, Mapping[str, Any]] = dict(data["models"])
        for model_id, members in (overrides or {}).items():
            like = str(members.get("like", model_id))
            if "like" in members and like not in entries:
                raise CatalogError(f"models.{model_id}: like: there is no model {like}")
            laid_over = {key: value for key, value in members.items() if key != "like"}
            entries[model_id] = _merge(_without_old_dates(entries.get(like, {}), laid_over), laid_over)
        catalog = cls(
            models={model_id: _model(model_id, entry) for model_id, entry in entries.items()},
            patterns=tuple(Pattern(entry["match"], entry["like"]) for entry in data.get("patterns", ())),
            aliases=dict(data.get("aliases", {})),
        )
        check(catalog)
        return catalog

    def canonical(self, model_id: str) -> str:
        """The id that Google knows a model by."""
        return self.aliases.get(model_id, model_id)

    def find(self, model_id: str) -> Model | None:
        """The entry for an id, or one made by the first pattern that fits it, or None."""
        canonical = self.canonical(model_id)
        if canonical in self.models:
            return self.models[canonical]
        if "/" in canonical:
            return None  # a credential's prefix or another vendor's name, never an id of Google's
        for pattern in self.patterns:
            if fnmatchcase(canonical, pattern.match):
                return _unlisted(canonical, self.models[pattern.like])
        return None


def _unlisted(model_id: str, like: Model) -> Model:
    """An id known by its pattern only: served wherever asked, price unknown."""
    services = {
        surface: Service(
            status=Lifecycle.ACTIVE, video=replace(service.video, prices={}) if service.video is not None else None
        )
        for surface, service in like.served.items()
    }
    image = replace(like.image, price={}) if like.image is not None else None
    return replace(like, id=model_id, served=services, image=image, tokens=None, text_tokens=None, listed=False)


def _without_old_dates(base: Mapping[str, Any], over: Mapping[str, Any]) -> Mapping[str, Any]:
    """The base without the dates of those states that `over` replaces."""
    given = over.get("served")
    changed = {
        surface
        for surface, service in (given.items() if isinstance(given, Mapping) else ())
        if isinstance(service, Mapping) and "status" in service
    }
    served = {
        surface: {key: value for key, value in service.items() if key != "date" or surface not in changed}
        for surface, service in base.get("served", {}).items()
    }
    return {**base, "served": served} if served else base


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, mapping by mapping; lists and plain values replace."""
    return {
        **base,
        **{
            key: _merge(base[key], value)
            if isinstance(value, Mapping) and isinstance(base.get(key), Mapping)
            else value
            for key, value in over.items()
        },
    }


_MODEL = TypeAdapter(Model)


def _model(model_id: str, entry: Mapping[str, Any]) -> Model:
    """One entry of the data, its model-wide video members laid under each surface's own."""
    members = {key: value for key, value in entry.items() if key != "video"}
    try:
        return _MODEL.validate_python({**members, "id": model_id, "served": _served(entry)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogError(f"models.{model_id}: {where}: {first['msg']}") from None


def _served(entry: Mapping[str, Any]) -> Any:
    """What stands under `served`; whatever is no mapping is left for the validation to name."""
    common, served = entry.get("video"), entry.get("served")
    if not isinstance(common, Mapping) or not isinstance(served, Mapping):
        return served
    return {
        surface: {**service, "video": _merge(common, service.get("video") or {})}
        if isinstance(service, Mapping)
        else service
        for surface, service in served.items()
    }


def check(catalog: Catalog) -> None:
    """Raise CatalogError for what fits each type and makes no sense: a name that leads nowhere, clashing limits.

    Found at start, because later it would be a failure in the middle of somebody's request.
    """
    for model in catalog.models.values():
        for surface, service in model.served.items():
            where = f"models.{model.id}: served.{surface.value}"
            if surface is Surface.CODE_ASSIST and model.family is not Family.GEMINI:
                raise CatalogError(f"{where}: Code Assist has generateContent alone, so no {model.family.value} model")
            if service.successor is not None and catalog.find(service.successor) is None:
                raise CatalogError(f"{where}.successor: there is no model {service.successor}")
            if model.kind is Kind.VIDEO:
                _check_video(service.video, f"{where}.video")
    for pattern in catalog.patterns:
        if pattern.like not in catalog.models:
            raise CatalogError(f"patterns: {pattern.match}: like: there is no model {pattern.like}")
    for alias, target in catalog.aliases.items():
        if target not in catalog.models:
            raise CatalogError(f"aliases: {alias}: there is no model {target}")


def _check_video(limits: VideoLimits | None, where: str) -> None:
    if limits is None:
        raise CatalogError(f"{where}: a model that makes videos needs its limits (or `like` another model)")
    if limits.default_duration is not None and limits.default_duration not in limits.durations:
        raise CatalogError(f"{where}.default_duration: {limits.default_duration} is not among durations")
    if limits.default_resolution not in limits.resolutions:
        raise CatalogError(f"{where}.default_resolution: {limits.default_resolution} is not among resolutions")
    for resolution in limits.prices:
        if resolution not in limits.resolutions:
            raise CatalogError(f"{where}.prices: {resolution} is not among resolutions")
