"""Chat completion chunks -> the events of a streamed response.

An item begins when the first piece of another kind arrives and is done when the next one begins. Each event carries a
`sequence_number`, and the last one the whole response; an answer that breaks ends in `response.failed`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from translators.answer_events import AnswerEvent, Broken, Call, Cited, Ended, Medium, Thought, Words, read_chunk
from translators.as_chat import AsChat
from translators.chat.stream import DONE, Item
from translators.errors import ApiError
from translators.responses.frame import Frame, response_id, status_of
from translators.responses.items import (
    annotations_in,
    call_item,
    item_id,
    message_item,
    picture_item,
    reasoning_item,
    text_content,
)
from translators.wire.responses import ResponsesRequest

Event = dict[str, Any]
"""One event; its `type` is also its name."""


@dataclass(slots=True)
class _Open:
    """The item that is being said."""

    kind: str
    id: str
    text: str = ""
    logprobs: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    begin: int = 0
    """Where in all words of the answer this item's begin."""


@dataclass(slots=True)
class ResponsesStream:
    """One streamed response. Feed it the chat stream's items, `[DONE]` included."""

    request: ResponsesRequest
    asked: AsChat
    _frame: Frame | None = None
    _open: _Open | None = None
    _output: list[dict[str, Any]] = field(default_factory=list)
    _ended: Ended = field(default_factory=lambda: Ended(finish_reason=None))
    _number: int = 0
    _said: int = 0
    """Characters of words so far."""

    def feed(self, item: Item) -> list[Event]:
        """The events of one item."""
        if item == DONE:
            return [self._numbered(event) for event in self._finish()]
        assert isinstance(item, dict)  # noqa: S101 - narrows the type: the only text is DONE
        begun = list(self._begin(item)) if "choices" in item else []
        said = [event for part in read_chunk(item) for event in self._events(part)]
        return [self._numbered(event) for event in (*begun, *said)]

    def fail(self, error: ApiError) -> Event:
        """The last event of a stream that broke."""
        return self._numbered(self._failure(error.body()["error"]))

    def _numbered(self, event: Event) -> Event:
        number, self._number = self._number, self._number + 1
        return {**event, "sequence_number": number}

    def _begin(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        if self._frame is not None:
            return
        self._frame = Frame(
            request=self.request,
            asked=self.asked,
            id=response_id(chunk["id"]),
            created=chunk["created"],
            model=chunk["model"],
        )
        yield {"type": "response.created", "response": self._frame.begun()}
        yield {"type": "response.in_progress", "response": self._frame.begun()}

    def _events(self, event: AnswerEvent) -> Iterator[Event]:
        match event:
            case Thought(text=text):
                yield from self._think(text)
            case Words(text=text, logprobs=logprobs):
                yield from self._say(text, logprobs)
            case Cited():
                yield from self._cite(event)
            case Call():
                yield from self._call(event)
            case Medium() if event.is_inline_image:
                yield from self._show(event)
            case Medium():
                yield from self._close()
                yield from self._say(event.markdown, [])
                yield from self._close()
                self._said -= len(event.markdown)  # no words of the model's: no place is counted in them
            case Ended():
                self._ended = event
            case Broken(error=error):
                yield self._failure(error)
            case _:
                assert_never(event)

    def _think(self, text: str) -> Iterator[Event]:
        if self._open is None or self._open.kind != "reasoning":
            yield from self._close()
            opened = self._opened("reasoning", "rs")
            yield self._about_item("response.output_item.added", item=reasoning_item(opened.id, ""))
            part = {"type": "summary_text", "text": ""}
            yield self._about("response.reasoning_summary_part.added", opened.id, summary_index=0, part=part)
        opened = self._opened("reasoning", "rs")
        opened.text += text
        yield self._about("response.reasoning_summary_text.delta", opened.id, summary_index=0, delta=text)

    def _say(self, text: str, logprobs: list[dict[str, Any]]) -> Iterator[Event]:
        if self._open is None or self._open.kind != "message":
            yield from self._close()
            opened = self._opened("message", "msg")
            empty = {**message_item(opened.id, "", [], status="in_progress"), "content": []}
            yield self._about_item("response.output_item.added", item=empty)
            part = text_content("", [])
            yield self._about("response.content_part.added", opened.id, content_index=0, part=part)
        opened = self._opened("message", "msg")
        if not opened.text:
            opened.begin = self._said
        opened.text += text
        self._said += len(text)
        opened.logprobs += logprobs
        yield self._about("response.output_text.delta", opened.id, content_index=0, delta=text, logprobs=logprobs)

    def _cite(self, cited: Cited) -> Iterator[Event]:
        opened = self._open
        if opened is None or opened.kind != "message":
            return  # those words are done; the answer's `extra_content` has their sources
        for annotation in annotations_in(cited, begin=opened.begin, length=len(opened.text)):
            place = {"content_index": 0, "annotation_index": len(opened.annotations)}
            opened.annotations.append(annotation)
            yield self._about("response.output_text.annotation.added", opened.id, **place, annotation=annotation)

    def _call(self, call: Call) -> Iterator[Event]:
        yield from self._close()
        if call.signature:
            signed = reasoning_item(self._next_id("rs"), "", signature=call.signature)
            yield self._about_item("response.output_item.added", item={**signed, "encrypted_content": None})
            yield self._done(signed)
        own = self._next_id("fc")
        begun = call_item(own, call, arguments="", status="in_progress")
        yield self._about_item("response.output_item.added", item=begun)
        yield self._about("response.function_call_arguments.delta", own, delta=call.arguments)
        yield self._about("response.function_call_arguments.done", own, name=call.name, arguments=call.arguments)
        yield self._done(call_item(own, call, arguments=call.arguments))

    def _show(self, picture: Medium) -> Iterator[Event]:
        yield from self._close()
        own = self._next_id("ig")
        begun = picture_item(own, None, status="in_progress")
        yield self._about_item("response.output_item.added", item=begun)
        for step in ("in_progress", "generating", "completed"):
            yield self._about(f"response.image_generation_call.{step}", own)
        yield self._done(picture_item(own, picture))

    def _close(self, *, status: str = "completed") -> Iterator[Event]:
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.kind == "reasoning":
            part = {"type": "summary_text", "text": opened.text}
            yield self._about("response.reasoning_summary_text.done", opened.id, summary_index=0, text=opened.text)
            yield self._about("response.reasoning_summary_part.done", opened.id, summary_index=0, part=part)
            yield self._done(reasoning_item(opened.id, opened.text))
            return
        text, logprobs = opened.text, opened.logprobs
        yield self._about("response.output_text.done", opened.id, content_index=0, text=text, logprobs=logprobs)
        part = text_content(text, logprobs, opened.annotations)
        yield self._about("response.content_part.done", opened.id, content_index=0, part=part)
        yield self._done(message_item(opened.id, text, logprobs, status=status, annotations=opened.annotations))

    def _finish(self) -> Iterator[Event]:
        assert self._frame is not None  # noqa: S101 - an answer ends well only after it has begun
        status = status_of(self._ended) or "completed"
        yield from self._close(status=status)
        yield {"type": f"response.{status}", "response": self._frame.ended(self._ended, self._output)}

    def _failure(self, error: Mapping[str, Any]) -> Event:
        if self._frame is None:
            return {
                "type": "error",
                "code": error.get("code"),
                "message": error["message"],
                "param": error.get("param"),
            }
        return {"type": "response.failed", "response": self._frame.failed(error, self._output)}

    def _opened(self, kind: str, prefix: str) -> _Open:
        if self._open is None:
            self._open = _Open(kind, self._next_id(prefix))
        return self._open

    def _next_id(self, prefix: str) -> str:
        assert self._frame is not None  # noqa: S101 - every chunk that says something has begun the response
        return item_id(prefix, self._frame.id, len(self._output))

    def _done(self, item: dict[str, Any]) -> Event:
        event = self._about_item("response.output_item.done", item=item)
        self._output.append(item)
        return event

    def _about(self, kind: str, own: str, **members: Any) -> Event:
        return {"type": kind, "item_id": own, "output_index": len(self._output), **members}

    def _about_item(self, kind: str, *, item: dict[str, Any]) -> Event:
        return {"type": kind, "output_index": len(self._output), "item": item}
