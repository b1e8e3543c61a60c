"""Which models exist, where, and what each allows: the simulator's whole knowledge of Google's catalogue, as data.

Sources: Gemini API models and deprecations pages, Vertex AI model cards, 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Surface(StrEnum):
    """The door a call came through."""

    GEMINI = "gemini"
    VERTEX = "vertex"
    CODE_ASSIST = "code-assist"
    OTHER = "other"


class Kind(StrEnum):
    """What a model makes, and so which methods it has."""

    TEXT = "text"
    IMAGE = "image"
    IMAGEN = "imagen"
    VEO = "veo"
    OMNI = "omni"


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """What a video model accepts; durations in seconds."""

    durations: frozenset[int]
    resolutions: tuple[str, ...]
    long_only: frozenset[str] = frozenset()
    """Resolutions that exist at `full_length` alone."""
    full_length: int = 8
    aspect_ratios: frozenset[str] = frozenset({"16:9", "9:16"})
    samples: int = 4
    last_frame: bool = True
    references: int = 3
    style_reference: bool = False
    extend: bool = True
    mask: bool = False
    audio: bool = True
    default_resolution: str = "720p"
    default_seconds: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What an image model accepts."""

    aspect_ratios: frozenset[str]
    sizes: tuple[str, ...]
    """Empty: `imageSize` is refused, pictures are 1K."""
    edits: bool = False
    """An Imagen model that changes an image; it is as large as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One id. `gemini` and `vertex` say whether it is served there today; `vertex_location` None means anywhere."""

    id: str
    kind: Kind
    gemini: bool = True
    vertex: bool = True
    vertex_location: str | None = None
    video: Video | None = None
    image: Image | None = None
    thinks: bool = False


