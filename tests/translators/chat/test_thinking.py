"""How much to think: who is heard, and what becomes of it."""

from typing import Any

import pytest

from translators.chat.thinking import Thinking, ThinkingLimits, google_options, split_thinking_suffix, thinking
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

LEVELS = ThinkingLimits(levels=("low", "high"))
BUDGET = ThinkingLimits(budget=(128, 32768))
FREE = ThinkingLimits()


def request_of(model: str = "gemini-x", **members: Any) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": model, "messages": [{"role": "user", "content": "x"}], **members}
    )


def think(model: str = "gemini-3.1-pro", limits: ThinkingLimits | None = None, **members: Any) -> Thinking:
    return thinking(request_of(model, **members), model=split_thinking_suffix(model)[0], limits=limits)


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("gemini-2.5-flash", ("gemini-2.5-flash", None)),
        ("gemini-2.5-flash(8192)", ("gemini-2.5-flash", "8192")),
        ("a/b( HIGH )", ("a/b", "high")),
        ("m()", ("m()", None)),
        ("(high)", ("(high)", None)),
        ("m(high)x", ("m(high)x", None)),
    ],
)
def test_suffixes(model: str, parts: tuple[str, str | None]) -> None:
    """A suffix is what stands in parentheses at the end of a name."""
    assert split_thinking_suffix(model) == parts


@pytest.mark.parametrize(
    ("model", "effort", "config"),
    [
        ("gemini-2.5-flash", "minimal", {"includeThoughts": True, "thinkingBudget": 512}),
        ("gemini-2.5-flash", "low", {"includeThoughts": True, "thinkingBudget": 1024}),
        ("gemini-2.5-flash", "medium", {"includeThoughts": True, "thinkingBudget": 8192}),
        ("gemini-2.5-flash", " HIGH ", {"includeThoughts": True, "thinkingBudget": 24576}),
        ("gemini-2.5-pro", "xhigh", {"includeThoughts": True, "thinkingBudget": 32768}),
        ("gemini-2.5-flash", "auto", {"includeThoughts": True, "thinkingBudget": -1}),
        ("gemini-2.5-flash-lite", "none", {"thinkingBudget": 0}),
        ("gemini-3.1-pro", "low", {"includeThoughts": True, "thinkingLevel": "LOW"}),
        ("gemini-3.1-pro-preview", "medium", {"includeThoughts": True, "thinkingLevel": "MEDIUM"}),
        ("gemini-3-flash-preview", "minimal", {"includeThoughts": True, "thinkingLevel": "MINIMAL"}),
        ("gemini-3.6-flash", "high", {"includeThoughts": True, "thinkingLevel": "HIGH"}),
        ("gemini-nano-banana-2.1", "minimal", {"includeThoughts": True, "thinkingLevel": "MINIMAL"}),
        ("gemini-3.1-pro(low)", None, {"includeThoughts": True, "thinkingLevel": "LOW"}),
        ("gemini-2.5-pro(8192)", None, {"includeThoughts": True, "thinkingBudget": 8192}),
        ("gemini-2.5-pro(auto)", None, {"includeThoughts": True, "thinkingBudget": -1}),
        ("gemini-2.5-flash(0)", None, {"thinkingBudget": 0}),
        ("gemini-3.1-pro(-1)", None, {"includeThoughts": True, "thinkingBudget": -1}),
        ("gemini-3.1-pro", "", None),
        ("gemini-3.1-pro", None, None),
    ],
)
def test_efforts(model: str, effort: str | None, config: dict[str, Any] | None) -> None:
    """Without limits the family decides between budget and level; nothing asked is nothing sent."""
    made = think(model, reasoning_effort=effort)

    assert (made.thinking_config, made.warnings) == (config, ())


@pytest.mark.parametrize(
    ("limits", "effort", "config", "instead"),
    [
        (BUDGET, "max", {"includeThoughts": True, "thinkingBudget": 32768}, "a budget of 32768 tokens"),
        (BUDGET, "5", {"includeThoughts": True, "thinkingBudget": 128}, "a budget of 128 tokens"),
        (BUDGET, "none", {"includeThoughts": True, "thinkingBudget": 128}, "a budget of 128 tokens"),
        (LEVELS, "minimal", {"includeThoughts": True, "thinkingLevel": "LOW"}, "the level low"),
        (LEVELS, "xhigh", {"includeThoughts": True, "thinkingLevel": "HIGH"}, "the level high"),
        (LEVELS, "none", {"includeThoughts": True, "thinkingLevel": "LOW"}, "the level low"),
        (FREE, "none", {"includeThoughts": True, "thinkingLevel": "MINIMAL"}, "the level minimal"),
    ],
)
def test_what_a_model_cannot_do_is_adapted_and_told(
    limits: ThinkingLimits, effort: str, config: dict[str, Any], instead: str
) -> None:
    """The nearest thing is used, and the caller learns which."""
    made = think(limits=limits, reasoning_effort=effort)

    assert made.thinking_config == config
    assert made.warnings == (f"reasoning_effort: {effort} is outside what this model can do; {instead} was used.",)


