"""What becomes of every field of a Responses request; `translators.field_fates` says what the tables mean.

What asks the server to remember something is rejected, for nothing is remembered here; `store` is not, because it is
only about later, and openai-python's users leave it at its default of true.
"""

from translators.field_fates import Fates

_STATE = "nothing is kept between requests; send the earlier items (input and output) again in input"

FATES = Fates(
    mapped={
        "model": "the model; a thinking suffix such as (high) as in a chat completion",
        "input": "messages; a reasoning item's encrypted_content is Gemini's thought signature of the call after it",
        "instructions": "a system message, before all others",
        "stream": "stream",
        "max_output_tokens": "max_completion_tokens",
        "temperature": "temperature",
        "top_p": "top_p",
        "top_logprobs": "logprobs and top_logprobs",
        "include": "message.output_text.logprobs: logprobs; reasoning.encrypted_content is always there; others give "
        "a warning",
        "text": "format: response_format; verbosity has no counterpart and gives a warning",
        "reasoning": "effort: reasoning.effort; summary: the thinking is shown",
        "tools": "tools; web_search* and code_interpreter become Google's own, others of OpenAI's tools are a 400",
        "tool_choice": "tool_choice",
        "parallel_tool_calls": "true is Gemini's own way; false has no counterpart and gives a warning",
        "truncation": "disabled is Gemini's own way; auto has no counterpart and gives a warning",
        "google": "google",
        "image_config": "image_config",
        "safety_settings": "safety_settings",
        "seed": "seed",
        "stop": "stop",
        "top_k": "top_k",
    },
    ignored={
        "metadata": "labels of the caller's own; they stand in the response again",
        "prompt_cache_key": "Google caches by itself",
        "prompt_cache_options": "Google caches by itself",
        "prompt_cache_retention": "Google caches by itself",
        "safety_identifier": "says who asks, not what",
        "service_tier": "a matter of the price list OpenAI has, not of the answer",
        "store": "nothing is stored: the response says store: false and cannot be fetched later",
        "stream_options": "padding against eavesdroppers, which is not added here",
        "user": "says who asks, not what",
    },
    warned={
        "access_programs": "they are OpenAI's",
        "context_management": "nothing of the conversation is compacted here; send what the model shall read",
        "image": "pictures go to Google as they are",
        "max_tool_calls": "Google's own tools have no such limit",
        "moderation": "OpenAI's moderation does not exist here; Gemini's filters are set with safety_settings",
    },
    rejected={
        "background": "the answer comes with the request; leave it out, or use stream for long answers",
        "conversation": _STATE,
        "previous_response_id": _STATE,
        "prompt": "templates are kept at OpenAI; send their text in instructions and input",
    },
    members={
        "annotations": "mark an earlier answer for display",
        "id": "a client's own bookkeeping",
        "logprobs": "belong to an earlier answer",
        "phase": "marks an earlier answer for display",
        "prompt_cache_breakpoint": "Google caches by itself",
        "status": "how an earlier item ended",
        **dict.fromkeys(
            ("action", "background", "quality", "revised_prompt", "size"), "how an earlier picture was made"
        ),
    },
)

INCLUDED = frozenset({"message.output_text.logprobs", "reasoning.encrypted_content"})
"""Values of `include` that are understood."""
