"""The items of a response's `output`, whole.

Ids are made from the response's own and the item's place: the same answer has the same ids, streamed or not.
"""

from collections.abc import Sequence
from typing import Any

from translators.answer_events import Call, Cited, Medium
from translators.assistant_turn import marked
from translators.content import HoldsMedia, parse_data_uri

Item = dict[str, Any]
Annotation = dict[str, Any]


def item_id(prefix: str, response_id: str, index: int) -> str:
    """`<prefix>_<what makes the response's id unique>_<place>`."""
    return f"{prefix}_{response_id.removeprefix('resp_')}_{index}"


def reasoning_item(own_id: str, text: str, *, signature: str | None = None) -> Item:
    """Thinking; Gemini's signature, of the call after it, is its encrypted content."""
    return {
        "id": own_id,
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": text}] if text else [],
        **({"encrypted_content": marked(signature)} if signature else {}),
    }


def message_item(
    own_id: str,
    text: str,
    logprobs: list[dict[str, Any]],
    *,
    status: str = "completed",
    annotations: Sequence[Annotation] = (),
) -> Item:
    """Words."""
    return {
        "id": own_id,
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [text_content(text, logprobs, annotations)],
    }


def text_content(text: str, logprobs: list[dict[str, Any]], annotations: Sequence[Annotation] = ()) -> dict[str, Any]:
    """The one part of a message."""
    return {"type": "output_text", "text": text, "annotations": list(annotations), "logprobs": logprobs}


def annotations_in(cited: Cited, *, begin: int, length: int) -> list[Annotation]:
    """The citations whose words stand in the `length` characters of a message that begins at `begin` of the answer."""
    return [
        {
            "type": "url_citation",
            **citation,
            "start_index": citation["start_index"] - begin,
            "end_index": citation["end_index"] - begin,
        }
        for citation in cited.citations
        if begin <= citation["start_index"] and citation["end_index"] <= begin + length
    ]


def call_item(own_id: str, call: Call, *, arguments: str, status: str = "completed") -> Item:
    """A call; `arguments` is "" while they are still to come."""
    return {
        "id": own_id,
        "type": "function_call",
        "status": status,
        "call_id": call.id,
        "name": call.name,
        "arguments": arguments,
    }


def picture_item(own_id: str, picture: Medium | None, *, status: str = "completed") -> Item:
    """A picture as bare base64; without one while it is still to come."""
    if picture is None:
        return {"id": own_id, "type": "image_generation_call", "status": status, "result": None}
    media = parse_data_uri(picture.url, param="url")
    return HoldsMedia(
        id=own_id,
        type="image_generation_call",
        status=status,
        result=media.data,
        output_format=media.mime_type.partition("/")[2],
    )
