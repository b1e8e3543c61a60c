"""What a model takes in another way than it was asked: the changed request, and the sentences that tell the caller.

Omni has no negative prompt, no person switch and no prompt rewriting (Gemini API docs, video generation, 2026-11).
"""

from dataclasses import dataclass, replace
from typing import Any

from translators.catalog import Audio
from translators.resolve import Target
from translators.video.spec import VideoSpec


@dataclass(frozen=True, slots=True)
class Adapted:
    """A request as the target's model takes it."""

    spec: VideoSpec
    warnings: tuple[str, ...]


def adapt(spec: VideoSpec, target: Target) -> Adapted:
    """Fold into the prompt what the model only takes there; leave out, with a word, what cannot change its answer."""
    known = target.video.parameters
    warnings: list[str] = []
    changed = spec
    if spec.negative_prompt and "negative_prompt" not in known:
        changed = replace(
            changed, prompt=f"{spec.prompt}\n\nAvoid: {spec.negative_prompt}".strip(), negative_prompt=None
        )
        warnings.append(
            f"{spec.field('negative_prompt')} was written into the prompt: {target.model.id} has no such parameter."
        )
    for member in ("person_generation", "enhance_prompt"):
        if getattr(spec, member) is not None and member not in known:
            left_out: dict[str, Any] = {member: None}
            changed = replace(changed, **left_out)
            warnings.append(f"{spec.field(member)} was left out: {target.model.id} has no such parameter.")
    if spec.generate_audio is not None and target.video.audio is not Audio.TOGGLE:
        # Validation has passed, so the value asked for is what the model does anyway.
        changed = replace(changed, generate_audio=None)
    return Adapted(changed, tuple(warnings))
