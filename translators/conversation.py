"""The names by which a request tells the conversation it belongs to: they choose a credential and reach no model.

CLIProxyAPI v7.2.140 reads these of a body (selector.go), and so does `routing.session-affinity` here.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_WHY = "names the conversation, for `routing.session-affinity` only"
LABELS: Mapping[str, str] = {"session_id": _WHY, "sessionId": _WHY, "conversation_id": _WHY}
"""Fields that no protocol has of its own, and what becomes of them."""
_OWN = ("prompt_cache_key", "metadata")


def conversation_of(request: BaseModel) -> dict[str, Any]:
    """What a request of another protocol says of its conversation, as members of a chat completion."""
    extra = request.model_extra or {}
    said = {name: extra.get(name) for name in LABELS} | {name: getattr(request, name, None) for name in _OWN}
    return {name: value for name, value in said.items() if value is not None}
