"""The shapes of answers with text and images: chat completions and the protocols that are rewritten as one."""

from collections.abc import Mapping

from proxy.openapi.operation import Schema, ref
from proxy.openapi.shapes import (
    ANYTHING,
    COST,
    NUMBER,
    OBJECT,
    SWITCH,
    TEXT,
    UNIX,
    WARNINGS,
    WHOLE,
    a_list,
    a_word,
    about,
    always,
    an_object,
    or_null,
)

_FINISH = or_null(about(TEXT, "stop, length, tool_calls or content_filter."))
_NATIVE = or_null(about(TEXT, "Google's own word for how it ended, in small letters."))
_MEDIUM = an_object({"url": about(TEXT, "A data URI, or an address.")})
_MESSAGE = {
    "content": or_null(TEXT),
    "reasoning_content": or_null(TEXT),
    "tool_calls": or_null(a_list("ToolCall")),
}
_MEDIA = {
    "images": a_list(an_object({"type": always("image_url"), "image_url": _MEDIUM, "index": WHOLE})),
    "videos": a_list(an_object({"type": always("video_url"), "index": WHOLE, "video_url": _MEDIUM})),
    "annotations": a_list(OBJECT),
    "extra_content": OBJECT,
    "revised_prompt": TEXT,
    "refusal": or_null(TEXT),
}
_BESIDE = {
    "usage": ref("Usage"),
    "warnings": WARNINGS,
    "job_id": about(TEXT, "The video's job: GET /v1/videos/{job_id} goes on where an answer was lost."),
    "error": about(OBJECT, "Why there is no more, where the status was already out."),
    "cached": SWITCH,
    "extra_content": OBJECT,
    "system_fingerprint": or_null(TEXT),
}

CONTENT_SCHEMAS: Mapping[str, Schema] = {
    "Usage": an_object(
        {},
        {
            "prompt_tokens": WHOLE,
            "completion_tokens": WHOLE,
            "total_tokens": WHOLE,
            "cost": COST,
            "prompt_tokens_details": OBJECT,
            "completion_tokens_details": OBJECT,
        },
        "Tokens as Google counts them, and the price where the catalogue knows it.",
    ),
    "ToolCall": an_object(
        {"type": always("function"), "function": an_object({"name": TEXT, "arguments": TEXT})},
        {"id": TEXT, "index": WHOLE, "extra_content": about(OBJECT, "Gemini's thought signature; send it back.")},
    ),
    "ChatCompletion": an_object(
        {
            "id": TEXT,
            "object": always("chat.completion"),
            "created": UNIX,
            "model": about(TEXT, "The model that answered, after aliases and redirects."),
            "choices": a_list(
                an_object(
                    {
                        "index": WHOLE,
                        "message": an_object({"role": always("assistant"), **_MESSAGE}, _MEDIA),
                        "finish_reason": _FINISH,
                    },
                    {"native_finish_reason": _NATIVE, "logprobs": or_null(OBJECT)},
                )
            ),
        },
        _BESIDE,
    ),
    "ChatCompletionChunk": an_object(
        {
            "id": TEXT,
            "object": always("chat.completion.chunk"),
            "created": UNIX,
            "model": TEXT,
            "choices": a_list(
                an_object(
                    {
                        "index": WHOLE,
                        "delta": an_object({"role": or_null(TEXT), **_MESSAGE}, _MEDIA),
                        "finish_reason": _FINISH,
                    },
                    {"native_finish_reason": _NATIVE, "logprobs": or_null(OBJECT)},
                )
            ),
        },
        _BESIDE,
    ),
    "Completion": an_object(
        {
            "id": TEXT,
            "object": always("text_completion"),
            "created": UNIX,
            "model": TEXT,
            "choices": a_list(
                an_object(
                    {"text": TEXT, "index": WHOLE, "logprobs": or_null(OBJECT), "finish_reason": _FINISH},
                    {"native_finish_reason": _NATIVE, "reasoning_content": or_null(TEXT)},
                )
            ),
        },
        _BESIDE,
    ),
    "Response": an_object(
        {
            "id": TEXT,
            "object": always("response"),
            "created_at": UNIX,
            "status": a_word("completed", "incomplete", "failed", "in_progress"),
            "error": or_null(OBJECT),
            "incomplete_details": or_null(OBJECT),
            "model": TEXT,
            "output": a_list(
                about(an_object({"type": TEXT}), "A message, reasoning, function_call or image_generation_call.")
            ),
            "usage": or_null(
                an_object(
                    {"input_tokens": WHOLE, "output_tokens": WHOLE, "total_tokens": WHOLE},
                    {"input_tokens_details": OBJECT, "output_tokens_details": OBJECT, "cost": COST},
                )
            ),
        },
        {
            "background": SWITCH,
            "instructions": ANYTHING,
            "max_output_tokens": or_null(WHOLE),
            "metadata": ANYTHING,
            "parallel_tool_calls": or_null(SWITCH),
            "previous_response_id": or_null(TEXT),
            "reasoning": or_null(OBJECT),
            "store": about(SWITCH, "Always false: nothing is kept."),
            "temperature": or_null(NUMBER),
            "text": OBJECT,
            "tool_choice": ANYTHING,
            "tools": a_list(OBJECT),
            "top_logprobs": or_null(WHOLE),
            "top_p": or_null(NUMBER),
            "truncation": or_null(TEXT),
            "user": ANYTHING,
            "warnings": WARNINGS,
            "extra_content": OBJECT,
        },
    ),
    "ResponseEvent": an_object(
        {"type": TEXT, "sequence_number": WHOLE},
        {"response": ref("Response")},
        "From response.created on.",
    ),
    "Message": an_object(
        {
            "id": TEXT,
            "type": always("message"),
            "role": always("assistant"),
            "model": TEXT,
            "content": a_list(about(an_object({"type": TEXT}), "A text, thinking or tool_use block.")),
            "stop_reason": or_null(TEXT),
            "stop_sequence": or_null(TEXT),
            "usage": an_object(
                {"input_tokens": WHOLE, "output_tokens": WHOLE},
                {"cache_read_input_tokens": WHOLE, "cost": COST},
            ),
        },
        {"warnings": WARNINGS, "extra_content": OBJECT},
    ),
    "MessageEvent": an_object({"type": TEXT}, about="message_start to message_stop, or error."),
    "TokenCount": an_object({"input_tokens": WHOLE}, {"warnings": WARNINGS}),
    "ImagesResponse": an_object(
        {
            "created": UNIX,
            "data": a_list(an_object({}, {"b64_json": TEXT, "url": TEXT, "revised_prompt": TEXT})),
        },
        {
            "model": TEXT,
            "background": TEXT,
            "output_format": TEXT,
            "quality": TEXT,
            "size": TEXT,
            "usage": OBJECT,
            "cached": SWITCH,
            "warnings": WARNINGS,
        },
    ),
    "ImageEvent": an_object(
        {"type": a_word("image_generation.completed", "image_edit.completed")},
        {"b64_json": TEXT, "url": TEXT, "usage": OBJECT, "warnings": WARNINGS},
    ),
}
