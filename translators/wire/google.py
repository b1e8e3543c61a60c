"""Google's answers to generateContent and predict, as far as we read them; whatever else they hold is tolerated.

REST answers in camelCase; snake_case is accepted as well, since relays and older gateways write it. Absent numbers are
zero: protobuf's JSON leaves defaults out.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from translators.errors import UpstreamFailed


class Answer(BaseModel):
    """A piece of what Google sent."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", defer_build=True, alias_generator=to_camel, validate_by_name=True
    )


class InlineData(Answer):
    """Media as base64."""

    mime_type: str | None = None
    data: str = ""


class FileData(Answer):
    """Media by URI."""

    mime_type: str | None = None
    file_uri: str = ""


class FunctionCall(Answer):
    """A call the model wants made."""

    id: str | None = None
    name: str = ""
    args: dict[str, Any] = Field(default_factory=dict)


class ExecutableCode(Answer):
    """Code that Google's own tool ran."""

    language: str = ""
    code: str = ""


class CodeExecutionResult(Answer):
    """What that code printed."""

    outcome: str = ""
    output: str = ""


class Part(Answer):
    """One part of a candidate's content; at most one of its kinds is set."""

    text: str | None = None
    thought: bool = False
    thought_signature: str | None = None
    inline_data: InlineData | None = None
    file_data: FileData | None = None
    function_call: FunctionCall | None = None
    executable_code: ExecutableCode | None = None
    code_execution_result: CodeExecutionResult | None = None


class Content(Answer):
    """The parts of a candidate."""

    parts: list[Part] = Field(default_factory=list)


class TokenLogprob(Answer):
    """A token and how likely it was."""

    token: str = ""
    log_probability: float = 0.0


class TopCandidates(Answer):
    """The likeliest tokens of one step."""

    candidates: list[TokenLogprob] = Field(default_factory=list)


class LogprobsResult(Answer):
    """Log probabilities: the chosen tokens and, step by step, their rivals."""

    chosen_candidates: list[TokenLogprob] = Field(default_factory=list)
    top_candidates: list[TopCandidates] = Field(default_factory=list)


class Candidate(Answer):
    """One of `candidateCount` answers."""

    index: int = 0
    content: Content | None = None
    finish_reason: str | None = None
    finish_message: str | None = None
    logprobs_result: LogprobsResult | None = None
    grounding_metadata: dict[str, Any] | None = None


class PromptFeedback(Answer):
    """Why a prompt was not even begun."""

    block_reason: str | None = None
    block_reason_message: str | None = None


class ModalityTokens(Answer):
    """Tokens of one modality."""

    modality: str = ""
    token_count: int = 0


class UsageMetadata(Answer):
    """What the call used, in tokens."""

    prompt_token_count: int = 0
    candidates_token_count: int = 0
    total_token_count: int = 0
    thoughts_token_count: int = 0
    cached_content_token_count: int = 0
    prompt_tokens_details: list[ModalityTokens] = Field(default_factory=list)
    candidates_tokens_details: list[ModalityTokens] = Field(default_factory=list)


class GenerateContentAnswer(Answer):
    """generateContent's answer, or one event of streamGenerateContent; `error` appears only inside a stream."""

    candidates: list[Candidate] = Field(default_factory=list)
    prompt_feedback: PromptFeedback | None = None
    usage_metadata: UsageMetadata | None = None
    model_version: str | None = None
    response_id: str | None = None
    create_time: str | None = None
    error: dict[str, Any] | None = None


class Prediction(Answer):
    """One image of Imagen's, or the reason why there is none."""

    bytes_base64_encoded: str = ""
    mime_type: str | None = None
    prompt: str | None = None
    rai_filtered_reason: str | None = None


class PredictAnswer(Answer):
    """predict's answer."""

    predictions: list[Prediction] = Field(default_factory=list)


def read_answer(body: bytes | str) -> GenerateContentAnswer:
    """Read generateContent's answer, or one event's data. Raises UpstreamFailed for what is no such thing."""
    try:
        return GenerateContentAnswer.model_validate_json(body)
    except ValidationError as error:
        raise _malformed("generateContent", error) from None


def read_predictions(body: bytes | str) -> PredictAnswer:
    """Read predict's answer. Raises UpstreamFailed for what is no such thing."""
    try:
        return PredictAnswer.model_validate_json(body)
    except ValidationError as error:
        raise _malformed("predict", error) from None


def _malformed(method: str, error: ValidationError) -> UpstreamFailed:
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(step) for step in problem["loc"])
    return UpstreamFailed(
        f"Google's answer to {method} could not be read: {problem['msg']}{f' (at {where})' if where else ''}.",
        code="malformed_upstream_answer",
    )
