"""A video as it was ordered, whichever API the order came through."""

from dataclasses import dataclass

from proxy.simulator.media.recipe import VideoRecipe
from proxy.simulator.pixels import video_pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOrder:
    """Everything that decides how the clips look; `seconds` is the length of each clip that comes out."""

    model: str
    prompt: str
    mode: str
    seconds: int
    resolution: str
    aspect_ratio: str
    audio: bool
    samples: int = 1
    seed: int | None = None
    first_frame: bytes | None = None
    last_frame: bytes | None = None
    storage_uri: str | None = None

    def recipe(self, sample: int) -> VideoRecipe:
        """How to make the clip number `sample`, from 0."""
        width, height = video_pixels(self.resolution, self.aspect_ratio)
        facts = [f"{self.seconds} s", self.resolution, self.aspect_ratio, "audio" if self.audio else "no audio"]
        if self.seed is not None:
            facts.append(f"seed {self.seed}")
        more = [self.mode] + ([f"sample {sample + 1} of {self.samples}"] if self.samples > 1 else [])
        return VideoRecipe(
            width=width,
            height=height,
            seconds=self.seconds,
            audio=self.audio,
            model=self.model,
            prompt=self.prompt,
            details=("   ".join(facts), "   ".join(more)),
            first_frame=self.first_frame,
            last_frame=self.last_frame,
        )
