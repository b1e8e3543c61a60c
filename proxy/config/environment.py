"""What the environment adds to a configuration file: settings that replace the file's, credentials that join them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SETTINGS = {
    "MEDIASHIM_HOST": "host",
    "MEDIASHIM_PORT": "port",
    "MEDIASHIM_DATA_DIR": "data-dir",
    "MEDIASHIM_PUBLIC_BASE_URL": "public-base-url",
}
"""Variables that replace one key each."""

VARIABLES = {
    "MEDIASHIM_CONFIG": "the configuration file, where the command line names none",
    **{variable: f"`{key}`" for variable, key in SETTINGS.items()},
    "MEDIASHIM_OAUTH_CLIENT_ID": "`client-id` of `oauth-client`",
    "MEDIASHIM_OAUTH_CLIENT_SECRET": "`client-secret` of `oauth-client`",
    "MEDIASHIM_API_KEYS": "inbound keys, separated by commas; they join `api-keys`",
    "GOOGLE_API_KEY": "a Gemini API key; joins `gemini-api-key`",
    "GEMINI_API_KEY": "the same; where both are set, GOOGLE_API_KEY wins, as in google-genai",
    "GOOGLE_APPLICATION_CREDENTIALS": "a credential file; joins `vertex`",
    "GOOGLE_CLOUD_PROJECT": "project of that file's entry, and of `application-default` entries that name none",
    "GOOGLE_CLOUD_LOCATION": "location of that file's entry, and of `application-default` entries that name none",
    "GOOGLE_GENAI_USE_ENTERPRISE": "true: with GOOGLE_CLOUD_PROJECT and no credential file, use the machine's identity",
    "GOOGLE_GENAI_USE_VERTEXAI": "the older name of the same",
}
"""Every variable that is read, and what it does; documentation prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What the environment has to say, in the file's own form."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    oauth_client: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    gemini_api_key: str | None = field(default=None, repr=False)
    vertex: Mapping[str, Any] | None = None
    vertex_defaults: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_environment(environ: Mapping[str, str]) -> Addition:
    """What the variables in `VARIABLES` say; an empty one counts as not set.

    A comma in GEMINI_API_KEY separates nothing: it holds one key, as everywhere else; several go into the file.
    """
    given = {name: value.strip() for name in VARIABLES if (value := environ.get(name, "")).strip()}
    google, gemini = given.get("GOOGLE_API_KEY"), given.get("GEMINI_API_KEY")
    shadowed = bool(google and gemini and google != gemini)
    vertex_defaults = {
        key: given[variable]
        for key, variable in (("project", "GOOGLE_CLOUD_PROJECT"), ("location", "GOOGLE_CLOUD_LOCATION"))
        if variable in given
    }
    return Addition(
        settings={key: given[variable] for variable, key in SETTINGS.items() if variable in given},
        oauth_client={
            key: given[variable]
            for key, variable in (
                ("client-id", "MEDIASHIM_OAUTH_CLIENT_ID"),
                ("client-secret", "MEDIASHIM_OAUTH_CLIENT_SECRET"),
            )
            if variable in given
        },
        api_keys=tuple(key.strip() for key in given.get("MEDIASHIM_API_KEYS", "").split(",") if key.strip()),
        gemini_api_key=google or gemini,
        vertex=_vertex_entry(given, vertex_defaults),
        vertex_defaults=vertex_defaults,
        notes=("GOOGLE_API_KEY and GEMINI_API_KEY are both set; GOOGLE_API_KEY is used",) if shadowed else (),
    )


def combine(data: Mapping[str, Any], addition: Addition) -> dict[str, Any]:
    """The file's data with the environment's additions; a credential that the file already has is not added again."""
    combined = {**data, **addition.settings}
    own_client = combined.get("oauth-client") or {}
    if addition.oauth_client and isinstance(own_client, dict):
        combined["oauth-client"] = {**own_client, **addition.oauth_client}
    for caller_key in addition.api_keys:
        if not any(_value_of(entry, "key") == caller_key for entry in _items(combined, "api-keys")):
            combined["api-keys"] = [*_items(combined, "api-keys"), caller_key]
    if addition.vertex_defaults:
        combined["vertex"] = [_with_defaults(entry, addition.vertex_defaults) for entry in _items(combined, "vertex")]
    key = addition.gemini_api_key
    if key is not None and not any(_same_gemini_key(entry, key) for entry in _items(combined, "gemini-api-key")):
        combined["gemini-api-key"] = [*_items(combined, "gemini-api-key"), {"api-key": key}]
    if addition.vertex is not None and not any(
        _same_identity(entry, addition.vertex) for entry in _items(combined, "vertex")
    ):
        combined["vertex"] = [*_items(combined, "vertex"), dict(addition.vertex)]
    return combined


def from_here(path: str | Path) -> str:
    """The path made absolute from the working directory: only the file's own paths start at the file's folder."""
    text = str(path)
    return text if text.startswith("~") else str(Path(text).absolute())


def _vertex_entry(given: Mapping[str, str], defaults: Mapping[str, str]) -> Mapping[str, Any] | None:
    if "GOOGLE_APPLICATION_CREDENTIALS" in given:
        return {"credentials-file": from_here(given["GOOGLE_APPLICATION_CREDENTIALS"]), **defaults}
    # A project alone switches nothing on: many machines set it for other tools. google-genai asks for the same word.
    wanted = given.get("GOOGLE_GENAI_USE_ENTERPRISE", given.get("GOOGLE_GENAI_USE_VERTEXAI", ""))
    if wanted.lower() in {"true", "1"} and "project" in defaults:
        return {"application-default": True, **defaults}
    return None


def _with_defaults(entry: Any, defaults: Mapping[str, str]) -> Any:
    # A file names its own project; only the machine's identity often has none.
    return {**defaults, **entry} if isinstance(entry, dict) and entry.get("application-default") is True else entry


def _items(data: Mapping[str, Any], key: str) -> list[Any]:
    """The list under the key; anything else stays in place for validation to report."""
    value = data.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _value_of(entry: Any, key: str) -> Any:
    value = entry.get(key) if isinstance(entry, dict) else entry
    return value.strip() if isinstance(value, str) else value


def _same_gemini_key(entry: Any, key: str) -> bool:
    return isinstance(entry, dict) and _value_of(entry, "api-key") == key and not entry.get("base-url")


def _same_identity(entry: Any, other: Mapping[str, Any]) -> bool:
    return isinstance(entry, dict) and all(
        entry.get(key) == other.get(key) for key in ("credentials-file", "application-default")
    )
