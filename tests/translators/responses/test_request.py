"""A Responses request becomes the chat completion request that says the same."""

import json
from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import google_body
from translators.chat.media import remote_media
from translators.chat.messages import conversation
from translators.errors import BadRequest
from translators.responses.request import parse_responses, to_chat

USER = {"role": "user", "content": "Hi"}


def body(**members: Any) -> bytes:
    """A small request, changed."""
    return json.dumps({"model": "gemini-x", "input": "Hi", **members}).encode()


@pytest.mark.parametrize("case", golden_cases("responses/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each request becomes the body on file, and tells what is on file."""
    asked = to_chat(parse_responses(json.dumps(case.openai).encode()))

    assert google_body(asked) == (case.google, case.more["warnings"])


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"input": 3}, "input"),
        ({"input": [{"role": "robot", "content": "Hi"}]}, "input[0].role"),
        ({"input": [{"type": "computer_call"}]}, "input[0]"),
        ({"input": [{"type": "function_call", "name": "f", "arguments": ""}]}, "input[0].call_id"),
        ({"input": [{"role": "user", "content": [{"type": "input_text"}]}]}, "input[0].content[0].text"),
        (
            {"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image"}]}]},
            "input[0].output[0].image_url",
        ),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type"),
        ({"image_config": {"aspect_ratio": 3}}, "image_config.aspect_ratio"),
    ],
)
def test_what_is_malformed_is_named(members: dict[str, Any], param: str) -> None:
    """The path is the one in the caller's body, without the names of union branches."""
    with pytest.raises(BadRequest) as caught:
        parse_responses(body(**members))

    assert caught.value.param == param


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "input[0].id"),
        ({"input": []}, "input"),
        ({"input": [{"type": "image_generation_call", "result": "?"}]}, "input[0].result"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tools": [{"type": "image_generation"}]}, "tools[0].type"),
        ({"tools": [{"type": "mcp", "server_label": "x"}]}, "tools[0].type"),
        ({"text": {"format": {"type": "json_schema", "name": "a"}}}, "text.format.schema"),
    ],
)
def test_what_cannot_be_carried_over_is_named(members: dict[str, Any], param: str) -> None:
    """What would need a memory, or a tool of OpenAI's, is a 400 that names the field."""
    with pytest.raises(BadRequest) as caught:
        to_chat(parse_responses(body(**members)))

    assert caught.value.param == param


def test_what_is_false_or_stored_is_no_demand() -> None:
    """`background: false` and `store: true` ask for nothing that is missing here."""
    assert google_body(to_chat(parse_responses(body(background=False, store=True))))[1] == []


@pytest.mark.parametrize(
    ("items", "param"),
    [
        ([{"role": "user", "content": [{"type": "input_image", "image_url": "?"}]}], "input[0].content[0].image_url"),
        ([USER, {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}], "input[1]"),
        ([USER, {"type": "function_call_output", "call_id": "c", "output": "x"}], "input[1]"),
        (
            [USER, {"role": "assistant", "content": [{"type": "output_text", "text": "Hm."}, {"type": "input_file"}]}],
            "input[1].content[1]",
        ),
    ],
)
def test_what_chat_refuses_is_named_as_the_caller_wrote_it(items: list[Any], param: str) -> None:
    """A complaint of the chat completion's translation follows the trail back."""
    asked = to_chat(parse_responses(body(instructions="Be brief.", input=items)))

    with pytest.raises(BadRequest) as caught, asked.trail.renaming():
        conversation(asked.chat.messages, fetched={})

    assert caught.value.param == param


def test_an_error_without_a_field_stays() -> None:
    """Not every complaint is about a field."""
    asked = to_chat(parse_responses(body()))

    with pytest.raises(BadRequest) as caught, asked.trail.renaming():
        raise BadRequest("No.")

    assert caught.value.param is None


def test_unheard_fields_are_told() -> None:
    """Unknown fields and members are told once each; what earlier answers carry is not."""
    items = [
        {**USER, "mood": "good"},
        {"id": "rs", "type": "reasoning", "summary": [], "encrypted_content": "b3BlbmFp", "status": "completed"},
        {"id": "ig", "type": "image_generation_call", "status": "failed"},
        USER,
    ]
    tool = {"type": "function", "name": "f", "defer_loading": True}
    asked = to_chat(parse_responses(body(input=items, colour="red", tools=[tool], reasoning={"mode": "pro"})))

    assert asked.told([]) == [
        "colour is not known here and had no effect.",
        "input[0].mood had no effect: Gemini has nothing like it.",
        "tools[0].defer_loading had no effect: Gemini has nothing like it.",
        "reasoning.mode had no effect: Gemini has nothing like it.",
    ]
    assert len(asked.chat.messages) == 2
    assert asked.chat.reasoning is None


def test_a_sentence_without_a_path_is_retold_as_it_is() -> None:
    """A warning need not begin with a path."""
    assert to_chat(parse_responses(body())).told(["!", "messages[0].x: no."]) == ["!", "input: no."]


def test_addresses_are_found() -> None:
    """What has to be fetched is seen through the rewriting."""
    picture = {"type": "input_image", "image_url": "https://example.com/a.png"}

    assert remote_media(to_chat(parse_responses(body(input=[{"role": "user", "content": [picture]}]))).chat) == {
        "https://example.com/a.png": "messages[0].content[0].image_url"
    }


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "f"}])
def test_tool_choice(choice: Any) -> None:
    """What a chat completion says alike is left alone."""
    assert to_chat(parse_responses(body(tool_choice=choice))).chat.tool_choice == choice


def test_thinking_switched_off_is_not_shown() -> None:
    """A summary of nothing is not asked for."""
    reasoning = to_chat(parse_responses(body(reasoning={"effort": "none", "summary": "auto"}))).chat.reasoning

    assert reasoning is not None
    assert (reasoning.effort, reasoning.enabled) == ("none", None)
