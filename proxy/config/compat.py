"""Keys that CLIProxyAPI knows and that mean nothing here: accepted, and named once, so that a file moves over as it is.

From CLIProxyAPI's config.example.yaml and internal/config (v7.2.140 and its main branch, 2026-08).
"""

from collections.abc import Iterator
from typing import Any

from proxy.config.problems import Location, dotted

_TOP_LEVEL = frozenset(
    {
        "ampcode",
        "auth-auto-refresh-workers",
        "commercial-mode",
        "disable-claude-cloak-mode",
        "disable-image-generation",
        "enable-gemini-cli-endpoint",
        "error-logs-max-files",
        "gpt-image-2-base-model",
        "logging-to-file",
        "logs-max-total-size-mb",
        "passthrough-headers",
        "oauth-request-scoped-errors",
        "openai-compatibility",
        "payload",
        "plugins",
        "pprof",
        "quota-exceeded",
        "redis-usage-queue-retention-seconds",
        "remote-management",
        "request-log",
        "save-cooldown-status",
        "usage-statistics-enabled",
        "video-result-auth-cache-ttl",
        "ws-auth",
    }
)
_OTHER_VENDORS = ("antigravity", "claude", "codex", "credential-", "kimi", "xai")
"""First words of top-level keys about services that are not Google's API, or about CLIProxyAPI's own cluster."""

_KEY_LISTS = frozenset({"gemini-api-key", "interactions-api-key", "vertex-api-key"})
_MODEL_EXTRAS = frozenset(
    {"max-context-length", "force-mapping", "is-compat", "thinking", "input-modalities", "output-modalities"}
)
_FILE_PROVIDERS = {"oauth-model-alias": {"vertex"}, "oauth-excluded-models": {"vertex", "gemini-cli"}}


def is_meaningless(shape: tuple[str, ...]) -> bool:
    """Whether the key means nothing here; `shape` is its path with `[]` for every list index."""
    match shape:
        case (name,):
            return name in _TOP_LEVEL or name.startswith(_OTHER_VENDORS)
        case ("routing", "session-affinity-subagents"):
            return True
        case ("streaming", "bootstrap-retries"):
            return True
        case (keys, "[]", "request-scoped-errors"):
            return keys in _KEY_LISTS
        case (keys, "[]", "models", "[]", extra):
            return keys in _KEY_LISTS and extra in _MODEL_EXTRAS
        case ("oauth-model-alias", "vertex", "[]", extra):
            return extra == "force-mapping"
        case (section, provider):
            return section in _FILE_PROVIDERS and provider not in _FILE_PROVIDERS[section]
        case _:
            return False


def without_meaningless(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The data without CLIProxyAPI's keys that mean nothing here, and the paths of those that were there."""
    found = tuple(_meaningless(data, (), ()))
    return _without(data, frozenset(found), ()), tuple(dict.fromkeys(dotted(location) for location in found))


def _meaningless(value: Any, location: Location, shape: tuple[str, ...]) -> Iterator[Location]:
    if is_meaningless(shape):
        yield location
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _meaningless(item, (*location, key), (*shape, str(key)))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _meaningless(item, (*location, index), (*shape, "[]"))


def _without(value: Any, left_out: frozenset[Location], location: Location) -> Any:
    if isinstance(value, dict):
        return {
            key: _without(item, left_out, (*location, key))
            for key, item in value.items()
            if (*location, key) not in left_out
        }
    if isinstance(value, list):
        return [_without(item, left_out, (*location, index)) for index, item in enumerate(value)]
    return value
