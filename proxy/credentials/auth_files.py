"""CLIProxyAPI's `auth-dir`: a folder of JSON files, one credential each; what is not for us is skipped with a reason.

File forms: CLIProxyAPI v7.2.140 (`vertex`), and up to v7.2.19 (`gemini`, `gemini-cli`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proxy.credentials.credential import Credential, ModelAlias
from proxy.credentials.load import at_code_assist, from_google_json, model_aliases, read_json_object

GEMINI_CLI = ("gemini", "gemini-cli")
"""The types of a login of the Gemini CLI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthFiles:
    """What a folder held: the credentials in it, and one line for each file that is not used."""

    credentials: tuple[Credential, ...]
    skipped: tuple[str, ...]


def read_auth_dir(folder: Path, *, code_assist: bool = False) -> AuthFiles:
    """Read every `*.json` directly in a folder; a folder that is not there holds nothing.

    With `code_assist`, a login of the Gemini CLI is two credentials: Vertex AI's and, after it, Code Assist's.
    """
    credentials: list[Credential] = []
    skipped: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            document = read_json_object(path)
            credential = credential_from_auth_file(document)
            credentials.append(credential)
            if code_assist and _kind_of(document) in GEMINI_CLI:
                credentials.append(at_code_assist(credential))
        except ValueError as reason:
            skipped.append(f"{path.name} is not used: {reason}")
    return AuthFiles(credentials=tuple(credentials), skipped=tuple(skipped))


def credential_from_auth_file(document: Mapping[str, Any]) -> Credential:
    """The credential in one auth file; raises ValueError with the reason why there is none to use."""
    if document.get("disabled") is True:
        raise ValueError("it is disabled")
    read = _READERS.get(_kind_of(document))
    if read is None:
        raise ValueError(
            f"its type is {document.get('type')!r}, which is no Google credential; "
            f"used are: {', '.join(sorted(_READERS))}"
        )
    return read(document)


def _kind_of(document: Mapping[str, Any]) -> str:
    kind = document.get("type")
    return kind.lower() if isinstance(kind, str) else ""


def _vertex(document: Mapping[str, Any]) -> Credential:
    account = document.get("service_account")
    if not isinstance(account, dict):
        raise ValueError("it holds no service_account")
    settings = {"project": document.get("project_id") or document.get("project"), "location": document.get("location")}
    return from_google_json(account, **settings, **_common(document))


def _google_file(document: Mapping[str, Any]) -> Credential:
    return from_google_json(document, location=document.get("location"), **_common(document))


def _gemini_cli(document: Mapping[str, Any]) -> Credential:
    """The Gemini CLI's login, which opens Vertex AI where the file holds its OAuth client and names one project."""
    nested = document.get("token")
    token: Mapping[str, Any] = {**document, **(nested if isinstance(nested, dict) else {})}
    project = document.get("project_id")
    if not all(
        isinstance(token.get(name), str) and token[name] for name in ("refresh_token", "client_id", "client_secret")
    ):
        raise ValueError(
            "it is a Gemini CLI login without refresh token and OAuth client (client_id, client_secret), which cannot "
            "reach Vertex AI; use an API key, a service account file, or `mediashim login`"
        )
    if not isinstance(project, str) or not project or "," in project or project.upper() == "ALL":
        raise ValueError("it is a Gemini CLI login that names no single project; set project_id in it")
    user = {
        "type": "authorized_user",
        "account": document.get("email") or "",
        **{name: token[name] for name in ("refresh_token", "client_id", "client_secret")},
        **({"token_uri": token["token_uri"]} if token.get("token_uri") else {}),
    }
    return from_google_json(user, project=project, location=document.get("location"), **_common(document))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Credential]] = {
    "vertex": _vertex,
    **dict.fromkeys(GEMINI_CLI, _gemini_cli),
    "service_account": _google_file,
    "authorized_user": _google_file,
    "external_account": _google_file,
}


def _common(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members any auth file may have; CLIProxyAPI writes them with hyphens or underscores.

    `base_url` and `storage_uri` are our own: another host that speaks Google's API, and a bucket for videos.
    """
    known = {name.replace("-", "_"): member for name, member in document.items()}
    return {
        "base_url": _text(known, "base_url"),
        "prefix": _text(known, "prefix"),
        "proxy_url": _text(known, "proxy_url"),
        "priority": _whole(known, "priority"),
        "weight": _whole(known, "weight"),
        "headers": _mapping(known, "headers"),
        "models": _aliases(known),
        "excluded_models": _texts(known, "excluded_models"),
        "disable_cooling": known.get("disable_cooling") is True,
        "request_retry": retry if (retry := _whole(known, "request_retry")) is None or retry >= 0 else None,
        "storage_uri": _text(known, "storage_uri"),
    }


def _text(document: Mapping[str, Any], name: str) -> str | None:
    found: str | None = _checked(document, name, str, "a text")
    return found


def _whole(document: Mapping[str, Any], name: str) -> int | None:
    found: int | None = _checked(document, name, int, "a whole number")
    return found


def _mapping(document: Mapping[str, Any], name: str) -> dict[str, str]:
    found: dict[str, str] = _checked(document, name, dict, "an object of texts") or {}
    if not all(isinstance(member, str) for member in found.values()):
        raise ValueError(f"its {name} must be an object of texts")
    return found


def _texts(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found: list[str] = _checked(document, name, list, "a list of texts") or []
    if not all(isinstance(member, str) for member in found):
        raise ValueError(f"its {name} must be a list of texts")
    return tuple(found)


def _aliases(document: Mapping[str, Any]) -> tuple[ModelAlias, ...]:
    found: list[Any] = _checked(document, "model_aliases", list, "a list of name and alias") or []
    if not all(isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in found):
        raise ValueError("its model_aliases must be a list of name and alias")
    return model_aliases(found)


def _checked(document: Mapping[str, Any], name: str, kind: type, wanted: str) -> Any:
    found = document.get(name)
    if found is not None and (not isinstance(found, kind) or isinstance(found, bool)):
        raise ValueError(f"its {name} must be {wanted}")
    return found
