"""Why an answer ended: Google's word, OpenAI's word, and a sentence for people where the answer is not whole.

OpenAI has four words and Google some twenty-five. `stop` is kept for answers that are whole. Everything Google cut or
withheld becomes `content_filter`, also where no filter was at work (a malformed call, an abandoned image): it is the
one word of OpenAI's that says "something is missing", strict clients reject a fifth, and `stop` would lie. The exact
reason stands beside it, in `native_finish_reason` and in the choice's `error`.

Words from google-genai 3.4.0, types.FinishReason and types.BlockedReason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FinishReason(StrEnum):
    """OpenAI's words."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an answer ended. `sentence` is None when the answer is whole, or only cut at its token limit."""

    finish_reason: FinishReason
    code: str
    sentence: str | None = None


def _withheld(code: str, sentence: str) -> Ending:
    return Ending(finish_reason=FinishReason.CONTENT_FILTER, code=code, sentence=sentence)


STOPPED = Ending(finish_reason=FinishReason.STOP, code="stop")
CUT = Ending(finish_reason=FinishReason.LENGTH, code="length")
EMPTY = Ending(
    finish_reason=FinishReason.STOP,
    code="empty_answer",
    sentence="The model ended its answer without saying or making anything. Ask again, or ask differently.",
)
"""The model stopped of itself and left nothing behind: true, but worth saying."""

ENDINGS: Mapping[str, Ending] = {
    "STOP": STOPPED,
    "FINISH_REASON_UNSPECIFIED": STOPPED,
    "MAX_TOKENS": CUT,
    "CONTINUATION": CUT,
    "SAFETY": _withheld("safety", "Google's safety filter stopped the answer."),
    "RECITATION": _withheld("recitation", "Google stopped the answer because it repeated a known source."),
    "LANGUAGE": _withheld("language", "Google stopped the answer because its language is not supported."),
    "OTHER": _withheld("other", "Google stopped the answer and gave no reason."),
    "BLOCKLIST": _withheld("blocklist", "Google stopped the answer because it contained a blocked term."),
    "PROHIBITED_CONTENT": _withheld("prohibited_content", "Google stopped the answer as prohibited content."),
    "SPII": _withheld("spii", "Google stopped the answer because it contained sensitive personal information."),
    "MODEL_ARMOR": _withheld("model_armor", "The project's Model Armor policy stopped the answer."),
    "ESCALATION": _withheld("escalation", "An escalation rule of Google's stopped the answer."),
    "PUP_LIMITED_DISABLED": _withheld(
        "pup_limited_disabled", "Google has limited this account for violations of its prohibited use policy."
    ),
    "MALFORMED_FUNCTION_CALL": _withheld(
        "malformed_function_call", "The model wrote a function call that cannot be read. Ask again."
    ),
    "UNEXPECTED_TOOL_CALL": _withheld(
        "unexpected_tool_call", "The model called a function that was not declared or not allowed. Ask again."
    ),
    "TOO_MANY_TOOL_CALLS": _withheld(
        "too_many_tool_calls", "The model called Google's own tools too often and was stopped before an answer."
    ),
    "MISSING_THOUGHT_SIGNATURE": _withheld(
        "missing_thought_signature",
        "Google misses a thought signature in the history. Send tool calls back with their extra_content.",
    ),
    "MALFORMED_RESPONSE": _withheld("malformed_response", "The model's answer was malformed. Ask again."),
    "IMAGE_SAFETY": _withheld("image_safety", "Google's safety filter withheld the image."),
    "IMAGE_PROHIBITED_CONTENT": _withheld("image_prohibited_content", "Google withheld the image as prohibited."),
    "IMAGE_RECITATION": _withheld("image_recitation", "Google withheld the image because it repeats a known source."),
    "IMAGE_OTHER": _withheld("image_other", "Google stopped making the image and gave no reason."),
    "NO_IMAGE": _withheld("no_image", "The model was expected to make an image and made none. Ask for one plainly."),
}

RELAYED: Mapping[str, Ending] = {"FUNCTION_CALL": STOPPED}
"""Words that are not Google's and stand for an answer that is whole.

Symptom: a tool call was reported as withheld. Source: @copilotkit/aimock 1.43 as upstream. Pinned by
tests/clients/test_foreign_upstream.py::test_tools.
"""

BLOCKS: Mapping[str, Ending] = {
    "SAFETY": _withheld("safety", "Google's safety filter blocked the prompt."),
    "OTHER": _withheld("other", "Google blocked the prompt and gave no reason."),
    "BLOCKED_REASON_UNSPECIFIED": _withheld("other", "Google blocked the prompt and gave no reason."),
    "BLOCKLIST": _withheld("blocklist", "Google blocked the prompt because it contains a blocked term."),
    "PROHIBITED_CONTENT": _withheld("prohibited_content", "Google blocked the prompt as prohibited content."),
    "IMAGE_SAFETY": _withheld("image_safety", "Google blocked the prompt as unsafe for making images."),
    "MODEL_ARMOR": _withheld("model_armor", "The project's Model Armor policy blocked the prompt."),
    "JAILBREAK": _withheld("jailbreak", "Google blocked the prompt as an attempt to circumvent its rules."),
}


def ending_of_candidate(native: str) -> Ending:
    """What a candidate's finishReason means; a word from the future counts as withheld, and is named."""
    known = ENDINGS.get(native) or RELAYED.get(native)
    return known or _withheld(native.lower(), f"Google stopped the answer: {native}.")


def ending_of_prompt(native: str) -> Ending:
    """What promptFeedback.blockReason means; a word from the future is named."""
    return BLOCKS.get(native) or _withheld(native.lower(), f"Google blocked the prompt: {native}.")
