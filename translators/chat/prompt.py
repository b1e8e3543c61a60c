"""What a chat asks a model that takes one prompt: the last user message, its words and its media."""

from dataclasses import dataclass

from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, Part, TextPart, UserMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`index` is the message's place; `text` its text parts, joined by line breaks; `parts` the others, by place."""

    index: int
    text: str
    parts: tuple[tuple[int, Part], ...] = ()

    @property
    def others(self) -> tuple[Part, ...]:
        """The parts that are no text."""
        return tuple(part for _, part in self.parts)


def last_prompt(request: ChatCompletionRequest) -> Prompt:
    """The last user message. Raises BadRequest when there is none."""
    for index in reversed(range(len(request.messages))):
        message = request.messages[index]
        if isinstance(message, UserMessage):
            if isinstance(message.content, str):
                return Prompt(index=index, text=message.content)
            texts = [part.text for part in message.content if isinstance(part, TextPart)]
            others = tuple(entry for entry in enumerate(message.content) if not isinstance(entry[1], TextPart))
            return Prompt(index=index, text="\n".join(texts), parts=others)
    raise BadRequest("A message with role user is needed: it is the prompt.", param="messages")
