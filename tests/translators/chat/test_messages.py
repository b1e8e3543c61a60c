"""Messages become contents; what cannot be said to Gemini is refused by name."""

from typing import Any

import pytest

from translators.chat.messages import Conversation, conversation
from translators.chat.signatures import BYPASS
from translators.content import Media
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

PNG = "iVBORw0KGgo="
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
INLINE = {"inlineData": {"mimeType": "image/png", "data": PNG}}
HELLO = {"role": "user", "content": "Hello"}
HELLO_TURN = {"role": "user", "parts": [{"text": "Hello"}]}


def talk(*messages: dict[str, Any]) -> Conversation:
    request = ChatCompletionRequest.model_validate({"model": "m", "messages": list(messages)})
    return conversation(request.messages, fetched={"https://a/b.png": Media(mime_type="image/png", data=PNG)})


def call(name: str = "f", arguments: object = "{}", **members: object) -> dict[str, Any]:
    return {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}, **members}


def result(content: object = "ok", tool_call_id: str = "c1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": tool_call_id, "content": content}


def test_instructions_are_gathered_wherever_they_stand() -> None:
    """System and developer messages form one systemInstruction, empty ones none."""
    made = talk(
        {"role": "system", "content": "One"},
        HELLO,
        {"role": "developer", "content": [{"type": "text", "text": "Two"}, {"type": "text", "text": ""}]},
    )

    assert made.system_instruction == {"role": "user", "parts": [{"text": "One"}, {"text": "Two"}]}
    assert made.contents == [HELLO_TURN]


def test_instructions_alone_are_what_the_user_says() -> None:
    """Gemini wants contents: with nothing else there, the instructions are the contents."""
    made = talk({"role": "system", "content": "Hello"})

    assert (made.system_instruction, made.contents) == (None, [HELLO_TURN])


def test_each_kind_of_part() -> None:
    """All kinds of parts become parts, in order; only empty text is left out."""
    made = talk(
        {
            "role": "user",
            "content": [
                {"type": "text", "text": ""},
                {"type": "input_text", "text": "a"},
                {"type": "refusal", "refusal": "b"},
                {"type": "refusal", "refusal": ""},
                IMAGE,
                {"type": "video_url", "video_url": {"url": "gs://b/v.mp4"}},
                {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
                {"type": "file", "file": {"file_data": "JVBERi0x"}},
                {"type": "input_file", "file_url": "https://a/b.png"},
            ],
        }
    )

    assert made.contents[0]["parts"] == [
        {"text": "a"},
        {"text": "b"},
        INLINE,
        {"fileData": {"fileUri": "gs://b/v.mp4", "mimeType": "video/mp4"}},
        {"inlineData": {"mimeType": "audio/wav", "data": "QUJD"}},
        {"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0x"}},
        INLINE,
    ]


