"""One earlier answer, put together from the pieces into which other protocols take it apart.

Gemini's thought signature travels with them as the signature of a thinking block, or as a reasoning item's encrypted
content, directly before the call it belongs to. It is marked as Gemini's, as CLIProxyAPI marks it: a conversation that
began with another vendor's model carries that vendor's, which Gemini would refuse.
"""

from dataclasses import dataclass, field
from typing import Any

from translators.wire.openai import (
    AnswerImage,
    AssistantMessage,
    ExtraContent,
    FunctionCall,
    GoogleSignature,
    Part,
    ToolCall,
)

_MARK = "gemini#"


def marked(signature: str) -> str:
    """Gemini's signature as it is handed out."""
    return _MARK + signature


def is_marked(signature: str | None) -> bool:
    """Whether a signature was handed out here, or by CLIProxyAPI for Gemini."""
    return signature is not None and signature.startswith(_MARK)


@dataclass(slots=True)
class AssistantTurn:
    """What one answer said, in the order in which a chat completion holds it; `origins` are the pieces' own paths."""

    own: str | None = None
    origins: dict[str, str] = field(default_factory=dict)
    _thoughts: list[str] = field(default_factory=list)
    _content: list[Part] = field(default_factory=list)
    _calls: list[ToolCall] = field(default_factory=list)
    _images: list[AnswerImage] = field(default_factory=list)
    _signature: str | None = None

    def think(self, text: str, signature: str | None) -> None:
        """Thinking; a signature of Gemini's goes to the next call."""
        if text:
            self._thoughts.append(text)
        if is_marked(signature):
            self._signature = signature

    def say(self, part: Part, *, own: str) -> None:
        """Words, or a medium."""
        self._note(f"content[{len(self._content)}]", own)
        self._content.append(part)

    def show(self, url: str, *, own: str) -> None:
        """A picture the model made."""
        self._note(f"images[{len(self._images)}]", own)
        self._images.append(AnswerImage(image_url=url))

    def call(self, call_id: str, name: str, arguments: str | dict[str, Any], *, own: str) -> None:
        """A call the model made."""
        self._note(f"tool_calls[{len(self._calls)}]", own)
        signature, self._signature = self._signature, None
        extra = ExtraContent(google=GoogleSignature(thought_signature=signature)) if signature else None
        self._calls.append(
            ToolCall(
                id=call_id,
                type="function",
                function=FunctionCall(name=name, arguments=arguments),
                extra_content=extra,
            )
        )

    def message(self) -> AssistantMessage | None:
        """The message; None when nothing was said."""
        members: dict[str, Any] = {
            "content": self._content,
            "reasoning_content": "\n".join(self._thoughts),
            "tool_calls": self._calls,
            "images": self._images,
        }
        given = {name: value for name, value in members.items() if value}
        return AssistantMessage(role="assistant", **given) if given else None

    def _note(self, member: str, own: str) -> None:
        self.own = self.own or own
        self.origins[member] = own
