"""A chat completion, or one chunk of it, as the few things that can happen in an answer.

Every other protocol's answer is written from these, so that none reads Gemini's a second time. One choice is read: the
others are asked for with `n`, which those protocols do not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from translators.chat.answer_parts import MEDIA_MEMBERS
from translators.content import is_data_uri


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of the model's thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the answer; `logprobs` are OpenAI's, for its tokens."""

    text: str
    logprobs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cited:
    """Where words come from: OpenAI's `url_citation`s, their places counted in characters of all words so far."""

    citations: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A whole tool call; `arguments` is JSON text, `signature` Gemini's own where it came with one."""

    id: str
    name: str
    arguments: str
    signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture or anything else that is no text; `url` is a data URI or an address."""

    kind: str
    url: str

    @property
    def is_inline_image(self) -> bool:
        """Whether this is a picture with its bytes."""
        return self.kind == "image" and is_data_uri(self.url)

    @property
    def markdown(self) -> str:
        """The medium as text, for a protocol that has no other form for it; a picture shows where Markdown does."""
        return f"{'!' if self.kind == 'image' else ''}[{self.kind}]({self.url})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a whole answer; `error` is set when something of it was withheld, `usage` when Google told it."""

    finish_reason: str | None
    native_finish_reason: str | None = None
    error: Mapping[str, Any] | None = None
    extra_content: Mapping[str, Any] | None = None
    usage: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The end of an answer that will never be whole; `error` is OpenAI's error object."""

    error: Mapping[str, Any]


WholeEvent: TypeAlias = Thought | Words | Cited | Call | Medium | Ended
"""What can happen in an answer that came whole."""

AnswerEvent: TypeAlias = WholeEvent | Broken
"""What can happen in one that is streamed."""

_KINDS = {member: kind for kind, (member, _) in MEDIA_MEMBERS.items()} | {"files": "file"}


def read_completion(completion: Mapping[str, Any]) -> list[WholeEvent]:
    """A whole chat completion."""
    choice = completion["choices"][0]
    return [*_said(choice["message"], choice.get("logprobs")), _ended(choice, completion)]


def read_chunk(chunk: Mapping[str, Any]) -> Sequence[AnswerEvent]:
    """A chunk of a streamed one; an error in a chunk's place is the end."""
    if "choices" not in chunk:
        return [Broken(chunk["error"])]
    choice = chunk["choices"][0]
    said = list(_said(choice["delta"], choice.get("logprobs")))
    return said if choice["finish_reason"] is None else [*said, _ended(choice, chunk)]


def _said(members: Mapping[str, Any], logprobs: Mapping[str, Any] | None) -> Iterator[WholeEvent]:
    if members["reasoning_content"]:
        yield Thought(members["reasoning_content"])
    tokens = (logprobs or {}).get("content") or []
    if members["content"] or tokens:
        yield Words(members["content"] or "", tokens)
    if "annotations" in members:
        yield Cited([annotation["url_citation"] for annotation in members["annotations"]])
    for call in members["tool_calls"] or ():
        yield Call(
            id=call["id"],
            name=call["function"]["name"],
            arguments=call["function"]["arguments"],
            signature=call.get("extra_content", {}).get("google", {}).get("thought_signature"),
        )
    for member, kind in _KINDS.items():
        for item in members.get(member, ()):
            yield Medium(kind=kind, url=item[item["type"]]["url"])


def _ended(choice: Mapping[str, Any], whole: Mapping[str, Any]) -> Ended:
    return Ended(
        finish_reason=choice["finish_reason"],
        native_finish_reason=choice["native_finish_reason"],
        error=choice.get("error"),
        extra_content=choice.get("extra_content"),
        usage=whole.get("usage"),
        warnings=tuple(whole.get("warnings", ())),
    )