def test_an_answer_keeps_its_order() -> None:
    """Thoughts, words and pictures, refusal, images, calls."""
    made = talk(
        HELLO,
        {
            "role": "assistant",
            "reasoning_content": "t",
            "content": [{"type": "text", "text": "w"}, IMAGE],
            "refusal": "r",
            "images": [{"image_url": "https://a/b.png"}],
            "tool_calls": [call()],
        },
        result(),
    )

    assert made.contents[1] == {
        "role": "model",
        "parts": [
            {"text": "t", "thought": True, "thoughtSignature": BYPASS},
            {"text": "w"},
            {**INLINE, "thoughtSignature": BYPASS},
            {"text": "r"},
            {**INLINE, "thoughtSignature": BYPASS},
            {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": BYPASS},
        ],
    }


def test_a_picture_pasted_alone_leaves_no_empty_text() -> None:
    """Markdown that is nothing but a data URI becomes the picture, and nothing else."""
    made = talk(HELLO, {"role": "assistant", "content": f"![x](data:image/png;base64,{PNG})"}, HELLO)

    assert made.contents[1]["parts"] == [{**INLINE, "thoughtSignature": BYPASS}]


def test_a_conversation_starts_with_the_user() -> None:
    """Before a first turn of the model's comes an empty one of the user's."""
    made = talk({"role": "assistant", "content": "Hi"}, HELLO)

    assert [turn["role"] for turn in made.contents] == ["user", "model", "user"]


def test_empty_messages_are_no_turns() -> None:
    """A message without content says nothing, and an empty answer is none."""
    made = talk({"role": "user", "content": ""}, {"role": "assistant", "content": None}, HELLO)

    assert made.contents == [HELLO_TURN]


def test_a_last_word_of_the_models_is_left_out_and_told() -> None:
    """Gemini cannot continue an answer; the caller learns that it was not asked to."""
    made = talk(HELLO, {"role": "assistant", "content": "I am"})

    assert made.contents == [HELLO_TURN]
    assert len(made.warnings) == 1


def test_results_follow_their_calls_and_repeated_ids_stay_apart() -> None:
    """Each turn's results are looked for until the next answer: ids may come again later."""
    made = talk(
        HELLO,
        {"role": "assistant", "tool_calls": [call("first")]},
        {"role": "user", "content": "by the way"},
        result("one"),
        {"role": "assistant", "tool_calls": [call("second")]},
        result("two"),
    )

    responses = [
        part["functionResponse"] for turn in made.contents for part in turn["parts"] if "functionResponse" in part
    ]
    assert responses == [
        {"name": "first", "response": {"result": "one"}},
        {"name": "second", "response": {"result": "two"}},
    ]
    assert [turn["role"] for turn in made.contents] == ["user", "model", "user", "user", "model", "user"]


def test_results_may_hold_media() -> None:
    """Pictures that a tool returned go with its words."""
    made = talk(HELLO, {"role": "assistant", "tool_calls": [call()]}, result([{"type": "text", "text": "a"}, IMAGE]))

    assert made.contents[2]["parts"] == [
        {"functionResponse": {"name": "f", "response": {"result": "a"}, "parts": [INLINE]}}
    ]


@pytest.mark.parametrize(
    ("arguments", "args"),
    [("", {}), (" ", {}), ('{"a": 12345678901234567890}', {"a": 12345678901234567890}), ({"a": 1}, {"a": 1})],
)
def test_arguments(arguments: object, args: dict[str, Any]) -> None:
    """Arguments are JSON text or the object itself; none is an empty object."""
    made = talk(HELLO, {"role": "assistant", "tool_calls": [call(arguments=arguments, type=None)]}, result())

    assert made.contents[1]["parts"][0]["functionCall"]["args"] == args


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([{"role": "user", "content": ""}], "messages"),
        ([{"role": "assistant", "content": "Hi"}], "messages"),
        ([{"role": "system", "content": "x"}, {"role": "assistant", "content": "Hi"}], "messages"),
        ([HELLO, {"role": "system", "content": [IMAGE]}], "messages[1].content[0].type"),
        ([HELLO, result()], "messages[1].tool_call_id"),
        ([HELLO, {"role": "assistant", "tool_calls": [call()]}], "messages[1].tool_calls[0].id"),
        (
            [HELLO, {"role": "assistant", "tool_calls": [call()]}, result(tool_call_id="c9")],
            "messages[1].tool_calls[0].id",
        ),
        ([HELLO, {"role": "assistant", "tool_calls": [call()]}, result(), result()], "messages[3].tool_call_id"),
        (
            [HELLO, {"role": "assistant", "tool_calls": [call(arguments="{")]}, result()],
            "messages[1].tool_calls[0].function.arguments",
        ),
        (
            [HELLO, {"role": "assistant", "tool_calls": [call(arguments="[]")]}, result()],
            "messages[1].tool_calls[0].function.arguments",
        ),
        (
            [HELLO, {"role": "assistant", "tool_calls": [call(type="custom")]}, result()],
            "messages[1].tool_calls[0].type",
        ),
        ([HELLO, {"role": "assistant", "function_call": {"name": "f"}}, HELLO], "messages[1].function_call"),
        ([{"role": "user", "content": [{**IMAGE, "image_url": "x"}]}], "messages[0].content[0].image_url.url"),
        ([HELLO, {"role": "assistant", "images": [{"image_url": "x"}]}], "messages[1].images[0].image_url.url"),
    ],
)
def test_what_cannot_be_said_is_refused(messages: list[dict[str, Any]], param: str) -> None:
    """Nothing that carries content vanishes: a 400 names its place."""
    with pytest.raises(BadRequest) as error:
        talk(*messages)

    assert error.value.param == param
