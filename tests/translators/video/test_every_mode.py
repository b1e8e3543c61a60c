"""The audit: for each mode on each backend there is a golden pair that asks for it, or a refusal that says who can."""

from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.golden_cases import read_cases
from tests.video_requests import relay, shipped_catalog, target_of
from translators.catalog import Kind, Mode
from translators.errors import BadRequest
from translators.resolve import resolve
from translators.video.read_chat import read_chat
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.video.validate import MODE_FIELDS, NO_SUCH_MODE, validate
from translators.video.who_can import who_can
from translators.wire.call import Surface
from translators.wire.openai import ChatCompletionRequest

GEMINI, VERTEX = Surface.GEMINI, Surface.VERTEX
BACKENDS: Mapping[str, tuple[Surface, tuple[str, ...]]] = {
    "gemini": (GEMINI, ("veo-3.1-generate-preview",)),
    "vertex": (VERTEX, ("veo-3.1-generate-001", "veo-2.0-generate-001")),
    "omni-gemini": (GEMINI, ("gemini-omni-1.2-flash",)),
    "omni-vertex": (VERTEX, ("gemini-omni-1.2-flash",)),
}
"""Each with the models that together have all its modes."""
PICTURE, CLIP = VideoMedia(mime_type="image/png", data="QUJD"), VideoMedia(mime_type="video/mp4", data="QUJD")
ASKING: Mapping[Mode, VideoSpec] = {
    Mode.TEXT: VideoSpec(prompt="p"),
    Mode.IMAGE: VideoSpec(prompt="p", image=PICTURE),
    Mode.FIRST_LAST: VideoSpec(prompt="p", image=PICTURE, last_frame=PICTURE),
    Mode.REFERENCE_ASSET: VideoSpec(prompt="p", references=(Reference(media=PICTURE),)),
    Mode.REFERENCE_STYLE: VideoSpec(prompt="p", references=(Reference(media=PICTURE, style=True),)),
    Mode.EXTENSION: VideoSpec(prompt="p", video=CLIP),
    Mode.EDIT: VideoSpec(prompt="p", video=CLIP, editing=True),
    Mode.INSERT: VideoSpec(prompt="p", video=CLIP, mask=PICTURE),
    Mode.REMOVE: VideoSpec(prompt="p", video=CLIP, mask=PICTURE, mask_mode="remove"),
}
ABLE: Mapping[Mode, tuple[str, ...]] = {
    **dict.fromkeys((Mode.TEXT, Mode.IMAGE, Mode.FIRST_LAST, Mode.REFERENCE_ASSET, Mode.EXTENSION), tuple(BACKENDS)),
    **dict.fromkeys((Mode.REFERENCE_STYLE, Mode.INSERT, Mode.REMOVE), ("vertex",)),
    Mode.EDIT: ("omni-gemini", "omni-vertex"),
}
"""Gemini API docs, Veo and Omni; Vertex AI docs, Veo and Omni, 2026-11."""


def pairs() -> dict[tuple[Mode, str], list[str]]:
    """The golden pairs of each cell."""
    found: dict[tuple[Mode, str], list[str]] = defaultdict(list)
    for case in read_cases("video/requests"):
        asked = read_chat(ChatCompletionRequest.model_validate(case.openai))
        omni = "omni-" if "input" in case.google else ""
        found[asked.spec.mode, f"{omni}{case.more['surface']}"].append(case.name)
    return found


def test_every_cell_that_can_has_a_pair() -> None:
    """And no other one has."""
    assert set(pairs()) == {(mode, backend) for mode, backends in ABLE.items() for backend in backends}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", Mode)
def test_every_cell_is_served_or_refused(mode: Mode, backend: str) -> None:
    """What the catalogue says of a backend's models is the table's; a refusal names the field, and then who can."""
    surface, models = BACKENDS[backend]
    spec = ASKING[mode]
    assert spec.mode is mode
    refusals = []
    for model in models:
        try:
            validate(spec, target_of(model, surface))
        except BadRequest as refusal:
            refusals.append(refusal)

    assert (len(refusals) < len(models)) == (backend in ABLE[mode])
    for refusal in refusals:
        assert (refusal.param, refusal.code) == (spec.field(MODE_FIELDS[mode]), NO_SUCH_MODE)


@pytest.mark.parametrize("mode", Mode)
def test_a_refusal_without_a_way_out_here_names_who_could(mode: Mode) -> None:
    """Every mode has or had a model somewhere."""
    catalog = shipped_catalog()
    told = who_can(mode, "field", resolve(catalog, "gemini-omni-1.2-flash", [relay(GEMINI)]), (), catalog)
    named = {
        name
        for name, model in catalog.models.items()
        if model.kind is Kind.VIDEO and any(s.video and mode in s.video.modes for s in model.served.values())
    }
    assert any(name in told for name in named)
