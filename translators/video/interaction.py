"""An interaction with an Omni model -> what it means (Interactions API, steps schema of 2026-06)."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from translators.errors import ApiError, BadRequest, QuotaExhausted, UpstreamFailed
from translators.google_errors import operation_error
from translators.sse import SseParser
from translators.video.outcome import Failed, Outcome, Pending, RemoteVideo, Succeeded

ENDED: Mapping[str, str] = {
    "failed": "Google could not make the video",
    "cancelled": "The interaction was cancelled",
    "incomplete": "Google stopped before the video was complete",
    "requires_action": "Google waits for an action that a video job does not have",
}
FINAL = frozenset({"completed", "budget_exceeded", *ENDED})
"""Any other word means that it goes on: giving up on a word that Google adds one day would lose a paid video."""

MOST_WORDS = 500
"""Characters of a model's words that an error message repeats."""


def read_interaction_id(answer: Mapping[str, Any]) -> str | None:
    """The id in the answer to a create; None if there is none."""
    name = answer.get("id")
    return name if isinstance(name, str) and name else None


def read_streamed_interaction(body: bytes) -> Mapping[str, Any]:
    """The interaction that a stream of events announces; empty if it announces none.

    Google streams only when asked to. Symptom: the id was missed, and a paid job was reported as uncertain. Source:
    @copilotkit/aimock 1.43, which streams unless told not to. Pinned by
    tests/clients/test_foreign_upstream.py::test_omni_answers_at_once.
    """
    for event in SseParser().feed(body):
        try:
            said: Any = orjson.loads(event.data)
        except orjson.JSONDecodeError:
            continue
        interaction = said.get("interaction") if isinstance(said, Mapping) else None
        if isinstance(interaction, Mapping) and read_interaction_id(interaction) is not None:
            return interaction
    return {}


def read_interaction(answer: Mapping[str, Any]) -> Outcome:
    """Say what an interaction means: still pending, the videos it made, or why there are none."""
    status = str(answer.get("status"))
    if status not in FINAL:
        return Pending()
    videos = tuple(_videos(answer))
    usage = read_usage(answer)
    if status == "completed" and videos:
        return Succeeded(videos=videos, usage=usage)
    return Failed(_failure(status, answer, usage))


def read_usage(answer: Mapping[str, Any]) -> dict[str, int] | None:
    """Google's token counts under OpenAI's names; None where Google counted nothing.

    What of the completion is not video is told above nought: `reasoning_tokens` and `text_tokens`.
    """
    usage = answer.get("usage")
    if not isinstance(usage, Mapping) or "total_tokens" not in usage:
        return None
    return {
        "prompt_tokens": _tokens(usage, "total_input_tokens"),
        "completion_tokens": _tokens(usage, "total_output_tokens") + _tokens(usage, "total_thought_tokens"),
        "total_tokens": _tokens(usage, "total_tokens"),
        **{name: count for name, count in _not_video(usage) if count > 0},
    }


def _not_video(usage: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "reasoning_tokens", _tokens(usage, "total_thought_tokens")
    made = [count for count in _objects(usage.get("output_tokens_by_modality")) if count.get("modality") == "text"]
    yield "text_tokens", sum(_tokens(count, "tokens") for count in made)


def _tokens(usage: Mapping[str, Any], name: str) -> int:
    count = usage.get(name)
    return count if isinstance(count, int) else 0


def _videos(answer: Mapping[str, Any]) -> Iterator[RemoteVideo]:
    made = (step for step in _objects(answer.get("steps")) if step.get("type") == "model_output")
    for part in (part for step in made for part in _objects(step.get("content")) if part.get("type") == "video"):
        uri, data, mime_type = part.get("uri"), part.get("data"), str(part.get("mime_type") or "video/mp4")
        if isinstance(data, str) and data:
            yield RemoteVideo(data=data, mime_type=mime_type)
        elif isinstance(uri, str) and uri:
            yield RemoteVideo(uri=uri, mime_type=mime_type)


def _failure(status: str, answer: Mapping[str, Any], usage: Mapping[str, int] | None) -> ApiError:
    name = answer.get("id", "unnamed")
    told = [
        *(error for step in _objects(answer.get("steps")) for error in _objects([step.get("error")])),
        *_objects(answer.get("errors")),
    ]
    if told:
        return operation_error(told[0])
    if status == "budget_exceeded":
        return QuotaExhausted(
            f"The spending limit of the Google project was reached (interaction {name}). The operator must raise it.",
            should_retry=False,
        )
    if status == "completed":
        said = " ".join(_words(answer))[:MOST_WORDS]
        words = f" The model said: {said}" if said else ""
        if usage is not None and usage["completion_tokens"] == 0:
            # Gemini API docs, 2026-11: a block or a regional restriction ends "completed" with no output at all.
            return BadRequest(
                f"Google completed the interaction {name} without making anything: the request was blocked by its "
                "safety policy, or video is restricted in the caller's region. Nothing was billed for output."
                f"{words}",
                code="content_filter",
                should_retry=False,
            )
        return UpstreamFailed(
            f"Google completed the interaction {name} without a video.{words}", code="empty_result", should_retry=False
        )
    return UpstreamFailed(f"{ENDED[status]} (interaction {name}).", code=f"interaction_{status}", should_retry=False)


def _words(answer: Mapping[str, Any]) -> Iterator[str]:
    """What the model says beside, or instead of, a video."""
    made = (step for step in _objects(answer.get("steps")) if step.get("type") == "model_output")
    for part in (part for step in made for part in _objects(step.get("content")) if part.get("type") == "text"):
        if isinstance(part.get("text"), str):
            yield part["text"]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list that came over the wire; nothing where there is no list."""
    return [entry for entry in value if isinstance(entry, Mapping) and entry] if isinstance(value, list) else []
