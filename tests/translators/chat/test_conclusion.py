"""How a choice ends is told truly."""

import pytest

from translators.chat.answer_parts import Tally
from translators.chat.conclusion import conclude, conclude_blocked
from translators.wire.google import PromptFeedback


@pytest.mark.parametrize(
    ("native", "said", "calls", "word", "code"),
    [
        ("STOP", True, 0, "stop", None),
        ("STOP", True, 1, "tool_calls", None),
        ("MAX_TOKENS", True, 1, "tool_calls", None),
        ("MAX_TOKENS", True, 0, "length", None),
        ("STOP", False, 0, "stop", "empty_answer"),
        ("MAX_TOKENS", False, 0, "length", "empty_answer"),
        ("SAFETY", True, 1, "content_filter", "safety"),
        ("MALFORMED_FUNCTION_CALL", False, 0, "content_filter", "malformed_function_call"),
        ("NO_IMAGE", True, 0, "content_filter", "no_image"),
    ],
)
def test_conclude(native: str, said: bool, calls: int, word: str, code: str | None) -> None:
    """A tool call makes a whole answer `tool_calls`, and never hides a failure; emptiness is told."""
    ending = conclude(native, None, Tally(call_prefix="r", said=said, calls=calls))

    assert (ending.finish_reason, ending.native_finish_reason) == (word, native.lower())
    assert (ending.error or {}).get("code") == code


def test_no_reason_is_no_reason() -> None:
    """Where Google gives none, none is made up."""
    ending = conclude(None, None, Tally(call_prefix="r"))

    assert (ending.finish_reason, ending.native_finish_reason, ending.error) == (None, None, None)


def test_googles_own_words_are_added() -> None:
    """finishMessage and blockReasonMessage reach the caller, where something is missing."""
    cut = conclude("SAFETY", "Because.", Tally(call_prefix="r"))
    whole = conclude("STOP", "Because.", Tally(call_prefix="r", said=True))
    blocked = conclude_blocked(PromptFeedback(block_reason="OTHER", block_reason_message="Because."))

    assert cut.sentence == "Google's safety filter stopped the answer. Google says: Because."
    assert whole.sentence is None
    assert blocked.sentence == "Google blocked the prompt and gave no reason. Google says: Because."


def test_a_block_without_reason_is_told_as_such() -> None:
    """Feedback that names no reason is a block for reasons unknown."""
    assert conclude_blocked(PromptFeedback()).native_finish_reason == "blocked_reason_unspecified"
