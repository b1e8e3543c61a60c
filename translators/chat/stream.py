"""streamGenerateContent's events -> chat completion chunks.

Chunks have CLIProxyAPI's shape (7.2): all four keys in each delta, `role` on each that carries something, usage on the
last without being asked for. Three things differ. Words and media of one event go out in separate chunks, in their
order: LobeHub drops the words of a chunk that has images. All text parts of an event are kept. `finish_reason` is told
truly, and `[DONE]` follows only an answer that Google has finished: a stream that breaks ends in an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Literal

from translators.chat.answer_parts import Tally, is_media, logprobs_from_google, message_members
from translators.chat.citations import annotations_of
from translators.chat.conclusion import Conclusion, conclude, conclude_blocked
from translators.chat.response import call_prefix, empty_answer, grounding, unix_time
from translators.errors import ApiError, UpstreamFailed
from translators.usage import usage_from_google
from translators.wire.google import Candidate, GenerateContentAnswer, Part, PromptFeedback, UsageMetadata

DONE: Final = "[DONE]"
"""The data of the event that ends a good stream."""

Item = dict[str, Any] | Literal["[DONE]"]
"""What goes into one event: JSON, or the end."""


@dataclass(slots=True, kw_only=True)
class _Choice:
    tally: Tally
    finish_reason: str | None = None
    finish_message: str | None = None
    grounding_metadata: dict[str, Any] | None = None
    content: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ChatStream:
    """One streamed answer.

    Feed it the events, then call `finish` when the upstream has ended by itself, or `fail` when anything went wrong.
    `id`, `created` (unix seconds) and `model` are used where Google's first event names none of its own. `asked` is
    the request's `n`: after a break, fewer finished choices are not the whole answer.
    """

    id: str
    created: int
    model: str
    original_names: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    asked: int = 1
    _choices: dict[int, _Choice] = field(default_factory=dict)
    _feedback: PromptFeedback | None = None
    _usage: UsageMetadata | None = None
    _begun: bool = False

    def feed(self, event: GenerateContentAnswer) -> list[dict[str, Any]]:
        """The chunks of one event.

        Raises UpstreamFailed for an event that is an error; who knows Google's errors better looks at `event.error`
        before. Either way, `fail` is what comes next.
        """
        if event.error is not None:
            raise UpstreamFailed(f"Google broke the answer off: {event.error.get('message') or 'no reason given'}")
        self._begin(event)
        self._usage = event.usage_metadata or self._usage
        if event.prompt_feedback is not None and event.prompt_feedback.block_reason is not None:
            self._feedback = event.prompt_feedback
        return [chunk for candidate in event.candidates for chunk in self._candidate_chunks(candidate)]

    def finish(self) -> list[Item]:
        """The end of an upstream that ended by itself: last chunks and `[DONE]`, or an error if a part is missing."""
        if not self._choices:
            return self._finish_blocked() if self._feedback is not None else [empty_answer().body()]
        if not self._whole:
            return [UpstreamFailed("Google ended the answer without finishing it.", code="upstream_stream_cut").body()]
        *others, last = sorted(self._choices.items())
        return [
            *(chunk for index, choice in others for chunk in self._ending_chunks(index, choice)),
            *self._last(list(self._ending_chunks(*last))),
        ]

    def fail(self, error: ApiError) -> list[Item]:
        """The end of an upstream that broke. An answer that Google had already finished is whole, and ends well."""
        complete = self._whole and (len(self._choices) >= self.asked or self._feedback is not None)
        return self.finish() if complete else [error.body()]

    @property
    def _whole(self) -> bool:
        finished = bool(self._choices) and all(choice.finish_reason for choice in self._choices.values())
        return finished or (self._feedback is not None and not self._choices)

    def _begin(self, event: GenerateContentAnswer) -> None:
        # Clients take chunks with one id, time and model for one answer: the first event settles them.
        if not self._begun:
            self._begun = True
            self.id = event.response_id or self.id
            self.created = unix_time(event.create_time, self.created)
            self.model = event.model_version or self.model

    def _choice_at(self, index: int) -> _Choice:
        if index not in self._choices:
            tally = Tally(call_prefix=call_prefix(self.id, index), original_names=self.original_names)
            self._choices[index] = _Choice(tally=tally)
        return self._choices[index]

    def _candidate_chunks(self, candidate: Candidate) -> Iterator[dict[str, Any]]:
        choice = self._choice_at(candidate.index)
        choice.finish_reason = candidate.finish_reason or choice.finish_reason
        choice.finish_message = candidate.finish_message or choice.finish_message
        choice.grounding_metadata = candidate.grounding_metadata or choice.grounding_metadata
        logprobs = logprobs_from_google(candidate.logprobs_result)
        deltas = [delta for delta in self._deltas(candidate, choice) if delta]
        if logprobs and not deltas:
            deltas = [_delta()]
        for number, delta in enumerate(deltas):
            yield self._chunk(candidate.index, delta, **({"logprobs": logprobs} if logprobs and not number else {}))

    def _deltas(self, candidate: Candidate, choice: _Choice) -> Iterator[dict[str, Any] | None]:
        parts: Sequence[Part] = candidate.content.parts if candidate.content else []
        for _, run in groupby(parts, key=is_media):
            calls_before = choice.tally.calls
            members = message_members(list(run), choice.tally)
            choice.content.append(members["content"] or "")
            for number, call in enumerate(members["tool_calls"] or ()):
                call["index"] = calls_before + number
            # A run of thought images has nothing to say.
            yield _delta(**members) if any(value is not None for value in members.values()) else None

    def _ending_chunks(self, index: int, choice: _Choice) -> Iterator[dict[str, Any]]:
        ending = conclude(choice.finish_reason, choice.finish_message, choice.tally)
        if cited := annotations_of(choice.grounding_metadata, "".join(choice.content)):
            yield self._chunk(index, _delta(annotations=cited))
        yield from self._end(index, ending, told=choice.tally.said, **grounding(choice.grounding_metadata))

    def _finish_blocked(self) -> list[Item]:
        assert self._feedback is not None  # noqa: S101 - the caller looked
        return self._last(list(self._end(0, conclude_blocked(self._feedback), told=False)))

    def _end(self, index: int, ending: Conclusion, *, told: bool, **members: Any) -> Iterator[dict[str, Any]]:
        if ending.sentence and not told:
            yield self._chunk(index, _delta(content=ending.sentence))
        # The error stays inside the choice: a top-level `error` in any chunk makes OpenAI's SDKs raise, after the
        # caller has already read the words (measured with openai-python 2.54 and 3.52).
        yield self._chunk(
            index,
            _delta(),
            finish_reason=ending.finish_reason,
            native_finish_reason=ending.native_finish_reason,
            **({"error": ending.error} if ending.error else {}),
            **members,
        )

    def _last(self, chunks: list[dict[str, Any]]) -> list[Item]:
        usage = usage_from_google(self._usage)
        extra = {
            **({"usage": usage} if usage else {}),
            **({"warnings": list(self.warnings)} if self.warnings else {}),
        }
        return [*chunks[:-1], {**chunks[-1], **extra}, DONE]

    def _chunk(self, index: int, delta: dict[str, Any], **members: Any) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [
                {"index": index, "delta": delta, "finish_reason": None, "native_finish_reason": None, **members}
            ],
        }


def _delta(
    *,
    content: str | None = None,
    reasoning_content: str | None = None,
    tool_calls: list[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    carries = content is not None or reasoning_content is not None or tool_calls is not None or bool(more)
    return {
        "role": "assistant" if carries else None,
        "content": content,
        "reasoning_content": reasoning_content,
        "tool_calls": tool_calls,
        **more,
    }
