"""Chat completion chunks -> the events of Anthropic's message stream.

A block begins when the first piece of another kind arrives, and ends when the next one begins. A thinking block is
signed when it ends: by the call after it, if that came with Gemini's thought signature. Token counts are known at the
end only; `message_start` has zeros, and `message_delta` the sums that replace them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from translators.answer_events import AnswerEvent, Broken, Call, Cited, Ended, Medium, Thought, Words, read_chunk
from translators.as_chat import AsChat
from translators.assistant_turn import marked
from translators.chat.stream import DONE, Item
from translators.errors import ApiError
from translators.messages.ending import citations_of, message_id, stop_members, told_members, usage_of
from translators.messages.errors import error_body, error_event

Event = dict[str, Any]
"""One event; its `type` is also its name."""


@dataclass(slots=True)
class MessageStream:
    """One streamed message. Feed it the chat stream's items, `[DONE]` included."""

    asked: AsChat
    _begun: bool = False
    _block: str | None = None
    _index: int = -1
    _words: list[str] = field(default_factory=list)
    _ended: Ended | None = field(default=None)

    def feed(self, item: Item) -> list[Event]:
        """The events of one item."""
        if item == DONE:
            return list(self._finish())
        assert isinstance(item, dict)  # noqa: S101 - narrows the type: the only text is DONE
        begun = [] if "choices" not in item else list(self._begin(item))
        return [*begun, *(event for part in read_chunk(item) for event in self._events(part))]

    def fail(self, error: ApiError) -> Event:
        """The last event of a stream that broke."""
        return error_body(error)

    def _begin(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        if self._begun:
            return
        self._begun = True
        yield {
            "type": "message_start",
            "message": {
                "id": message_id(chunk["id"]),
                "type": "message",
                "role": "assistant",
                "model": chunk["model"],
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": usage_of(None),
            },
        }
        yield {"type": "ping"}

    def _events(self, event: AnswerEvent) -> Iterator[Event]:
        match event:
            case Thought(text=text):
                yield from self._open("thinking", {"type": "thinking", "thinking": "", "signature": ""})
                yield self._delta({"type": "thinking_delta", "thinking": text})
            case Words(text=text):
                self._words.append(text)
                yield from self._open("text", {"type": "text", "text": ""})
                yield self._delta({"type": "text_delta", "text": text})
            case Cited() if self._block == "text":
                for citation in citations_of(event, "".join(self._words)):
                    yield self._delta({"type": "citations_delta", "citation": citation})
            case Cited():
                return  # those words are done; the answer's `extra_content` has their sources
            case Medium():
                yield from self._close()
                yield from self._open("text", {"type": "text", "text": ""})
                yield self._delta({"type": "text_delta", "text": event.markdown})
                yield from self._close()
            case Call():
                yield from self._call(event)
            case Ended():
                self._ended = event
            case Broken(error=error):
                yield error_event(error)
            case _:
                assert_never(event)

    def _call(self, call: Call) -> Iterator[Event]:
        if call.signature:
            yield from self._open("thinking", {"type": "thinking", "thinking": "", "signature": ""})
            yield self._delta({"type": "signature_delta", "signature": marked(call.signature)})
        yield from self._close()
        yield from self._open("tool_use", {"type": "tool_use", "id": call.id, "name": call.name, "input": {}})
        yield self._delta({"type": "input_json_delta", "partial_json": call.arguments})
        yield from self._close()

    def _open(self, kind: str, block: dict[str, Any]) -> Iterator[Event]:
        if self._block == kind:
            return
        yield from self._close()
        self._block = kind
        self._index += 1
        yield {"type": "content_block_start", "index": self._index, "content_block": block}

    def _close(self) -> Iterator[Event]:
        if self._block is not None:
            self._block = None
            yield {"type": "content_block_stop", "index": self._index}

    def _delta(self, delta: dict[str, Any]) -> Event:
        return {"type": "content_block_delta", "index": self._index, "delta": delta}

    def _finish(self) -> Iterator[Event]:
        ended = self._ended or Ended(finish_reason=None)
        yield from self._close()
        yield {
            "type": "message_delta",
            "delta": stop_members(ended),
            "usage": usage_of(ended.usage),
            **told_members(ended, self.asked.told(ended.warnings)),
        }
        yield {"type": "message_stop"}
