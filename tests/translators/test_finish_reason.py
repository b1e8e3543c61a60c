"""Every word of Google's has a row, and only whole answers are `stop`."""

import pytest
from google.genai import types

from translators.finish_reason import BLOCKS, ENDINGS, FinishReason, ending_of_candidate, ending_of_prompt

UNREMARKABLE = {"STOP", "FINISH_REASON_UNSPECIFIED", "MAX_TOKENS", "CONTINUATION"}


def test_all_of_googles_words_have_a_row() -> None:
    """The tables hold exactly the words that Google's own SDK knows."""
    assert set(ENDINGS) == {word.value for word in types.FinishReason}
    assert set(BLOCKS) == {word.value for word in types.BlockedReason}


@pytest.mark.parametrize("native", sorted(ENDINGS))
def test_what_is_not_whole_is_told(native: str) -> None:
    """An answer that was cut or withheld is content_filter and has a sentence; no other has one."""
    ending = ending_of_candidate(native)

    assert (ending.sentence is None) == (native in UNREMARKABLE)
    assert (ending.finish_reason is FinishReason.CONTENT_FILTER) == (native not in UNREMARKABLE)


@pytest.mark.parametrize("native", sorted(BLOCKS))
def test_a_blocked_prompt_is_told(native: str) -> None:
    """A blocked prompt always has a sentence."""
    assert ending_of_prompt(native).sentence


def test_words_from_the_future_are_named() -> None:
    """A word that nobody here knows counts as withheld, and is told as it came."""
    assert ending_of_candidate("NEW_REASON").sentence == "Google stopped the answer: NEW_REASON."
    assert ending_of_candidate("NEW_REASON").code == "new_reason"
    assert ending_of_prompt("NEW_REASON").sentence == "Google blocked the prompt: NEW_REASON."


def test_a_relays_word_for_a_tool_call() -> None:
    """`FUNCTION_CALL` is not Google's and means that the answer is whole."""
    assert ending_of_candidate("FUNCTION_CALL").sentence is None
