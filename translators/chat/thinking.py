"""How much a model should think: four ways to ask -> Gemini's thinkingConfig.

The first that is given wins, and the others are told about: a suffix on the model's name (`gemini-2.5-flash(8192)`,
`(high)`, `(none)`, `(auto)`, as CLIProxyAPI has it), `google.thinking_config` (Google's own form, taken at its word),
`reasoning` (OpenRouter), `reasoning_effort` (OpenAI). Models up to 2.5 take a budget in tokens, later ones a level.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, GoogleOptions, ThinkingConfig

EFFORT_BUDGETS: Mapping[str, int] = {
    "minimal": 512,
    "low": 1024,
    "medium": 8192,
    "high": 24576,
    "xhigh": 32768,
    "max": 128000,
}
"""Effort -> thinkingBudget in tokens, for models that take a budget (CLIProxyAPI 7.2); in ascending order."""

_GOOGLES = ("minimal", "low", "medium", "high", "xhigh")
"""Every thinkingLevel that Google has a word for (google-genai 3.4.0, `ThinkingLevel`)."""

_UNKNOWN = "what this model can do is not known here, so it was passed on as it is."
_DYNAMIC = -1
_SUFFIX = re.compile(r"(?P<model>.+)\((?P<suffix>[^()]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingLimits:
    """What a model can do: `levels` in ascending order, or a `budget` (least, most) in tokens; neither if unknown."""

    levels: tuple[str, ...] = ()
    budget: tuple[int, int] | None = None
    can_be_off: bool = False


_ALL = ("minimal", "low", "medium", "high")

# Gemini API docs and Vertex AI docs, "Thinking", 2026-11; CLIProxyAPI's models.json, 2026-11. The first that fits.
_FAMILIES: tuple[tuple[str, ThinkingLimits], ...] = (
    ("gemini-3.8-flash", ThinkingLimits(levels=("low", "medium", "high"))),
    ("gemini-3.7-flash", ThinkingLimits(levels=("low", "medium", "high"))),
    ("gemini-3.6-flash", ThinkingLimits(levels=_ALL)),
    ("gemini-3.5-flash", ThinkingLimits(levels=_ALL)),
    ("gemini-3.1-pro", ThinkingLimits(levels=("low", "medium", "high"))),
    ("gemini-3.1-flash-image", ThinkingLimits(levels=("minimal", "high"))),
    ("gemini-3.1-flash-lite", ThinkingLimits(levels=_ALL)),
    ("gemini-3-flash", ThinkingLimits(levels=_ALL)),
    ("gemini-3-pro", ThinkingLimits(levels=("low", "high"))),
    ("gemini-nano-banana-2.1", ThinkingLimits(levels=("minimal", "medium", "high"))),
    ("gemini-2.5-flash-lite", ThinkingLimits(budget=(512, 24576), can_be_off=True)),
    ("gemini-2.5-flash", ThinkingLimits(budget=(1, 24576), can_be_off=True)),
    ("gemini-2.5-pro", ThinkingLimits(budget=(128, 32768))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """A thinkingConfig (None: leave the model to its own ways), and what had to be changed for it."""

    thinking_config: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    param: str
    effort: str | int | None = None
    verbatim: ThinkingConfig | None = None


def split_thinking_suffix(model: str) -> tuple[str, str | None]:
    """`gemini-2.5-flash(high)` -> (`gemini-2.5-flash`, `high`); a name without suffix -> (name, None)."""
    match = _SUFFIX.fullmatch(model) if model.endswith(")") else None
    return (match["model"], match["suffix"].strip().lower()) if match else (model, None)


def google_options(request: ChatCompletionRequest) -> GoogleOptions | None:
    """Google's own options, as `google` or nested in `extra_body`, as its examples have it."""
    return request.google or (request.extra_body.google if request.extra_body else None)


def thinking(request: ChatCompletionRequest, *, model: str, limits: ThinkingLimits | None) -> Thinking:
    """What the request asks of `model`. Without `limits` the model's family decides.

    Raises BadRequest naming the field for an effort that is neither known nor a number.
    """
    wishes = _wishes(request)
    visible = _visibility(request)
    if not wishes:
        return Thinking(thinking_config=None if visible is None else {"includeThoughts": visible})
    wish, *unheard = wishes
    settings, warnings = _verbatim(wish.verbatim) if wish.verbatim else _weigh(wish, limits or _family(model))
    off = settings.get("thinkingBudget") == 0
    shown = {"includeThoughts": visible if visible is not None else True} if not off and not wish.verbatim else {}
    return Thinking(
        thinking_config={**shown, **settings} or None,
        warnings=(*warnings, *(_unheard(other.param, wish.param) for other in unheard)),
    )


