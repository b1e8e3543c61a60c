"""A chat completion request becomes exactly one generateContent call."""

from dataclasses import dataclass

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from translators.chat.request import to_generate_content
from translators.content import FileAtGoogle, Media
from translators.errors import BadRequest
from translators.wire.call import Surface
from translators.wire.openai import ChatCompletionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an imaginary model can make."""

    aspect_ratios: tuple[str, ...]
    sizes: tuple[str, ...]


def request_of(**members: object) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": "gemini-3.1-flash", "messages": [{"role": "user", "content": "Hello"}], **members}
    )


@pytest.mark.parametrize("case", golden_cases("chat/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each OpenAI request becomes the Google body on file, with the warnings on file and no others."""
    request = ChatCompletionRequest.model_validate(case.openai)

    translated = to_generate_content(
        request,
        model=case.more["model"],
        surface=Surface(case.more.get("surface", "gemini")),
        is_image_model=case.more.get("is_image_model", False),
        fetched={
            **{url: Media(**media) for url, media in case.more.get("fetched", {}).items()},
            **{link: FileAtGoogle(**file) for link, file in case.more.get("at_google", {}).items()},
        },
    )

    streams = case.more.get("stream", False)
    assert translated.call.body == case.google
    assert translated.call.method == "POST"
    assert (
        translated.call.resource
        == f"models/{case.more['model']}:{'streamGenerateContent' if streams else 'generateContent'}"
    )
    assert translated.call.query == ({"alt": "sse"} if streams else {})
    assert list(translated.warnings) == case.more.get("warnings", [])


def test_thinking_suffix_never_reaches_the_path() -> None:
    """A suffix on the model's name is a setting, not a part of Google's id."""
    translated = to_generate_content(request_of(model="m(high)"), model="m(high)", surface=Surface.GEMINI)

    assert translated.call.resource == "models/m:generateContent"
    assert translated.call.body is not None
    assert translated.call.body["generationConfig"]["thinkingConfig"]["thinkingLevel"] == "HIGH"


def test_nothing_is_switched_off_by_default() -> None:
    """Without safety_settings none are sent: Google's own apply."""
    translated = to_generate_content(request_of(), model="m", surface=Surface.VERTEX)

    assert translated.call.body == {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}


def test_limits_are_checked_before_anything_is_sent() -> None:
    """A ratio the model cannot make is a 400 that names the field and the choice."""
    limits = Limits(aspect_ratios=("1:1", "16:9"), sizes=())

    with pytest.raises(BadRequest, match="1:1, 16:9") as error:
        to_generate_content(
            request_of(image_config={"aspect_ratio": "2:1"}), model="m", surface=Surface.GEMINI, image_limits=limits
        )

    assert error.value.param == "image_config.aspect_ratio"


def test_changed_names_come_back_with_the_request() -> None:
    """The answer's translation gets the names that had to change."""
    tools = [{"type": "function", "function": {"name": "1st tool"}}]

    translated = to_generate_content(request_of(tools=tools), model="m", surface=Surface.GEMINI)

    assert translated.original_names == {"_1st_tool": "1st tool"}
