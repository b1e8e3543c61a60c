"""What a model takes in another way is changed with a word to the caller, and nothing else is."""

from typing import Any

import pytest

from tests.video_requests import target_of
from translators.video.adapt import adapt
from translators.video.spec import VideoSpec
from translators.wire.call import Surface

OMNI = target_of("gemini-omni-1.2-flash", Surface.GEMINI)
VEO = target_of("veo-3.1-generate-001", Surface.VERTEX)
PREVIEW = target_of("veo-3.1-generate-preview", Surface.GEMINI)
SILENT = target_of("veo-2.0-generate-001", Surface.VERTEX)


def spec_of(**members: Any) -> VideoSpec:
    return VideoSpec(**{"prompt": "A red fox", **members})


@pytest.mark.parametrize(("prompt", "folded"), [("A red fox", "A red fox\n\nAvoid: dogs"), ("", "Avoid: dogs")])
def test_a_negative_prompt_is_folded_into_omnis(prompt: str, folded: str) -> None:
    """Omni reads it in the prompt, and the caller hears so."""
    adapted = adapt(spec_of(prompt=prompt, negative_prompt="dogs"), OMNI)

    assert adapted.spec == spec_of(prompt=folded)
    assert len(adapted.warnings) == 1
    assert adapted.warnings[0].startswith("video_config.negative_prompt ")


@pytest.mark.parametrize("member", ["person_generation", "enhance_prompt"])
def test_what_omni_has_no_switch_for_is_left_out_and_told(member: str) -> None:
    """The warning names the field as the caller wrote it, even where the value is false."""
    adapted = adapt(spec_of(**{member: False, "named": {member: "what_they_wrote"}}), OMNI)

    assert adapted.spec == spec_of()
    assert [warning.split(" ")[0] for warning in adapted.warnings] == ["what_they_wrote"]


@pytest.mark.parametrize(
    ("target", "value", "sent"),
    [(VEO, True, True), (VEO, False, False), (PREVIEW, True, None), (OMNI, True, None), (SILENT, False, None)],
)
def test_sound_is_said_only_where_there_is_a_switch(target: Any, value: bool, sent: bool | None) -> None:
    """Where the model does it anyway, nothing is sent and there is nothing to tell."""
    adapted = adapt(spec_of(generate_audio=value), target)

    assert adapted.spec.generate_audio is sent
    assert adapted.warnings == ()


def test_veo_takes_everything_as_it_is() -> None:
    """A model that has the parameters gets the request unchanged."""
    spec = spec_of(negative_prompt="dogs", person_generation="allow_all", enhance_prompt=False, generate_audio=True)

    adapted = adapt(spec, VEO)

    assert adapted.spec is spec
    assert adapted.warnings == ()