def _wishes(request: ChatCompletionRequest) -> list[_Wish]:
    suffix = split_thinking_suffix(request.model)[1]
    google = google_options(request)
    reasoning = request.reasoning
    effort = request.reasoning_effort
    return [
        *([_Wish(param="model", effort=suffix)] if suffix else []),
        *(
            [_Wish(param="google.thinking_config", verbatim=google.thinking_config)]
            if google and google.thinking_config
            else []
        ),
        *(
            [_Wish(param="reasoning.max_tokens", effort=reasoning.max_tokens)]
            if reasoning and reasoning.max_tokens is not None
            else []
        ),
        *([_Wish(param="reasoning.effort", effort=reasoning.effort)] if reasoning and reasoning.effort else []),
        *([_Wish(param="reasoning.enabled", effort="none")] if reasoning and reasoning.enabled is False else []),
        *([_Wish(param="reasoning_effort", effort=effort)] if effort and effort.strip() else []),
    ]


def _visibility(request: ChatCompletionRequest) -> bool | None:
    reasoning = request.reasoning
    if reasoning is not None and reasoning.exclude is not None:
        return not reasoning.exclude
    if request.include_reasoning is not None:
        return request.include_reasoning
    return True if reasoning is not None and reasoning.enabled else None


def _family(model: str) -> ThinkingLimits:
    return next((limits for prefix, limits in _FAMILIES if model.startswith(prefix)), ThinkingLimits())


def _verbatim(config: ThinkingConfig) -> tuple[dict[str, Any], list[str]]:
    settings = {
        "includeThoughts": config.include_thoughts,
        "thinkingBudget": config.thinking_budget,
        "thinkingLevel": config.thinking_level.upper() if config.thinking_level else None,
    }
    return {name: value for name, value in settings.items() if value is not None}, []


def _weigh(wish: _Wish, limits: ThinkingLimits) -> tuple[dict[str, Any], list[str]]:
    settings, warnings = _fitted(wish, limits)
    unknown = not limits.levels and not limits.budget and not limits.can_be_off
    return settings, [*warnings, *([f"{wish.param}: {_UNKNOWN}"] if unknown and not warnings else [])]


def _fitted(wish: _Wish, limits: ThinkingLimits) -> tuple[dict[str, Any], list[str]]:
    effort = _read_effort(wish)
    if effort in {"auto", _DYNAMIC}:
        return {"thinkingBudget": _DYNAMIC}, []
    if effort in {"none", 0}:
        return _off(wish, limits)
    if isinstance(effort, int):
        return _budget(effort, wish, limits)
    return _budget(EFFORT_BUDGETS[effort], wish, limits) if limits.budget else _level(effort, wish, limits)


def _read_effort(wish: _Wish) -> str | int:
    raw = wish.effort
    if isinstance(raw, int):
        return raw
    word = (raw or "").strip().lower()
    if word.lstrip("-").isdecimal():
        return int(word)
    if word not in EFFORT_BUDGETS and word not in {"none", "auto"}:
        allowed = ", ".join(("none", "auto", *EFFORT_BUDGETS))
        raise BadRequest(f"{raw!r} is no thinking effort; allowed are {allowed}.", param=wish.param)
    return word


def _off(wish: _Wish, limits: ThinkingLimits) -> tuple[dict[str, Any], list[str]]:
    if limits.can_be_off:
        return {"thinkingBudget": 0}, []
    if limits.budget:
        return {"thinkingBudget": limits.budget[0]}, [_adapted(wish, f"a budget of {limits.budget[0]} tokens")]
    lowest = limits.levels[0] if limits.levels else "minimal"
    return {"thinkingLevel": lowest.upper()}, [_adapted(wish, f"the level {lowest}")]


def _budget(tokens: int, wish: _Wish, limits: ThinkingLimits) -> tuple[dict[str, Any], list[str]]:
    least, most = limits.budget or (tokens, tokens)
    fitted = min(max(tokens, least), most)
    warnings = [] if fitted == tokens else [_adapted(wish, f"a budget of {fitted} tokens")]
    return {"thinkingBudget": fitted}, warnings


def _level(effort: str, wish: _Wish, limits: ThinkingLimits) -> tuple[dict[str, Any], list[str]]:
    levels = limits.levels or _GOOGLES
    if effort in levels:
        return {"thinkingLevel": effort.upper()}, []
    order = list(EFFORT_BUDGETS)
    nearest = min(levels, key=lambda level: abs(order.index(level) - order.index(effort)))
    return {"thinkingLevel": nearest.upper()}, [_adapted(wish, f"the level {nearest}")]


def _adapted(wish: _Wish, instead: str) -> str:
    return f"{wish.param}: {wish.effort} is outside what this model can do; {instead} was used."


def _unheard(param: str, winner: str) -> str:
    return f"{param} had no effect: {winner} goes before it."
