"""The request's shapes keep what they do not know."""

from translators.wire.openai import ChatCompletionRequest


def test_unknown_fields_survive_at_each_level() -> None:
    """The caller can be told of what nobody read."""
    request = ChatCompletionRequest.model_validate(
        {
            "model": "m",
            "x": 1,
            "messages": [{"role": "user", "x": 2, "content": [{"type": "text", "text": "a", "x": 3}]}],
            "image_config": {"aspectRatio": "1:1", "x": 4},
        }
    )

    message = request.messages[0]
    assert isinstance(message.content, list)
    assert request.image_config is not None
    assert request.image_config.aspect_ratio == "1:1"
    assert [model.model_extra for model in (request, message, message.content[0], request.image_config)] == [
        {"x": 1},
        {"x": 2},
        {"x": 3},
        {"x": 4},
    ]


def test_both_spellings_of_googles_own_fields() -> None:
    """Google's camelCase and OpenAI's snake_case are one."""
    settings = [{"category": "c", "threshold": "t"}]
    base = {"model": "m", "messages": [{"role": "user", "content": "x"}]}

    camel = ChatCompletionRequest.model_validate({**base, "generationConfig": {"a": 1}, "safetySettings": settings})
    snake = ChatCompletionRequest.model_validate({**base, "generation_config": {"a": 1}, "safety_settings": settings})

    assert camel == snake
