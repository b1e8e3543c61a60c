"""How one choice ends: OpenAI's word, Google's own, and what a person must be told."""

from dataclasses import dataclass, replace
from typing import Any

from translators.chat.answer_parts import Tally
from translators.finish_reason import CUT, EMPTY, STOPPED, Ending, FinishReason, ending_of_candidate, ending_of_prompt
from translators.wire.google import PromptFeedback

_EMPTY_AT_LIMIT = replace(
    CUT,
    code="empty_answer",
    sentence="The token limit was used up before the model said anything; raise max_tokens or ask for less thinking.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """`sentence` is for people and None when the answer is whole; `error` is the same for programs."""

    finish_reason: str | None
    native_finish_reason: str | None
    code: str | None = None
    sentence: str | None = None

    @property
    def error(self) -> dict[str, Any] | None:
        """`{"code", "message"}`, or None when the answer is whole."""
        return {"code": self.code, "message": self.sentence} if self.sentence else None


def conclude(native: str | None, message: str | None, tally: Tally) -> Conclusion:
    """What a candidate's finishReason and finishMessage mean for a choice that said what `tally` holds.

    Without a finishReason (Google may leave it out) nothing is claimed: both reasons are None.
    """
    if native is None:
        return Conclusion(finish_reason=None, native_finish_reason=None)
    ending = ending_of_candidate(native)
    if ending.sentence is None and tally.calls:
        ending = replace(ending, finish_reason=FinishReason.TOOL_CALLS)
    elif ending is STOPPED and not tally.said:
        ending = EMPTY
    elif ending is CUT and not tally.said:
        ending = _EMPTY_AT_LIMIT
    return _concluded(ending, native, message)


def conclude_blocked(feedback: PromptFeedback) -> Conclusion:
    """What promptFeedback means when there is no candidate; `feedback.block_reason` is set."""
    native = feedback.block_reason or "BLOCKED_REASON_UNSPECIFIED"
    return _concluded(ending_of_prompt(native), native, feedback.block_reason_message)


def _concluded(ending: Ending, native: str, message: str | None) -> Conclusion:
    words = f"{ending.sentence} Google says: {message}" if ending.sentence and message else ending.sentence
    return Conclusion(
        finish_reason=ending.finish_reason.value,
        native_finish_reason=native.lower(),
        code=ending.code,
        sentence=words,
    )
