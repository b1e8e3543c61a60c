"""A whole completion in chunks is the same completion."""

from typing import Any

from translators.chat.as_stream import chunks_of
from translators.chat.stream import DONE

SILENT = {"content": None, "reasoning_content": None, "tool_calls": None}
IMAGES = [{"type": "image_url", "image_url": {"url": "u"}, "index": 0}]


def completion(message: dict[str, Any], **members: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": message, "finish_reason": "stop", "native_finish_reason": "stop"}
    return {"id": "i", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], **members}


def test_words_media_and_ending_are_apart() -> None:
    """Three chunks: words, media, ending with usage and warnings; then [DONE]."""
    whole = completion(
        {"role": "assistant", **SILENT, "content": "Hi", "images": IMAGES}, usage={"total_tokens": 1}, warnings=["w"]
    )

    *chunks, done = chunks_of(whole)

    head = {"id": "i", "created": 1, "model": "m", "object": "chat.completion.chunk"}
    open_choice = {"index": 0, "finish_reason": None, "native_finish_reason": None}
    assert done == DONE
    assert chunks == [
        {**head, "choices": [{**open_choice, "delta": {"role": "assistant", **SILENT, "content": "Hi"}}]},
        {**head, "choices": [{**open_choice, "delta": {"role": "assistant", **SILENT, "images": IMAGES}}]},
        {
            **head,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "native_finish_reason": "stop",
                    "delta": {"role": None, **SILENT},
                }
            ],
            "usage": {"total_tokens": 1},
            "warnings": ["w"],
        },
    ]


def test_what_is_not_there_has_no_chunk() -> None:
    """Without words there is no chunk for them, and without media none for those."""
    only_images = chunks_of(completion({"role": "assistant", **SILENT, "images": IMAGES}))
    only_words = chunks_of(completion({"role": "assistant", **SILENT, "content": "Hi"}))

    assert (len(only_images), len(only_words)) == (3, 3)
    assert isinstance(only_images[1], dict)
    assert set(only_images[1]) == {"id", "object", "created", "model", "choices"}
