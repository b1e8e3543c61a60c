"""Code Assist's envelopes: what must be in the one that comes, and the one that goes back. Elsewhere there is none.

Sources: Gemini CLI, `packages/core/src/code_assist/converter.ts` (2026); for countTokens also CLIProxyAPI 7.2.19. A
call without a project is a 500 (AIClient2API issue 139, 2025-12).
"""

import secrets
from typing import Any

from proxy.simulator import errors
from proxy.simulator.call import Call
from proxy.simulator.models import Surface
from proxy.simulator.settings import SimulatorSettings

Json = dict[str, Any]

_ENVELOPE = frozenset({"model", "project", "user_prompt_id", "request"})
_COUNTED = frozenset({"request"})
_REQUEST = frozenset(
    {
        "contents",
        "systemInstruction",
        "cachedContent",
        "tools",
        "toolConfig",
        "labels",
        "safetySettings",
        "generationConfig",
        "session_id",
    }
)
_COUNTED_REQUEST = frozenset({"model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"})


def request_of(call: Call, settings: SimulatorSettings) -> Json:
    """The request, taken out of its envelope on Code Assist. Raises GoogleError 400, 403, 500."""
    body = call.json_object()
    if call.surface is not Surface.CODE_ASSIST:
        return body
    counts = call.verb == "countTokens"
    _know(body, _COUNTED if counts else _ENVELOPE, "")
    request = body.get("request")
    if not isinstance(request, dict):
        raise errors.invalid("Request contains an invalid argument.")
    _know(request, _COUNTED_REQUEST if counts else _REQUEST, "request")
    if not counts:
        _check_project(body.get("project"), settings)
    return {name: member for name, member in request.items() if name != "session_id"}


def answered(call: Call, response: Json) -> Json:
    """The response, in an envelope on Code Assist."""
    if call.surface is not Surface.CODE_ASSIST:
        return response
    return {"response": response, "traceId": secrets.token_hex(8)}


def _know(message: Json, names: frozenset[str], place: str) -> None:
    strange = [(name, place) for name in message if name not in names]
    if strange:
        raise errors.unknown_names(strange)


def _check_project(project: Any, settings: SimulatorSettings) -> None:
    if not project:
        raise errors.plain(500)
    if project != settings.project:
        raise errors.plain(403)
