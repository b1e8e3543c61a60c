"""An interaction's answer on its way through, its id remembered before the answer is whole."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from proxy.answer import Answer
from translators.native.passed_interaction import interaction_id_in
from translators.resolve import Target
from translators.sse import SseParser

log = logging.getLogger("mediashim")

Known = Callable[[Target, str], Awaitable[None]]


class Recorded:
    """The same pieces; `known` is awaited with the id before the piece that tells it goes out, or the answer ends."""

    def __init__(self, answer: Answer, target: Target, known: Known) -> None:
        self._answer = answer
        self._target = target
        self._known = known

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's."""
        return self._answer.headers

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""
        if self.headers.get("content-type", "").startswith("text/event-stream"):
            async for piece in self._events():
                yield piece
            return
        pieces: list[bytes] = []
        async for piece in self._answer:
            pieces.append(piece)
            yield piece
        await self._found(interaction_id_in(b"".join(pieces)))

    async def _events(self) -> AsyncIterator[bytes]:
        parser, found = SseParser(), False
        async for piece in self._answer:
            if not found:
                ids = (interaction_id_in(event.data) for event in parser.feed(piece))
                found = await self._found(next((one for one in ids if one), None))
            yield piece

    async def _found(self, interaction_id: str | None) -> bool:
        if interaction_id is None:
            return False
        try:
            await self._known(self._target, interaction_id)
        except OSError as failure:
            # The answer is paid for and goes out; only a later look at it by its id fails.
            log.error("an interaction could not be remembered: %s", failure.strerror)
        return True
