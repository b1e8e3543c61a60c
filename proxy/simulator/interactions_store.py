"""Interactions that were asked to be stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from proxy.simulator.models import Surface
from proxy.simulator.video_jobs import VideoJob


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One interaction: a text or picture at once (`output`), or a video job."""

    id: str
    surface: Surface
    model: str
    created: datetime
    input_steps: list[dict[str, Any]]
    input_tokens: dict[str, int]
    delivery: str = "inline"
    gcs_uri: str | None = None
    job: VideoJob | None = None
    output: list[dict[str, Any]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


class InteractionStore:
    """By id and surface: an interaction of one surface does not exist on the other."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Surface, str], Interaction] = {}

    def put(self, interaction: Interaction) -> None:
        """Keep one."""
        self._kept[interaction.surface, interaction.id] = interaction

    def get(self, surface: Surface, interaction_id: str) -> Interaction | None:
        """Find one."""
        return self._kept.get((surface, interaction_id))

    def delete(self, surface: Surface, interaction_id: str) -> None:
        """Forget one."""
        self._kept.pop((surface, interaction_id), None)
