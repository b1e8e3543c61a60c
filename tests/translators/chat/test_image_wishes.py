"""What `image_config` asks of the proxy is taken out of it, and words for the prompt are written into it."""

from typing import Any

import pytest

from translators.chat.image_wishes import ImageWishes, read_wishes
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

IMAGE = {"type": "image_url", "image_url": "data:image/png;base64,iVBORw0KGgo="}


def request_of(content: Any = "a fox", config: dict[str, Any] | None = None, **members: Any) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {
            "model": "m",
            "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": content}],
            **({"image_config": config} if config is not None else {}),
            **members,
        }
    )


def test_a_request_without_wishes_stays_as_it_is() -> None:
    """Other members of image_config too."""
    request = request_of(config={"aspect_ratio": "16:9", "person_generation": "ALLOW_ALL"})

    assert read_wishes(request, has_negative_prompt=False) == (request, ImageWishes())
    assert read_wishes(request_of(), has_negative_prompt=False) == (request_of(), ImageWishes())


def test_words_are_written_into_the_prompt() -> None:
    """A plain text stays one; the caller gets it back, and Google is sent no member it does not know."""
    request = request_of(config={"style": "watercolour.", "negative_prompt": "dogs", "image_size": "2K"})
    enriched, wishes = read_wishes(request, has_negative_prompt=False)

    assert wishes.revised_prompt == "a fox\nStyle: watercolour.\nDo not show: dogs."
    assert enriched.messages[1].content == wishes.revised_prompt
    assert enriched.messages[0] == request.messages[0]
    assert enriched.image_config is not None
    assert enriched.image_config.model_dump(exclude_none=True) == {"image_size": "2K"}


def test_a_message_of_parts_gets_one_more() -> None:
    """The caller's own parts stay; without words of theirs, ours are the prompt."""
    enriched, wishes = read_wishes(request_of([IMAGE], {"style": "ink"}), has_negative_prompt=False)

    assert wishes.revised_prompt == "Style: ink."
    parts = enriched.messages[1].content
    assert isinstance(parts, list)
    assert [part.type for part in parts] == ["image_url", "text"]


def test_a_model_with_its_own_setting_keeps_it() -> None:
    """Imagen's negativePrompt."""
    enriched, wishes = read_wishes(request_of(config={"negative_prompt": "dogs"}), has_negative_prompt=True)

    assert wishes.revised_prompt is None
    assert enriched.image_config is not None
    assert enriched.image_config.model_extra == {"negative_prompt": "dogs"}


@pytest.mark.parametrize(
    ("members", "cache"),
    [
        ({"cache": True}, True),
        ({"cache": False}, False),
        ({"config": {"cache": True}}, True),
        ({"cache": False, "config": {"cache": True}}, False),
        ({"cache": {"no-cache": True}}, None),
        ({"cache": True, "config": {"style": "ink"}}, True),
    ],
)
def test_whether_to_keep_the_image(members: dict[str, Any], cache: bool | None) -> None:
    """The request's own word goes first; an object is LiteLLM's own setting."""
    _, wishes = read_wishes(request_of(**members), has_negative_prompt=False)
    assert wishes.cache is cache


def test_a_placeholder_is_asked_for_by_name() -> None:
    """Google does not hear of it."""
    plain, wishes = read_wishes(request_of(config={"fallback": "placeholder"}), has_negative_prompt=False)

    assert wishes == ImageWishes(placeholder=True)
    assert plain.image_config is not None
    assert not plain.image_config.model_extra


@pytest.mark.parametrize(
    ("config", "param"),
    [
        ({"style": 1}, "image_config.style"),
        ({"negative_prompt": ["dogs"]}, "image_config.negative_prompt"),
        ({"cache": "yes"}, "image_config.cache"),
        ({"fallback": "another-model"}, "image_config.fallback"),
    ],
)
def test_a_value_of_the_wrong_type(config: dict[str, Any], param: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadRequest) as caught:
        read_wishes(request_of(config=config), has_negative_prompt=False)
    assert caught.value.param == param
