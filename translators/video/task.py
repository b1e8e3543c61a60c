"""What is to be done with the media that came along: said by `task`, by the address, or left to what came.

Words: `generation_config.video_config.task` of the Interactions API, `parameters.task` of Veo on Vertex AI (2026-11).
"""

from collections.abc import Mapping
from enum import StrEnum

from translators.catalog import Mode
from translators.errors import BadRequest
from translators.video.reader import Reader
from translators.video.spec import VideoSpec


class Task(StrEnum):
    """Google's five tasks."""

    TEXT = "text_to_video"
    IMAGE = "image_to_video"
    REFERENCE = "reference_to_video"
    EDIT = "edit"
    EXTEND = "extend"


_SHORT = {"text": Task.TEXT, "image": Task.IMAGE, "reference": Task.REFERENCE, "extension": Task.EXTEND}
_WORDS: Mapping[str, Task] = {**{task.value.replace("_", ""): task for task in Task}, **_SHORT}
_MODES: Mapping[Task, tuple[Mode, ...]] = {
    Task.TEXT: (Mode.TEXT,),
    Task.IMAGE: (Mode.IMAGE, Mode.FIRST_LAST),
    Task.REFERENCE: (Mode.REFERENCE_ASSET, Mode.REFERENCE_STYLE),
    Task.EDIT: (Mode.EDIT, Mode.INSERT, Mode.REMOVE),
    Task.EXTEND: (Mode.EXTENSION,),
}
_NEEDS: Mapping[Task, str] = {
    Task.TEXT: "no picture and no video",
    Task.IMAGE: "`image`, and perhaps `last_frame`",
    Task.REFERENCE: "`reference_images`",
    Task.EDIT: "`video`",
    Task.EXTEND: "`video` without a mask",
}


def read_task(value: str, name: str) -> Task:
    """ "edit", "extend", "image_to_video", "imageToVideo" and the like. Raises BadRequest."""
    task = _WORDS.get(value.lower().replace("_", "").replace("-", ""))
    if task is None:
        raise BadRequest(f"{name} is {value!r}; allowed are {', '.join(Task)}.", param=name)
    return task


def settled(reader: Reader, prompt: str, *, by_address: Task | None = None) -> tuple[VideoSpec, bool]:
    """The request, and whether it was left open if its video is to be edited or extended.

    `by_address` is what the request's own address asks for. Raises BadRequest for a task that does not fit.
    """
    members = dict(reader.members)
    said: Task | None = members.pop("task", None)
    if by_address is not None and said not in (None, by_address):
        raise BadRequest(
            f"{reader.named['task']} is {said}, and this address is for {by_address}. Leave it out.",
            param=reader.named["task"],
        )
    task = by_address or said or (Task.EDIT if reader.follows_interaction else None)
    editing = task is Task.EDIT and "video" in members and "mask" not in members
    spec = VideoSpec(prompt=prompt, named=reader.named, editing=editing, **members)
    if said is not None and spec.mode not in _MODES[said]:
        raise BadRequest(
            f"{spec.field('task')} is {said}, which goes with {_NEEDS[said]}; what was sent asks for {spec.mode}.",
            param=spec.field("task"),
        )
    return spec, task is None and reader.follows_job
