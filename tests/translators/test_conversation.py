"""The names of a conversation, in whichever protocol they stand."""

from typing import Any

from translators.conversation import LABELS, conversation_of
from translators.wire.openai import Wire


class Asked(Wire):
    """A protocol with a cache key of its own."""

    prompt_cache_key: Any = None


def test_what_names_a_conversation() -> None:
    """Fields of the protocol's own and foreign ones alike; nothing else goes along."""
    said = {**dict.fromkeys(LABELS, "a"), "prompt_cache_key": "b"}
    assert conversation_of(Asked.model_validate({**said, "model": "m", "other": 1})) == said
    assert conversation_of(Asked.model_validate({"session_id": None})) == {}
