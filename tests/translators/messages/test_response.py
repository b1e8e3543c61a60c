"""A chat completion becomes a message."""

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import completion_of
from translators.answer_events import Broken, read_chunk
from translators.as_chat import AsChat
from translators.messages.request import parse_messages, to_chat
from translators.messages.response import to_message

ASKED: AsChat = to_chat(parse_messages(b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}'))


@pytest.mark.parametrize("case", golden_cases("messages/responses"))
def test_response_matches_golden(case: GoldenCase) -> None:
    """Each of Google's answers becomes the message on file."""
    assert to_message(completion_of(case), ASKED) == case.openai


def test_an_error_in_a_chunks_place_is_the_end() -> None:
    """What breaks a stream is read as such, and only there."""
    assert read_chunk({"error": {"message": "Gone."}}) == [Broken({"message": "Gone."})]
