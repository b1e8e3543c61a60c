"""A message request becomes the chat completion request that says the same."""

import json
from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import google_body
from translators.chat.messages import conversation
from translators.errors import BadRequest
from translators.messages.fields import FATES
from translators.messages.request import parse_count_tokens, parse_messages, to_chat


def body(**members: Any) -> bytes:
    """A small request, changed."""
    whole = {"model": "gemini-x", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}], **members}
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def said(role: str, *blocks: Any) -> dict[str, Any]:
    """One turn."""
    return {"role": role, "content": list(blocks)}


def warnings_of(**members: Any) -> list[str]:
    """What the caller is told."""
    return google_body(to_chat(parse_messages(body(**members))))[1]


@pytest.mark.parametrize("case", golden_cases("messages/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each request becomes the body on file, and tells what is on file."""
    asked = to_chat(parse_messages(json.dumps(case.openai).encode()))

    assert google_body(asked) == (case.google, case.more["warnings"])


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, "messages[0].role"),
        ({"messages": [said("user", {"type": "text"})]}, "messages[0].content[0].text"),
        (
            {"messages": [said("user", {"type": "image", "source": {"type": "base64", "data": "eA=="}})]},
            "messages[0].content[0].source.media_type",
        ),
        ({"messages": [said("user", {"type": "server_tool_use"})]}, "messages[0].content[0]"),
        ({"system": [{"type": "text"}]}, "system[0].text"),
        ({"image_config": {"aspect_ratio": 3}}, "image_config.aspect_ratio"),
    ],
)
def test_what_is_malformed_is_named(members: dict[str, Any], param: str) -> None:
    """The path is the one in the caller's body, without the names of union branches."""
    with pytest.raises(BadRequest) as caught:
        parse_messages(body(**members))

    assert caught.value.param == param


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"mcp_servers": [{"url": "https://example.com"}]}, "mcp_servers"),
        ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens"),
        ({"tool_choice": {"type": "tool"}}, "tool_choice.name"),
        ({"tools": [{"type": "bash_20250124", "name": "bash"}]}, "tools[0].type"),
        ({"messages": [said("user", {"type": "thinking", "thinking": "Hm."})]}, "messages[0].content[0].type"),
        (
            {"messages": [said("assistant", {"type": "tool_result", "tool_use_id": "t"})]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [said("system", {"type": "search_result", "title": "", "source": "", "content": []})]},
            "messages[0].content[0].type",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_named(members: dict[str, Any], param: str) -> None:
    """What a chat completion has no place for is a 400 that names the field."""
    with pytest.raises(BadRequest) as caught:
        to_chat(parse_messages(body(**members)))

    assert caught.value.param == param


@pytest.mark.parametrize(
    ("members", "param"),
    [
        (
            {
                "system": "Be brief.",
                "messages": [
                    said(
                        "user",
                        {"type": "text", "text": "What?"},
                        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "?"}},
                    )
                ],
            },
            "messages[0].content[1]",
        ),
        (
            {
                "messages": [
                    said("user", {"type": "text", "text": "Weather?"}),
                    said(
                        "assistant",
                        {"type": "text", "text": "Hm."},
                        {"type": "tool_use", "id": "t1", "name": "f", "input": {}},
                    ),
                    said("user", {"type": "text", "text": "Well?"}),
                ]
            },
            "messages[1].content[1]",
        ),
        (
            {"messages": [said("user", {"type": "tool_result", "tool_use_id": "t9", "content": "x"})]},
            "messages[0].content[0]",
        ),
    ],
)
def test_what_chat_refuses_is_named_as_the_caller_wrote_it(members: dict[str, Any], param: str) -> None:
    """A complaint of the chat completion's translation follows the trail back."""
    asked = to_chat(parse_messages(body(**members)))

    with pytest.raises(BadRequest) as caught, asked.trail.renaming():
        conversation(asked.chat.messages, fetched={})

    assert caught.value.param == param


def test_unheard_fields_are_told() -> None:
    """Unknown fields, unknown members and settings without counterpart are told once each."""
    assert warnings_of(
        colour="red",
        context_management={"edits": []},
        thinking={"type": "between_tools", "budget_tokens": 5, "mood": "good"},
        messages=[said("user", {"type": "text", "text": "Hi", "mood": "good"})],
        tools=[{"name": "f", "mood": "bad", "strict": True}],
    ) == [
        f"context_management had no effect: {FATES.warned['context_management']}.",
        "colour is not known here and had no effect.",
        "messages[0].content[0].mood had no effect: Gemini has nothing like it.",
        "thinking.type between_tools had no effect of its own: Gemini decides by itself when to think.",
        "thinking.budget_tokens had no effect: it goes with enabled, not with between_tools.",
    ]


def test_a_misspelt_field_is_guessed() -> None:
    """The nearest known name is offered."""
    assert warnings_of(temprature=1) == ["temprature is not known here and had no effect. Did you mean temperature?"]


def test_an_adapted_wish_is_told_by_its_own_name() -> None:
    """A budget beyond the model is told as the field the caller wrote."""
    asked = to_chat(
        parse_messages(body(thinking={"type": "enabled", "budget_tokens": 99}, output_config={"effort": "low"}))
    )

    assert asked.told(["reasoning.max_tokens: 99 is outside.", "reasoning.effort had no effect."]) == [
        "thinking.budget_tokens: 99 is outside.",
        "output_config.effort had no effect.",
    ]


def test_thinking_can_be_switched_off() -> None:
    """`disabled` is chat's `reasoning.enabled: false`."""
    reasoning = to_chat(parse_messages(body(thinking={"type": "disabled"}))).chat.reasoning

    assert reasoning is not None
    assert reasoning.enabled is False


@pytest.mark.parametrize(("choice", "chat"), [("auto", "auto"), ("any", "required"), ("none", "none")])
def test_tool_choice(choice: str, chat: str) -> None:
    """Anthropic's words in OpenAI's."""
    assert to_chat(parse_messages(body(tool_choice={"type": choice}))).chat.tool_choice == chat


def test_an_empty_turn_is_left_out() -> None:
    """A turn that says nothing is none."""
    turns = [
        {"role": "user", "content": "Hi"},
        said("assistant", {"type": "redacted_thinking", "data": "x"}),
        said("user"),
    ]

    assert len(to_chat(parse_messages(body(messages=turns))).chat.messages) == 1


def test_counting_needs_no_limit() -> None:
    """A request to count has no max_tokens."""
    assert to_chat(parse_count_tokens(body(max_tokens=None))).chat.max_tokens is None
    with pytest.raises(BadRequest, match="JSON"):
        parse_count_tokens(b"{")


@pytest.mark.parametrize("content", [[], [{"type": "document", "source": {"type": "content", "content": []}}]])
def test_messages_with_nothing_in_them(content: list[Any]) -> None:
    """Refused by name, before a model is asked to answer nothing."""
    with pytest.raises(BadRequest, match="nothing in it") as caught:
        to_chat(parse_messages(body(messages=[said("user", *content)])))
    assert caught.value.param == "messages"
