"""How a conversation is recognised."""

import json
from typing import Any

import pytest

from proxy.session_name import session_name
from translators.chat.parse import parse_chat_completion

TALK = [{"role": "system", "content": "be brief"}, {"role": "user", "content": [{"type": "text", "text": "hello"}]}]
CLAUDE = {"metadata": {"user_id": "user_ab_account__session_cc"}}


def name(headers: dict[str, str] | None = None, **body: Any) -> str | None:
    request = {"model": "m", "messages": TALK, **body}
    return session_name(headers or {}, parse_chat_completion(json.dumps(request).encode()))


SOURCES: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"x-claude-code-session-id": "a"}, {}, "a"),
    ({}, CLAUDE, "cc"),
    ({}, {"metadata": {"user_id": '{"session_id": "cj"}'}}, "cj"),
    ({"session-id": "b"}, {}, "b"),
    ({"session_id": "b2"}, {}, "b2"),
    ({"x-session-id": "c"}, {}, "c"),
    ({"x-session-affinity": "d"}, {}, "d"),
    ({"x-client-request-id": "e"}, {}, "e"),
    ({}, {"session_id": "f"}, "f"),
    ({}, {"sessionId": "f2"}, "f2"),
    ({}, {"prompt_cache_key": "g"}, "g"),
    ({}, {"conversation": {"id": "h"}}, "h"),
    ({}, {"conversation": "h2"}, "h2"),
    ({}, {"metadata": {"user_id": "plain"}}, "plain"),
    ({}, {"conversation_id": "i"}, "i"),
]


@pytest.mark.parametrize("index", range(len(SOURCES)))
def test_each_source_goes_before_those_below_it(index: int) -> None:
    """Alone it names the conversation, and it still does with everything further down beside it."""
    headers, body, expected = SOURCES[index]
    below: dict[str, Any] = {}
    below_headers: dict[str, str] = {}
    for more_headers, more_body, _ in SOURCES[index + 1 :]:
        below_headers |= more_headers
        below |= {key: value for key, value in more_body.items() if key not in below}
    assert name(headers, **body) == expected
    assert name({**below_headers, **headers}, **{**below, **body}) == expected


def test_without_a_name_the_first_texts_tell() -> None:
    """The same beginnings are one conversation however it goes on; other beginnings are another."""
    answered = [*TALK, {"role": "assistant", "content": "hi"}]
    assert name(messages=answered) == name(messages=[*answered, {"role": "user", "content": "more"}])
    assert name() == name()
    assert name() != name(messages=[{"role": "user", "content": "hello"}])
    long = "x" * 100
    assert name(messages=[{"role": "user", "content": long + "a"}]) == name(
        messages=[{"role": "user", "content": long + "b"}]
    )
    assert name(messages=[{"role": "system", "content": "only"}]) is None


@pytest.mark.parametrize("user_id", ["{", "{}", '{"session_id": 1}', 7])
def test_a_strange_user_id_breaks_nothing(user_id: Any) -> None:
    """It is a name of its own if it is a text, and otherwise none."""
    found = name(metadata={"user_id": user_id})
    assert found == (user_id if isinstance(user_id, str) else name())
