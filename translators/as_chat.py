"""Another protocol's request, rewritten as a chat completion: the message list, and the way back to the caller's words.

What a chat completion's translation complains about is named as it stands there (`messages[3].content[0]`). A caller
who wrote `input[2]` must read that, so every piece that is moved leaves a trail.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from translators.errors import ApiError
from translators.wire.openai import ChatCompletionRequest, Message

_PATH = re.compile(r"[\w.\[\]]*\w\]?")


@dataclass(slots=True)
class Trail:
    """Chat's paths -> the caller's; what is below those in `alike` is named alike, but for links, which nest there."""

    origins: dict[str, str] = field(default_factory=dict)
    alike: set[str] = field(default_factory=set)

    def own(self, path: str) -> str:
        """The caller's name for the longest known beginning of a path; a path that was not moved stays."""
        known = [start for start in self.origins if path == start or path.startswith((f"{start}.", f"{start}["))]
        if not known:
            return path
        start = max(known, key=len)
        rest = path.removeprefix(start).removesuffix(".url") if start in self.alike else ""
        return self.origins[start] + rest

    def retold(self, sentence: str) -> str:
        """A warning with the path it begins with in the caller's words."""
        match = _PATH.match(sentence)
        return self.own(match[0]) + sentence[match.end() :] if match else sentence

    @contextmanager
    def renaming(self) -> Iterator[None]:
        """Whatever ApiError leaves the block names the caller's own field."""
        try:
            yield
        except ApiError as error:
            error.param = None if error.param is None else self.own(error.param)
            raise


@dataclass(slots=True)
class Draft:
    """The messages of a chat while they are being written."""

    trail: Trail
    messages: list[Message] = field(default_factory=list)

    def add(self, message: Message, *, own: str, origins: Mapping[str, str] | None = None) -> None:
        """Append a message that the caller wrote at `own`; `origins` says the same of its members."""
        place = f"messages[{len(self.messages)}]"
        self.trail.origins[place] = own
        self.trail.origins.update({f"{place}.{member}": path for member, path in (origins or {}).items()})
        self.messages.append(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsChat:
    """The request as a chat completion, the trail, and what the rewriting itself has to tell."""

    chat: ChatCompletionRequest
    trail: Trail
    warnings: tuple[str, ...] = ()

    def told(self, warnings: Iterable[str]) -> list[str]:
        """All that the caller must be told, in the caller's words, each once."""
        return list(dict.fromkeys((*self.warnings, *(self.trail.retold(warning) for warning in warnings))))
