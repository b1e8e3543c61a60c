"""The request side of OpenAI's old completions (openai-python 3.52, 2026-11)."""

from typing import Annotated, Any

from pydantic import Field

from translators.wire.openai import Wire


class CompletionRequest(Wire):
    """POST /v1/completions. `translators.completions` says of each field what becomes of it."""

    model: str = Field(min_length=1)
    prompt: Annotated[str | list[str] | list[int] | list[list[int]], Field(union_mode="left_to_right")]
    stream: bool | None = None
    echo: bool | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int | None = Field(default=None, ge=1)
    best_of: int | None = None
    stop: Annotated[str | list[str], Field(union_mode="left_to_right")] | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: int | None = Field(default=None, ge=0)

    # These change nothing in Google's request: read only so that they are known by name.
    logit_bias: Any = None
    stream_options: Any = None
    suffix: Any = None
    user: Any = None
