"""Which conversation a content request belongs to, so that it can stay with one credential (and with Google's cache).

Sources and their order: CLIProxyAPI v7.2.140, selector.go.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from translators.wire.openai import ChatCompletionRequest

_HEADERS = ("session-id", "session_id", "x-session-id", "x-session-affinity", "x-client-request-id")
_HASHED_CHARACTERS = 100
_HASHED_ROLES = ("system", "user", "assistant")


def session_name(headers: Mapping[str, str], chat: ChatCompletionRequest) -> str | None:
    """A name for the conversation, the same for each of its requests; None when nothing tells.

    `headers` are looked up in lower case. Without any identifier it is a hash of the first system, user and assistant
    texts, which a growing conversation keeps once it has all three.
    """
    extra = chat.model_extra or {}
    user_id = chat.metadata.get("user_id") if isinstance(chat.metadata, dict) else None
    conversation = extra.get("conversation")
    named = (
        headers.get("x-claude-code-session-id"),
        _claude_code_session(user_id),
        *(headers.get(name) for name in _HEADERS),
        extra.get("session_id"),
        extra.get("sessionId"),
        chat.prompt_cache_key,
        conversation.get("id") if isinstance(conversation, dict) else conversation,
        user_id,
        extra.get("conversation_id"),
    )
    return next((name.strip() for name in named if isinstance(name, str) and name.strip()), None) or _hash(chat)


def _claude_code_session(user_id: Any) -> str | None:
    """Claude Code writes `user_..._session_UUID`, and since its version 2 a JSON object with `session_id`."""
    if not isinstance(user_id, str):
        return None
    if user_id.startswith("{"):
        try:
            found = json.loads(user_id).get("session_id")
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, str) else None
    _, marker, session = user_id.rpartition("_session_")
    return session if marker else None


def _hash(chat: ChatCompletionRequest) -> str | None:
    first: dict[str, str] = {}
    for message in chat.messages:
        role = "system" if message.role == "developer" else message.role
        if role in _HASHED_ROLES and role not in first:
            first[role] = _text(message.content)[:_HASHED_CHARACTERS]
        if len(first) == len(_HASHED_ROLES):
            break
    if not first.get("user"):
        return None
    told = "\0".join(first.get(role, "") for role in _HASHED_ROLES)
    return "text:" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(text for part in content or () if isinstance(text := getattr(part, "text", None), str))
