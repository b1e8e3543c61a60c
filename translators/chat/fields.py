"""What becomes of every request field: each is in exactly one of four tables.

MAPPED reaches Google. IGNORED is accepted without a word, for the reason given. WARNED is accepted, has no effect, and
the caller is told. REJECTED is a 400 with the way out. A field in none of them is unknown, and the caller is told.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from translators.conversation import LABELS
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest

MAPPED: Mapping[str, str] = {
    "model": "the model in the call's path; a thinking suffix such as (high) or (8192) goes to thinkingConfig",
    "messages": "systemInstruction and contents; with Imagen the last text of the user's, and with its edit model the "
    "image and the mask (an image part with `role: mask`, in the form of `mask` of the Images API) beside it",
    "stream": "streamGenerateContent?alt=sse instead of generateContent",
    "temperature": "generationConfig.temperature",
    "top_p": "generationConfig.topP",
    "top_k": "generationConfig.topK",
    "max_tokens": "generationConfig.maxOutputTokens",
    "max_completion_tokens": "generationConfig.maxOutputTokens, unless max_tokens is given",
    "n": "generationConfig.candidateCount, above 1; sampleCount for Imagen",
    "stop": "generationConfig.stopSequences",
    "seed": "generationConfig.seed",
    "presence_penalty": "generationConfig.presencePenalty",
    "frequency_penalty": "generationConfig.frequencyPenalty",
    "logprobs": "generationConfig.responseLogprobs, and back into choices[].logprobs",
    "top_logprobs": "generationConfig.logprobs",
    "response_format": "generationConfig.responseMimeType and responseJsonSchema",
    "tools": "tools: functionDeclarations, googleSearch, codeExecution, urlContext",
    "tool_choice": "toolConfig.functionCallingConfig",
    "parallel_tool_calls": "true is Gemini's own way; false has no counterpart and gives a warning",
    "web_search_options": "tools: googleSearch; its options have no counterpart and give a warning",
    "modalities": "generationConfig.responseModalities",
    "image_config": "generationConfig.imageConfig; `style` and `negative_prompt` are written into the prompt; "
    "`fallback: placeholder` gives a labelled picture instead of a failure",
    "cache": "true keeps an image and answers the same request with it; false makes it anew although a seed is given",
    "video_config": "the video translator; on a model that makes no video it is a 400",
    "reasoning_effort": "generationConfig.thinkingConfig",
    "reasoning": "generationConfig.thinkingConfig",
    "include_reasoning": "generationConfig.thinkingConfig.includeThoughts",
    "extra_body": "extra_body.google: thinkingConfig and cachedContent",
    "google": "google.thinking_config and google.cached_content",
    "generation_config": "generationConfig, copied first; the fields above win over it (on the wire: generationConfig)",
    "safety_settings": "safetySettings, as given; none are sent otherwise",
}

IGNORED: Mapping[str, str] = {
    "stream_options": "usage is in the last chunk without being asked for",
    "user": "says who asks, not what; Google has no such field",
    "metadata": "labels of the caller's own",
    "store": "nothing is stored at Google either way",
    "service_tier": "a matter of the price list OpenAI has, not of the answer",
    "prompt_cache_key": "Google caches by itself; with `routing.session-affinity` it names the conversation",
    "prompt_cache_options": "Google caches by itself",
    "prompt_cache_retention": "Google caches by itself",
    "prediction": "a hint for speed; the answer is the same without it",
    "safety_identifier": "says who asks, not what",
    **LABELS,
    "conversation": "names the conversation, for `routing.session-affinity` only; nothing is kept between requests",
    "chat_id": "a chat front end's own bookkeeping",
    "id": "a chat front end's own bookkeeping",
    "trace": "a tracing label (OpenRouter)",
    "provider": "routing preferences for another gateway (OpenRouter)",
    "route": "routing preferences for another gateway (OpenRouter)",
    "transforms": "prompt compression of another gateway (OpenRouter)",
    "usage": "asks for usage accounting (OpenRouter); usage is always in the answer",
    "num_retries": "a setting of the calling library (LiteLLM)",
    "timeout": "a setting of the calling library",
}

WARNED: Mapping[str, str] = {
    "verbosity": "Gemini has no such setting; ask for short or long answers in the prompt",
    "moderation": "OpenAI's moderation does not exist here; Gemini's filters are set with safety_settings",
}

REJECTED: Mapping[str, str] = {
    "audio": "audio answers are not available; leave it out and ask for text",
    "logit_bias": "Gemini has nothing like it, and its token ids differ from OpenAI's; leave it out",
    "functions": "this old form is not supported; use tools",
    "function_call": "this old form is not supported; use tool_choice",
}

MESSAGE_IGNORED: Mapping[str, str] = {
    "cache_control": "Google caches by itself",
    "annotations": "marks an earlier answer for display",
    "detail": "a hint what a picture may cost (in the Responses API's form, which does not nest it)",
    "id": "a chat front end's own bookkeeping",
    "logprobs": "belong to an earlier answer",
    "native_finish_reason": "how an earlier answer ended",
    "prompt_cache_breakpoint": "Google caches by itself",
    "type": "a chat front end's own bookkeeping",
}
"""Members of messages and their parts that are accepted without a word."""


def review_fields(request: ChatCompletionRequest) -> list[str]:
    """Tell which given fields have no effect. Raises BadRequest for the first that cannot be accepted at all."""
    for field, way_out in REJECTED.items():
        if getattr(request, field):
            raise BadRequest(f"{field} cannot be used here: {way_out}.", param=field, code="unsupported_parameter")
    return [
        *(f"{field} had no effect: {reason}." for field, reason in WARNED.items() if getattr(request, field)),
        *(_unknown(field) for field in _given(request.model_extra) if field not in IGNORED),
        *_review_messages(request),
    ]


def _review_messages(request: ChatCompletionRequest) -> Iterable[str]:
    first_seen: dict[str, str] = {}
    for index, message in enumerate(request.messages):
        for field in _given(message.model_extra):
            first_seen.setdefault(field, f"messages[{index}].{field}")
        for number, part in enumerate(message.content if isinstance(message.content, list) else ()):
            for field in _given(part.model_extra):
                first_seen.setdefault(field, f"messages[{index}].content[{number}].{field}")
    return [
        f"{place} had no effect: Gemini's contents have nothing like it."
        for field, place in first_seen.items()
        if field not in MESSAGE_IGNORED
    ]


def _given(extra: Mapping[str, Any] | None) -> Iterable[str]:
    return [field for field, value in extra.items() if value is not None] if extra else ()


def _unknown(field: str) -> str:
    near = get_close_matches(field, (*MAPPED, *IGNORED, *WARNED), n=1)
    guess = f" Did you mean {near[0]}?" if near else ""
    return f"{field} is not known here and had no effect.{guess}"
