"""A finished video job -> a chat completion, whole or in chunks.

`message.videos[]` stands to `message.images[]` as a video to an image; the field was proposed in CLIProxyAPI issue
1005 and CLIProxyAPIPlus issue 94.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translators.errors import ApiError

CONTENT_MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAnswer:
    """What a chat completion says of a finished job. `created` is unix seconds; `cost` is dollars."""

    id: str
    job_id: str
    created: int
    model: str
    urls: Sequence[Any]
    """What stands in `video_url.url`: text, or whatever the reply writes as text."""
    links: Sequence[str] = ()
    """Addresses that `content` carries for players; none: content is a sentence only."""
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    usage: Mapping[str, int] | None = None
    cost: float | None = None
    warnings: Sequence[str] = ()


def to_chat_completion(answer: VideoAnswer) -> dict[str, Any]:
    """The whole answer; `urls` may hold placeholders that the reply replaces by base64 while it streams."""
    return {
        "id": answer.id,
        "object": "chat.completion",
        "created": answer.created,
        "model": answer.model,
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": content(answer),
                    "reasoning_content": None,
                    "tool_calls": None,
                    "videos": video_items(answer.urls),
                },
                "finish_reason": "stop",
                "native_finish_reason": "stop",
            }
        ],
        "usage": usage(answer),
        **_extras(answer),
    }


def video_items(urls: Sequence[Any]) -> list[dict[str, Any]]:
    """The `videos` array of a message or a delta."""
    return [{"type": "video_url", "index": index, "video_url": {"url": url}} for index, url in enumerate(urls)]


def content(answer: VideoAnswer) -> str:
    """A short sentence, as several clients drop a message without text; and for each link what players recognise.

    NextChat plays a link whose href ends in .mp4; Open WebUI 0.12 plays a <video> block on lines of its own whose
    source stands both in `src` and inside.
    """
    sentence = _sentence(answer)
    blocks = (f'[video.mp4]({url})\n\n<video controls src="{url}">\n{url}\n</video>\n' for url in answer.links)
    return "\n\n".join((sentence, *blocks))


def _sentence(answer: VideoAnswer) -> str:
    what = "Here is your video" if len(answer.urls) == 1 else f"Here are your {len(answer.urls)} videos"
    facts = [
        *([f"{answer.seconds:g} s"] if answer.seconds is not None else []),
        *([f"{answer.width}x{answer.height}"] if answer.width and answer.height else []),
    ]
    return f"{what} ({', '.join(facts)})." if facts else f"{what}."


def usage(answer: VideoAnswer) -> dict[str, Any]:
    """Tokens as Google counted them (Veo is billed by the second: none), and dollars where known."""
    counted = answer.usage or {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    tokens = {name: count for name, count in counted.items() if name not in _DETAILS}
    details = {name: counted[name] for name in _DETAILS if name in counted}
    return {
        **tokens,
        **({"completion_tokens_details": details} if details else {}),
        **({"cost": answer.cost} if answer.cost is not None else {}),
    }


_DETAILS = ("reasoning_tokens", "text_tokens")
"""What of `completion_tokens` is not video; OpenAI's place for it is below."""


def _extras(answer: VideoAnswer) -> dict[str, Any]:
    extras: dict[str, Any] = {"job_id": answer.job_id}
    return {**extras, "warnings": list(answer.warnings)} if answer.warnings else extras


# -- chunks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkFrame:
    """What every chunk of one stream repeats."""

    id: str
    created: int
    model: str

    def chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None, **extra: Any) -> dict[str, Any]:
        """One `chat.completion.chunk` with the four members that CLIProxyAPI's clients know, null where unused."""
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [
                {
                    "index": 0,
                    "delta": {"role": None, "content": None, "reasoning_content": None, "tool_calls": None, **delta},
                    "finish_reason": finish_reason,
                    "native_finish_reason": finish_reason,
                }
            ],
            **extra,
        }


def role_chunk(frame: ChunkFrame) -> dict[str, Any]:
    """The first chunk: somebody is there."""
    return frame.chunk({"role": "assistant", "content": ""})


def progress_chunk(frame: ChunkFrame, sentence: str) -> dict[str, Any]:
    """What is going on, where front-ends show a model's thinking."""
    return frame.chunk({"role": "assistant", "reasoning_content": f"{sentence}\n"})


def text_chunk(frame: ChunkFrame, answer: VideoAnswer) -> dict[str, Any]:
    """The sentence (and, with markdown, the player); some clients drop text that stands beside media in one chunk."""
    return frame.chunk({"role": "assistant", "content": content(answer)})


def videos_chunk(frame: ChunkFrame, answer: VideoAnswer) -> dict[str, Any]:
    """The videos."""
    return frame.chunk({"role": "assistant", "videos": video_items(answer.urls)})


def finish_chunk(frame: ChunkFrame, answer: VideoAnswer) -> dict[str, Any]:
    """The end, with usage and warnings."""
    return frame.chunk({}, "stop", usage=usage(answer), **_extras(answer))


def error_chunk(frame: ChunkFrame, error: ApiError) -> dict[str, Any]:
    """A failure inside a stream: SDKs raise on the top-level `error`, chat front-ends read `finish_reason`."""
    return frame.chunk({}, "error", **error.body())


def failed_completion(frame: ChunkFrame, error: ApiError) -> dict[str, Any]:
    """A failure under a status 200 that is already sent: still a valid completion, because SDKs raise nothing then."""
    return {
        **_text(frame, error.message, "content_filter" if error.code == "content_filter" else "error"),
        **error.body(),
    }


def text_completion(frame: ChunkFrame, text: str) -> dict[str, Any]:
    """A short text answer to a front-end's own prompt: no video, no cost."""
    return {
        **_text(frame, text, "stop"),
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0.0},
    }


def _text(frame: ChunkFrame, text: str, finish_reason: str) -> dict[str, Any]:
    return {
        "id": frame.id,
        "object": "chat.completion",
        "created": frame.created,
        "model": frame.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "reasoning_content": None, "tool_calls": None},
                "finish_reason": finish_reason,
                "native_finish_reason": finish_reason,
            }
        ],
    }