@pytest.mark.parametrize(
    ("model", "effort", "level"),
    [
        ("gemini-3-pro-preview", "medium", "low"),
        ("gemini-3-pro-image", "minimal", "low"),
        ("gemini-3.1-pro", "minimal", "low"),
        ("gemini-3.1-flash-image", "medium", "high"),
        ("gemini-3.8-flash", "none", "low"),
        ("gemini-3-flash-preview", "xhigh", "high"),
        ("gemini-nano-banana-2.1", "low", "minimal"),
    ],
)
def test_the_levels_of_a_family(model: str, effort: str, level: str) -> None:
    """What a family has no level for is the nearest that it has, and told."""
    made = think(model, reasoning_effort=effort)
    assert made.thinking_config == {"includeThoughts": True, "thinkingLevel": level.upper()}
    assert made.warnings == (
        f"reasoning_effort: {effort} is outside what this model can do; the level {level} was used.",
    )


@pytest.mark.parametrize(
    ("effort", "config"),
    [
        ("low", {"includeThoughts": True, "thinkingLevel": "LOW"}),
        ("xhigh", {"includeThoughts": True, "thinkingLevel": "XHIGH"}),
        ("8192", {"includeThoughts": True, "thinkingBudget": 8192}),
        ("auto", {"includeThoughts": True, "thinkingBudget": -1}),
    ],
)
def test_an_unknown_model_gets_what_was_asked(effort: str, config: dict[str, Any]) -> None:
    """And the caller learns that nobody here knows what it can do; a word that Google has not is still adapted."""
    made = think("gemini-9-ultra", reasoning_effort=effort)
    assert made.thinking_config == config
    assert made.warnings == (
        "reasoning_effort: what this model can do is not known here, so it was passed on as it is.",
    )
    assert think("gemini-9-ultra", reasoning_effort="max").thinking_config == {
        "includeThoughts": True,
        "thinkingLevel": "XHIGH",
    }


@pytest.mark.parametrize(
    ("members", "config"),
    [
        ({"reasoning": {"effort": "low"}}, {"includeThoughts": True, "thinkingLevel": "LOW"}),
        ({"reasoning": {"effort": "low", "exclude": True}}, {"includeThoughts": False, "thinkingLevel": "LOW"}),
        ({"reasoning": {"max_tokens": 2000}}, {"includeThoughts": True, "thinkingBudget": 2000}),
        ({"reasoning": {"enabled": True}}, {"includeThoughts": True}),
        ({"reasoning": {"exclude": False}}, {"includeThoughts": True}),
        ({"reasoning": {}}, None),
        ({"include_reasoning": False}, {"includeThoughts": False}),
        ({"google": {"thinking_config": {"thinking_level": "low"}}}, {"thinkingLevel": "LOW"}),
        (
            {"extra_body": {"google": {"thinkingConfig": {"includeThoughts": True, "thinkingBudget": 99999}}}},
            {"includeThoughts": True, "thinkingBudget": 99999},
        ),
        ({"google": {"thinking_config": {}}}, None),
        ({"extra_body": {}}, None),
    ],
)
def test_other_ways_to_ask(members: dict[str, Any], config: dict[str, Any] | None) -> None:
    """OpenRouter's words are understood, and Google's own are taken at their word."""
    made = think(**members)

    assert (made.thinking_config, made.warnings) == (config, ())


def test_thinking_can_be_switched_off() -> None:
    """reasoning.enabled: false is effort none."""
    assert think("gemini-2.5-flash", reasoning={"enabled": False}).thinking_config == {"thinkingBudget": 0}


def test_the_first_is_heard_and_the_others_are_told() -> None:
    """Two answers to one question: one wins, and the caller knows which."""
    made = think("gemini-3-pro(low)", reasoning_effort="high", google={"thinking_config": {"thinking_budget": 1}})

    assert made.thinking_config == {"includeThoughts": True, "thinkingLevel": "LOW"}
    assert made.warnings == (
        "google.thinking_config had no effect: model goes before it.",
        "reasoning_effort had no effect: model goes before it.",
    )


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"reasoning_effort": "huge"}, "reasoning_effort"),
        ({"reasoning": {"effort": "huge"}}, "reasoning.effort"),
        ({"model": "m(huge)"}, "model"),
    ],
)
def test_an_unknown_effort_is_refused(members: dict[str, Any], param: str) -> None:
    """A word that nobody knows is a 400 with the known ones."""
    with pytest.raises(BadRequest, match="none, auto, minimal") as error:
        think(**members)

    assert error.value.param == param


def test_google_options_are_found_in_both_places() -> None:
    """`google` and `extra_body.google` are one; without them there are none."""
    options = {"cached_content": "c"}

    for members in ({"google": options}, {"extra_body": {"google": options}}):
        found = google_options(request_of(**members))
        assert found is not None
        assert found.cached_content == "c"
    assert google_options(request_of()) is None
