"""OpenAI's old completions: a prompt -> a chat with one user message, and its answer -> `choices[].text`.

The shape is OpenAI's, with CLIProxyAPI's way to make it (7.2). What a text cannot hold is a Markdown link in it
(pictures, with their bytes) or stands beside it (`reasoning_content`, `native_finish_reason`, `error`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from translators.answer_events import AnswerEvent, Medium, Words, read_chunk, read_completion
from translators.as_chat import AsChat, Trail
from translators.chat.stream import DONE, Item
from translators.conversation import conversation_of
from translators.errors import BadRequest
from translators.field_fates import Fates
from translators.read_body import Branches, read_body
from translators.wire.completions import CompletionRequest
from translators.wire.openai import ChatCompletionRequest, UserMessage

FATES = Fates(
    mapped={
        "model": "the model; a thinking suffix such as (high) as in a chat completion",
        "prompt": "one user message; several prompts, or token ids, are a 400",
        "stream": "stream",
        "echo": "the prompt stands before the text",
        "max_tokens": "max_tokens",
        "temperature": "temperature",
        "top_p": "top_p",
        "n": "n",
        "best_of": "1, or the same as n; anything else is a 400",
        "stop": "stop",
        "seed": "seed",
        "presence_penalty": "presence_penalty",
        "frequency_penalty": "frequency_penalty",
        "logprobs": "logprobs and top_logprobs",
    },
    ignored={
        "stream_options": "usage is in the last chunk without being asked for",
        "user": "says who asks, not what",
    },
    rejected={
        "logit_bias": "Gemini has nothing like it, and its token ids differ from OpenAI's; leave it out",
        "suffix": "Gemini does not fill gaps; say in the prompt what shall follow",
    },
)

_SAME = ("stream", "max_tokens", "temperature", "top_p", "n", "stop", "seed", "presence_penalty", "frequency_penalty")


def parse_completion(body: bytes) -> CompletionRequest:
    """Read a request's body. Raises BadRequest naming the place."""
    return read_body(CompletionRequest, body, Branches())


def to_chat(request: CompletionRequest) -> AsChat:
    """Rewrite a request. Raises BadRequest naming the field that cannot be carried over."""
    warnings = FATES.review(request)
    if request.best_of not in {None, 1, request.n}:
        raise BadRequest("Gemini does not choose among its answers; leave it out, or ask for n.", param="best_of")
    given = {name: getattr(request, name) for name in _SAME if getattr(request, name) is not None}
    if request.logprobs is not None:
        given |= {"logprobs": True, "top_logprobs": request.logprobs}
    message = UserMessage(role="user", content=prompt_of(request))
    return AsChat(
        chat=ChatCompletionRequest(model=request.model, messages=[message], **given, **conversation_of(request)),
        trail=Trail({"messages": "prompt", "top_logprobs": "logprobs"}),
        warnings=tuple(warnings),
    )


def prompt_of(request: CompletionRequest) -> str:
    """The one prompt. Raises BadRequest for none, several, or token ids."""
    prompts = [request.prompt] if isinstance(request.prompt, str) else request.prompt
    only = prompts[0] if len(prompts) == 1 else None
    if isinstance(only, str):
        return only
    raise BadRequest(
        "The prompt must be one text; send a request for each prompt, and text instead of token ids.", param="prompt"
    )


def to_completion(completion: Mapping[str, Any], *, request: CompletionRequest, asked: AsChat) -> dict[str, Any]:
    """Build the completion that answers `request`, which `asked` is the chat completion of."""
    echo = prompt_of(request) if request.echo else ""
    choices = [
        _choice(
            choice, choice["message"], echo + _text(read_completion({**completion, "choices": [choice]})), len(echo)
        )
        for choice in completion["choices"]
    ]
    return _body(completion, choices, asked.told(completion.get("warnings", ())))


@dataclass(slots=True)
class CompletionStream:
    """One streamed completion. Feed it the chat stream's items; `[DONE]` and an error pass through."""

    request: CompletionRequest
    asked: AsChat
    _lengths: dict[int, int] = field(default_factory=dict)
    """How long each choice's text is by now."""

    def feed(self, item: Item) -> list[Item]:
        """The chunks of one item."""
        if item == DONE or "choices" not in item:
            return [item]
        assert isinstance(item, dict)  # noqa: S101 - narrows the type: the only text is DONE
        choice = item["choices"][0]
        begun = choice["index"] in self._lengths
        echo = prompt_of(self.request) if self.request.echo and not begun else ""
        length = self._lengths.get(choice["index"], len(echo))
        said = _text(read_chunk(item))
        self._lengths[choice["index"]] = length + len(said)
        ended = choice["finish_reason"] is not None
        made = _choice(choice, choice["delta"], echo + said, length)
        return [_body(item, [made], self.asked.told(item.get("warnings", ())) if ended else [])]


def _text(events: Sequence[AnswerEvent]) -> str:
    """What of an answer can be said in a text."""
    return "".join(
        event.text if isinstance(event, Words) else event.markdown
        for event in events
        if isinstance(event, Words | Medium)
    )


def _choice(choice: Mapping[str, Any], said: Mapping[str, Any], text: str, offset: int) -> dict[str, Any]:
    reason = choice["finish_reason"]
    beside = {
        "reasoning_content": said["reasoning_content"],
        "native_finish_reason": choice["native_finish_reason"],
        "error": choice.get("error"),
        "extra_content": choice.get("extra_content"),
    }
    return {
        "text": text,
        "index": choice["index"],
        "logprobs": _logprobs(choice.get("logprobs"), offset),
        "finish_reason": reason,
        **{name: value for name, value in beside.items() if value is not None},
    }


def _logprobs(logprobs: Mapping[str, Any] | None, offset: int) -> dict[str, Any] | None:
    """The old form: lists side by side, and the place of each token in the whole text."""
    if logprobs is None:
        return None
    tokens = logprobs["content"]
    lengths = [len(token["token"]) for token in tokens]
    return {
        "tokens": [token["token"] for token in tokens],
        "token_logprobs": [token["logprob"] for token in tokens],
        "top_logprobs": [{rival["token"]: rival["logprob"] for rival in token["top_logprobs"]} for token in tokens],
        "text_offset": list(accumulate(lengths[:-1], initial=offset)) if lengths else [],
    }


def _body(source: Mapping[str, Any], choices: list[dict[str, Any]], warnings: list[str]) -> dict[str, Any]:
    return {
        "id": source["id"].replace("chatcmpl-", "cmpl-"),
        "object": "text_completion",
        "created": source["created"],
        "model": source["model"],
        "choices": choices,
        **({"usage": source["usage"]} if "usage" in source else {}),
        **({"warnings": warnings} if warnings else {}),
    }
