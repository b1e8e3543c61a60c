"""A body becomes a request, or a 400 that says where and what."""

import json
from typing import Any

import pytest

from translators.chat.parse import parse_chat_completion
from translators.errors import BadRequest


def body(*messages: object, **members: object) -> bytes:
    return json.dumps({"model": "m", "messages": list(messages), **members}).encode()


def user(content: object) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_a_body_is_read() -> None:
    """What the caller sent is there, unknown fields and sloppy numbers included."""
    request = parse_chat_completion(
        body(user("Hi"), temperature="0.5", n="2", stream="true", unheard_of=1, generationConfig={"a": 1})
    )

    assert (request.model, request.temperature, request.n, request.stream) == ("m", 0.5, 2, True)
    assert request.model_extra == {"unheard_of": 1}
    assert request.generation_config == {"a": 1}


CASES: list[tuple[bytes, str | None, str, str]] = [
    (b"{", None, "invalid_json", "not valid JSON"),
    (b"\xff", None, "invalid_json", "not valid JSON"),
    (b"[]", None, "invalid_json", "must be a JSON object"),
    (b'{"messages": [{"role": "user", "content": "x"}]}', "model", "missing_required_parameter", "model is required"),
    (b'{"model": "m"}', "messages", "missing_required_parameter", "messages is required"),
    (b'{"model": "m", "input": "x"}', "messages", "missing_required_parameter", "/v1/responses"),
    (b'{"model": "m", "instructions": "x"}', "messages", "missing_required_parameter", "/v1/responses"),
    (body(), "messages", "invalid_value", "must not be empty"),
    (body(user("x"), model=""), "model", "invalid_value", "must not be empty"),
    (body({"role": "function", "content": "x"}), "messages[0]", "invalid_value", "'function' is not supported"),
    (body({"content": "x"}), "messages[0]", "invalid_value", "'role' is required"),
    (body({"role": "user"}), "messages[0].content", "missing_required_parameter", "is required"),
    (body(user(5)), "messages[0].content", "invalid_value", "valid string"),
    (body(user([{"type": "hologram"}])), "messages[0].content[0]", "invalid_value", "'hologram' is not supported"),
    (body(user([{"text": "x"}])), "messages[0].content[0]", "invalid_value", "'type' is required"),
    (body(user([{"type": "text"}])), "messages[0].content[0].text", "missing_required_parameter", "is required"),
    (
        body(user("a"), user([{"type": "text", "text": "b"}, {"type": "image_url", "image_url": {"uri": "x"}}])),
        "messages[1].content[1].image_url.url",
        "missing_required_parameter",
        "is required",
    ),
    (
        body(user([{"type": "file", "file": {"file_data": 5}}])),
        "messages[0].content[0].file.file_data",
        "invalid_value",
        "valid string",
    ),
    (body(user("x"), temperature="hot"), "temperature", "invalid_value", "valid number"),
    (body(user("x"), stop=["a", 5]), "stop[1]", "invalid_value", "valid string"),
    (body(user("x"), n=0), "n", "invalid_value", "greater than or equal to 1"),
    (
        body(user("x"), tools=[{"type": "function", "function": {}}]),
        "tools[0].function.name",
        "missing_required_parameter",
        "",
    ),
    (
        body({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": 5}}]}),
        "messages[0].tool_calls[0].function.arguments",
        "invalid_value",
        "valid",
    ),
]


@pytest.mark.parametrize(("raw", "param", "code", "words"), CASES)
def test_a_bad_body_is_explained(raw: bytes, param: str | None, code: str, words: str) -> None:
    """Each mistake is a 400 with the path to it, without the names of the reader's own types."""
    with pytest.raises(BadRequest) as error:
        parse_chat_completion(raw)

    assert (error.value.param, error.value.code) == (param, code)
    assert words in error.value.message


def test_an_unknown_part_names_what_is_allowed() -> None:
    """The way out is in the message."""
    with pytest.raises(BadRequest, match=r"'image_url'.*'input_audio'"):
        parse_chat_completion(body(user([{"type": "hologram"}])))


def test_input_is_not_repeated() -> None:
    """An error never echoes the value: it may be a picture, or a secret."""
    with pytest.raises(BadRequest) as error:
        parse_chat_completion(body(user("x"), temperature="c2VjcmV0"))

    assert "c2VjcmV0" not in error.value.message
