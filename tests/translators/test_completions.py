"""OpenAI's old completions, there and back."""

import json
from typing import Any

import pytest
from openai.types import Completion

from translators.as_chat import AsChat
from translators.chat.stream import DONE
from translators.completions import CompletionStream, parse_completion, to_chat, to_completion
from translators.errors import BadRequest
from translators.wire.completions import CompletionRequest

TOKENS = [
    {"token": "Hal", "logprob": -0.1, "bytes": [], "top_logprobs": [{"token": "Hel", "logprob": -2.0, "bytes": []}]},
    {"token": "lo", "logprob": -0.2, "bytes": [], "top_logprobs": []},
]


def asked(**members: Any) -> tuple[CompletionRequest, AsChat]:
    """A small request, changed."""
    said = parse_completion(json.dumps({"model": "gemini-x", "prompt": "Once", **members}).encode())
    return said, to_chat(said)


def completion(message: dict[str, Any], **choice: Any) -> dict[str, Any]:
    """A chat completion with one choice."""
    said = {"role": "assistant", "content": None, "reasoning_content": None, "tool_calls": None, **message}
    ending = {"index": 0, "finish_reason": "stop", "native_finish_reason": "stop", **choice}
    return {"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [{"message": said, **ending}]}


def chunk(content: str | None, **choice: Any) -> dict[str, Any]:
    """A chunk of a chat stream."""
    delta = {"role": "assistant", "content": content, "reasoning_content": None, "tool_calls": None}
    ending = {"index": 0, "finish_reason": None, "native_finish_reason": None, **choice}
    return {"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [{"delta": delta, **ending}]}


def test_settings_go_along() -> None:
    """What a chat completion has as well is said alike; `logprobs` is a count here."""
    settings: dict[str, Any] = {
        "n": 2,
        "best_of": 2,
        "seed": 7,
        "stop": ["END"],
        "max_tokens": 9,
        "presence_penalty": 1.0,
    }
    chat = asked(**settings, logprobs=3)[1].chat

    assert chat.model_dump(exclude_unset=True) == {
        "model": "gemini-x",
        "messages": [{"role": "user", "content": "Once"}],
        **{name: value for name, value in settings.items() if name != "best_of"},
        "logprobs": True,
        "top_logprobs": 3,
    }


@pytest.mark.parametrize("prompt", ["Once", ["Once"]])
def test_one_prompt(prompt: Any) -> None:
    """A prompt, or a list of one."""
    assert asked(prompt=prompt)[1].chat.messages[0].content == "Once"


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"prompt": ["a", "b"]}, "prompt"),
        ({"prompt": [1, 2]}, "prompt"),
        ({"prompt": [[1]]}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": 3}, "prompt"),
        ({"best_of": 3}, "best_of"),
        ({"suffix": "end"}, "suffix"),
        ({"logit_bias": {"1": 1}}, "logit_bias"),
        ({"n": 0}, "n"),
    ],
)
def test_refused(members: dict[str, Any], param: str) -> None:
    """What Gemini cannot do is a 400 that names the field."""
    with pytest.raises(BadRequest) as caught:
        asked(**members)

    assert caught.value.param == param


def test_an_answer() -> None:
    """Words and pictures are the text; thinking and Google's own word stand beside it."""
    said, chat = asked(colour="red")
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}, "index": 0}
    message = {"content": "Hello ", "reasoning_content": "Hm.", "images": [picture]}

    whole = to_completion(
        {**completion(message), "usage": {"total_tokens": 3}, "warnings": ["W."]}, request=said, asked=chat
    )

    assert whole == {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "text": "Hello ![image](data:image/png;base64,eA==)",
                "index": 0,
                "logprobs": None,
                "finish_reason": "stop",
                "reasoning_content": "Hm.",
                "native_finish_reason": "stop",
            }
        ],
        "usage": {"total_tokens": 3},
        "warnings": ["colour is not known here and had no effect.", "W."],
    }


def test_an_echo_with_logprobs() -> None:
    """The prompt stands before the text, and the tokens' places are behind it."""
    said, chat = asked(echo=True)

    whole = to_completion(completion({"content": "Hallo"}, logprobs={"content": TOKENS}), request=said, asked=chat)

    assert whole["choices"][0]["text"] == "OnceHallo"
    assert whole["choices"][0]["logprobs"] == {
        "tokens": ["Hal", "lo"],
        "token_logprobs": [-0.1, -0.2],
        "top_logprobs": [{"Hel": -2.0}, {}],
        "text_offset": [4, 7],
    }
    Completion.model_validate({**whole, "usage": None})


def test_a_stream() -> None:
    """Chunks are the answer's pieces: the echo once, places counted on, warnings on the last, `[DONE]` as it is."""
    said, chat = asked(echo=True, stream=True)
    stream = CompletionStream(said, chat)
    items = [
        chunk("Hal", logprobs={"content": TOKENS[:1]}),
        chunk("lo", logprobs={"content": TOKENS[1:]}),
        {
            **chunk(None, finish_reason="stop", native_finish_reason="stop", logprobs={"content": []}),
            "warnings": ["W."],
        },
    ]

    made = [made for item in (*items, DONE) for made in stream.feed(item)]

    first, second, last, done = made
    assert [item["choices"][0]["text"] for item in (first, second, last)] == ["OnceHal", "lo", ""]
    assert [item["choices"][0]["logprobs"]["text_offset"] for item in (first, second, last)] == [[4], [7], []]
    assert "warnings" not in first
    assert last["warnings"] == ["W."]
    assert done == DONE


def test_a_broken_stream() -> None:
    """An error ends the stream as it is."""
    error = {"error": {"message": "Gone."}}

    assert CompletionStream(*asked()).feed(error) == [error]
