"""Which credential a conversation was last served by."""

from collections.abc import Callable

from cachetools import TTLCache

_MOST = 10_000


class SessionAffinity:
    """Remembers for `seconds` after the last success; the oldest conversations go first when there are very many.

    `clock` returns seconds that never go backwards.
    """

    def __init__(self, *, seconds: float, clock: Callable[[], float]) -> None:
        self._bound: TTLCache[tuple[str, str], str] = TTLCache(_MOST, ttl=seconds, timer=clock)

    def credential_of(self, session: str, model: str) -> str | None:
        """The credential that served this conversation with this model last."""
        return self._bound.get((session, model))

    def bind(self, session: str, model: str, credential_id: str) -> None:
        """It was served by this one."""
        self._bound[session, model] = credential_id

    def drop(self, session: str, model: str, credential_id: str) -> None:
        """This one failed it; another one's binding stays."""
        if self._bound.get((session, model)) == credential_id:
            del self._bound[session, model]
