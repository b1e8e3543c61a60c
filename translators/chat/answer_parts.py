"""The parts of Gemini's answer -> the members of OpenAI's message, or of one delta of it.

Thought text is `reasoning_content`. Thought images are drafts and no answer: they are left out (Gemini API docs,
"Image generation": the last image that is no thought is final). Code that Google ran, and what it printed, is fenced
text. Media go where their kind says, and count up within a message, also over the chunks of a stream.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from translators.content import HoldsMedia, sniff_base64
from translators.wire.google import LogprobsResult, Part, TokenLogprob

MEDIA_MEMBERS: Mapping[str, tuple[str, str]] = {
    "image": ("images", "image_url"),
    "video": ("videos", "video_url"),
    "audio": ("audios", "audio_url"),
}
"""Major MIME type -> (member of the message, type of its items); anything else is a file."""

_FILES = ("files", "file_url")
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one choice has said so far: enough to count on, and to know whether it said anything.

    `call_prefix` begins the id of each tool call that Google gave none, and is unique to the answer.
    """

    call_prefix: str
    original_names: Mapping[str, str] = field(default_factory=dict)
    said: bool = False
    calls: int = 0
    media: Counter[str] = field(default_factory=Counter)


def is_media(part: Part) -> bool:
    """Whether a part is a medium (and not words or calls)."""
    return part.inline_data is not None or part.file_data is not None


def message_members(parts: Sequence[Part], tally: Tally) -> dict[str, Any]:
    """`content`, `reasoning_content` and `tool_calls` (None where there are none), then media where there are any.

    A text that is there but empty is "", as CLIProxyAPI has it. Updates `tally`.
    """
    words = [_words(part) for part in parts if not part.thought]
    content = _joined(words)
    calls = [_tool_call(part, tally) for part in parts if part.function_call is not None]
    media = _media(parts, tally) if any(map(is_media, parts)) else {}
    tally.said = tally.said or bool(content or calls or media)
    return {
        "content": content,
        "reasoning_content": _joined(part.text for part in parts if part.thought),
        "tool_calls": calls or None,
        **media,
    }


def logprobs_from_google(result: LogprobsResult | None) -> dict[str, Any] | None:
    """Gemini's logprobsResult as `choices[].logprobs`, or None; `bytes` are the token's own UTF-8."""
    if result is None:
        return None
    steps = [step.candidates for step in result.top_candidates]
    rivals = steps + [[] for _ in range(len(result.chosen_candidates) - len(steps))]
    return {
        "content": [
            {**_token(chosen), "top_logprobs": [_token(rival) for rival in rivals[index]]}
            for index, chosen in enumerate(result.chosen_candidates)
        ],
        "refusal": None,
    }


def _joined(texts: Iterable[str | None]) -> str | None:
    given = [text for text in texts if text is not None]
    return "".join(given) if given else None


def _words(part: Part) -> str | None:
    if part.executable_code is not None:
        return f"\n```{part.executable_code.language.lower()}\n{part.executable_code.code}\n```\n"
    if part.code_execution_result is not None:
        return f"\n```\n{part.code_execution_result.output}\n```\n"
    return part.text


def _tool_call(part: Part, tally: Tally) -> dict[str, Any]:
    call = part.function_call
    assert call is not None  # noqa: S101 - the caller chose the part by it
    number = tally.calls
    tally.calls += 1
    signature = part.thought_signature
    return {
        "id": call.id or f"call_{tally.call_prefix}_{number}",
        "type": "function",
        "function": {
            "name": tally.original_names.get(call.name, call.name),
            "arguments": json.dumps(call.args, ensure_ascii=False, separators=(",", ":")),
        },
        **({"extra_content": {"google": {"thought_signature": signature}}} if signature else {}),
    }


def _media(parts: Sequence[Part], tally: Tally) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        link = _link(part)
        if link is None or part.thought:
            continue
        mime_type, url = link
        member, kind = MEDIA_MEMBERS.get(mime_type.partition("/")[0], _FILES)
        found.setdefault(member, []).append({"type": kind, kind: HoldsMedia(url=url), "index": tally.media[member]})
        tally.media[member] += 1
    return found


def _link(part: Part) -> tuple[str, str] | None:
    """The MIME type and the URL of a medium. A type that Google does not name is read off the bytes, never guessed."""
    if part.inline_data is not None and part.inline_data.data:
        data = part.inline_data.data
        mime_type = part.inline_data.mime_type or sniff_base64(data) or _UNKNOWN_TYPE
        return mime_type, f"data:{mime_type};base64,{data}"
    if part.file_data is not None and part.file_data.file_uri:
        return part.file_data.mime_type or _UNKNOWN_TYPE, part.file_data.file_uri
    return None


def _token(token: TokenLogprob) -> dict[str, Any]:
    return {"token": token.token, "logprob": token.log_probability, "bytes": list(token.token.encode())}
