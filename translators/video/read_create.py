"""A request of the Videos API (OpenAI's fields, OpenRouter's, or our own) -> VideoSpec."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from translators.errors import BadRequest
from translators.video.read_config import parse_config, read_config, unanswered
from translators.video.reader import Reader
from translators.video.spec import EarlierVideo, VideoSpec
from translators.video.task import Task, settled
from translators.wire.video_create import BOOKKEEPING, NOT_OFFERED, WITHOUT_EFFECT, VideoCreate

BY_ADDRESS = "video_id"
"""Under which name a video is said that the address names."""


class Action(StrEnum):
    """What the caller wants done; all but the first begin with an existing video."""

    CREATE = "create"
    EDIT = "edit"
    EXTEND = "extend"
    REMIX = "remix"


_TASKS: Mapping[Action, Task | None] = {
    Action.CREATE: None,
    Action.EDIT: Task.EDIT,
    Action.EXTEND: Task.EXTEND,
    Action.REMIX: Task.EDIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCreate:
    """What a request of the Videos API asks for; `model` None means: the one that made the source."""

    spec: VideoSpec
    model: str | None
    edit_or_extend: bool
    """Which of the two was not said: an edit, where the model can."""
    delivery: str | None
    callback_url: str | None
    warnings: tuple[str, ...]

    @property
    def source(self) -> str | None:
        """The id of the earlier job whose video is the input."""
        return self.spec.source.job_id if self.spec.source is not None else None


def parse_create(data: Any) -> VideoCreate:
    """Validate the body. Raises BadRequest naming the field, and for a misspelt one the nearest known name."""
    if not isinstance(data, Mapping):
        raise BadRequest("The request body must be a JSON object.")
    unknown = next((name for name in data if name not in VideoCreate.model_fields), None)
    if unknown is not None:
        near = difflib.get_close_matches(str(unknown), VideoCreate.model_fields, n=1)
        known = sorted(set(VideoCreate.model_fields) - BOOKKEEPING - WITHOUT_EFFECT - NOT_OFFERED)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
        raise BadRequest(f"{unknown} is not known.{hint}", param=str(unknown), code="unknown_parameter")
    try:
        body = VideoCreate.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(f"{first['loc'][0]}: {first['msg']}.", param=str(first["loc"][0])) from None
    refused = next((name for name in sorted(NOT_OFFERED) if getattr(body, name) is not None), None)
    if refused is not None:
        raise BadRequest(f"{refused} is offered by no model here. Leave it out.", param=refused)
    return body


def read_create(
    body: VideoCreate,
    *,
    action: Action = Action.CREATE,
    source: str | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> AskedCreate:
    """Read the video request out of a validated body.

    `source` is the job that the address names (a remix); `defaults` is a `video_config` that holds where the caller
    says nothing. Raises BadRequest naming the field.
    """
    reader = Reader()
    if source is not None:
        reader.put("video", EarlierVideo(job_id=source).as_media(), BY_ADDRESS)
    read_config(body, reader, where="")
    own = parse_config(body.video_config)
    read_config(own, reader)
    said = body.model_fields_set | own.model_fields_set
    read_config(parse_config(unanswered(defaults or {}, said)), reader)
    if action is not Action.CREATE and "video" not in reader.members:
        raise BadRequest('video is required: a file, or {"id": "video_..."}.', param="video")
    reader.named["prompt"] = "prompt"
    prompt = (body.prompt or "").strip()
    if not prompt and (action is not Action.CREATE or "image" not in reader.members):
        raise BadRequest("prompt is required: it says what the video shows.", param="prompt")
    reader.warnings += [f"{name} had no effect here." for name in sorted(WITHOUT_EFFECT) if getattr(body, name)]
    spec, edit_or_extend = settled(reader, prompt, by_address=_TASKS[action])
    return AskedCreate(
        spec=spec,
        model=body.model or None,
        edit_or_extend=edit_or_extend,
        delivery=body.delivery or own.delivery,
        callback_url=body.callback_url or None,
        warnings=tuple(reader.warnings),
    )