_TEN = frozenset({"1:1", "3:2", "2:3", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"})
_FOURTEEN = _TEN | {"1:4", "4:1", "1:8", "8:1"}
_FIVE = frozenset({"1:1", "3:4", "4:3", "9:16", "16:9"})
_SHORT = frozenset({4, 6, 8})
_HD = ("720p", "1080p")
_UHD = ("720p", "1080p", "4k")
_LONG = frozenset({"1080p", "4k"})

_VEO_31 = Video(durations=_SHORT, resolutions=_UHD, long_only=_LONG)
_VEO_31_FAST = _VEO_31
_VEO_31_LITE = Video(durations=_SHORT, resolutions=_HD, long_only=_LONG, references=0)
_VEO_31_PREVIEW = Video(durations=_SHORT, resolutions=_UHD, long_only=_LONG, samples=1)
_VEO_31_LITE_PREVIEW = Video(durations=_SHORT, resolutions=_HD, long_only=_LONG, samples=1, references=0, extend=False)
_VEO_30 = Video(durations=_SHORT, resolutions=_HD, long_only=_LONG, last_frame=False, references=0, extend=False)
_VEO_20 = Video(durations=frozenset({5, 6, 7, 8}), resolutions=("720p",), style_reference=True, mask=True, audio=False)


def _veo(model: str, video: Video, *, vertex: bool = False) -> Model:
    return Model(id=model, kind=Kind.VEO, gemini=False, vertex=vertex, vertex_location="us-central1", video=video)


def _omni(model: str, seconds: range, *, gemini: bool, vertex: bool) -> Model:
    video = Video(durations=frozenset(seconds), resolutions=("360p", *_UHD), samples=1, references=6)
    return Model(
        id=model, kind=Kind.OMNI, gemini=gemini, vertex=vertex, vertex_location="global", video=video, thinks=True
    )


def _image(model: str, ratios: frozenset[str], *sizes: str, gemini: bool = True) -> Model:
    return Model(id=model, kind=Kind.IMAGE, gemini=gemini, image=Image(aspect_ratios=ratios, sizes=sizes))


def _imagen(model: str, *sizes: str) -> Model:
    return Model(id=model, kind=Kind.IMAGEN, gemini=False, image=Image(aspect_ratios=_FIVE, sizes=sizes))


_IMAGEN_EDIT = Image(aspect_ratios=frozenset(), sizes=(), edits=True)

MODELS: Mapping[str, Model] = {
    model.id: model
    for model in (
        Model(id="gemini-2.5-flash", kind=Kind.TEXT, thinks=True),
        Model(id="gemini-2.5-pro", kind=Kind.TEXT, thinks=True),
        Model(id="gemini-3-flash-preview", kind=Kind.TEXT, thinks=True),
        Model(id="gemini-3-pro-preview", kind=Kind.TEXT, thinks=True),
        _image("gemini-nano-banana-2.1", _FOURTEEN, "1K", "2K", "4K"),
        _image("gemini-3.1-flash-image", _FOURTEEN, "512", "1K", "2K", "4K"),
        _image("gemini-3.1-flash-lite-image", _TEN, "1K"),
        _image("gemini-3-pro-image", _TEN, "1K", "2K", "4K"),
        _image("nano-banana-pro-preview", _TEN, "1K", "2K", "4K"),
        _image("gemini-2.5-flash-image", _TEN),
        _imagen("imagen-4.0-fast-generate-001", "1K"),
        _imagen("imagen-4.0-generate-001", "1K", "2K"),
        _imagen("imagen-4.0-ultra-generate-001", "1K", "2K"),
        Model(id="imagen-3.0-capability-001", kind=Kind.IMAGEN, gemini=False, image=_IMAGEN_EDIT),
        _veo("veo-3.1-generate-001", _VEO_31, vertex=True),
        _veo("veo-3.1-fast-generate-001", _VEO_31_FAST, vertex=True),
        _veo("veo-3.1-lite-generate-001", _VEO_31_LITE, vertex=True),
        _veo("veo-3.1-generate-preview", _VEO_31_PREVIEW),
        _veo("veo-3.1-fast-generate-preview", _VEO_31_PREVIEW),
        _veo("veo-3.1-lite-generate-preview", _VEO_31_LITE_PREVIEW),
        _veo("veo-3.0-generate-001", _VEO_30),
        _veo("veo-3.0-fast-generate-001", _VEO_30),
        _veo("veo-2.0-generate-001", _VEO_20),
        _omni("gemini-omni-1.1-flash", range(3, 11), gemini=True, vertex=False),
        _omni("gemini-omni-1.1-flash-preview", range(3, 11), gemini=False, vertex=True),
        _omni("gemini-omni-1.2-flash", range(3, 16), gemini=True, vertex=True),
        _omni("gemini-omni-flash-preview", range(3, 11), gemini=False, vertex=False),
    )
}

_METHODS: Mapping[Kind, frozenset[str]] = {
    Kind.TEXT: frozenset({"generateContent", "streamGenerateContent", "countTokens", "createInteraction"}),
    Kind.IMAGE: frozenset({"generateContent", "streamGenerateContent", "countTokens", "createInteraction"}),
    Kind.IMAGEN: frozenset({"predict"}),
    Kind.VEO: frozenset({"predictLongRunning", "fetchPredictOperation", "getOperation"}),
    Kind.OMNI: frozenset({"createInteraction", "countTokens"}),
}


def methods(model: Model) -> frozenset[str]:
    """The methods that a model answers to."""
    return _METHODS[model.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Which models a surface serves today."""

    alive_veo_on_gemini: bool = False
    code_assist_images: bool = True
    retired: frozenset[str] = field(default_factory=frozenset)
    revived: frozenset[str] = field(default_factory=frozenset)

    def serves(self, model: Model, surface: Surface) -> bool:
        """Whether the model answers there; a known model that does not is retired or lives elsewhere."""
        if model.id in self.retired:
            return False
        if surface is Surface.VERTEX:
            return model.vertex or model.id in self.revived
        if surface is Surface.CODE_ASSIST:
            return model.kind is Kind.TEXT or (model.kind is Kind.IMAGE and self.code_assist_images)
        return model.gemini or (self.alive_veo_on_gemini and model.kind is Kind.VEO)
