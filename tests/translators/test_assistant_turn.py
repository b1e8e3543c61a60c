"""The pieces of one answer are put together again as one message."""

import pytest

from translators.assistant_turn import AssistantTurn, is_marked, marked
from translators.wire.openai import AssistantMessage, TextPart

SIGNATURE = marked("abc")


def said(turn: AssistantTurn) -> AssistantMessage:
    """The message, which there must be."""
    message = turn.message()
    assert message is not None
    return message


@pytest.mark.parametrize(("signature", "ours"), [(SIGNATURE, True), ("abc", False), (None, False)])
def test_a_signature_of_ours_is_known_again(signature: str | None, ours: bool) -> None:
    """Another vendor's signature carries no mark."""
    assert is_marked(signature) is ours


def test_the_pieces_make_one_message() -> None:
    """Thoughts are joined by lines, and each piece's place is known."""
    turn = AssistantTurn()
    turn.think("One.", None)
    turn.think("Two.", None)
    turn.say(TextPart(type="text", text="Hi"), own="input[1].content[0]")
    turn.show("data:image/png;base64,AAAA", own="input[2]")
    turn.call("c", "f", "{}", own="input[3]")

    message = said(turn)
    assert message.model_extra is not None
    assert message.model_dump(exclude_unset=True, by_alias=True)["reasoning_content"] == "One.\nTwo."
    assert turn.own == "input[1].content[0]"
    assert turn.origins == {
        "content[0]": "input[1].content[0]",
        "images[0]": "input[2]",
        "tool_calls[0]": "input[3]",
    }


def test_a_signature_belongs_to_the_next_call_alone() -> None:
    """The call after it carries it; a second call does not, and a foreign signature goes nowhere."""
    turn = AssistantTurn()
    turn.think("", SIGNATURE)
    turn.call("a", "f", "{}", own="x")
    turn.think("", "foreign")
    turn.call("b", "f", "{}", own="y")

    calls = said(turn).tool_calls
    assert calls is not None
    extras = [call.extra_content for call in calls]
    assert extras[0] is not None
    assert extras[0].google is not None
    assert extras[0].google.thought_signature == SIGNATURE
    assert extras[1] is None


def test_a_turn_that_says_nothing_is_no_message() -> None:
    """A foreign signature alone is not worth a message."""
    turn = AssistantTurn()
    turn.think("", "foreign")

    assert turn.message() is None
