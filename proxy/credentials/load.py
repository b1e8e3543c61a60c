"""Credentials from plain settings: an API key, a key file, the machine's own login.

Every function takes the settings of `Credential` beside its own and raises ValueError for what cannot be one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from proxy import logs
from proxy.credentials.credential import Credential, CredentialKind, ModelAlias, public_id
from proxy.credentials.login_file import read_login
from proxy.credentials.secret_parts import secret_members


def gemini_api_key(api_key: str | None, **settings: Any) -> Credential:
    """A Gemini API key; with a `base_url` the key may be absent (a gateway that authenticates by itself)."""
    return _api_key(CredentialKind.GEMINI_API_KEY, api_key, settings)


def vertex_api_key(api_key: str, **settings: Any) -> Credential:
    """A Vertex AI API key; without a `project` it is an express-mode key, which reaches no video model."""
    return _api_key(CredentialKind.VERTEX_API_KEY, api_key, settings)


def application_default(**settings: Any) -> Credential:
    """The machine's own login: gcloud's, the metadata server's, or GOOGLE_APPLICATION_CREDENTIALS.

    `project` must be given: whose quota and money is spent is not left to what the machine happens to know.
    """
    if not settings.get("project"):
        raise ValueError("application default credentials need a project (GOOGLE_CLOUD_PROJECT)")
    kind = CredentialKind.APPLICATION_DEFAULT
    return Credential(id=public_id(kind, settings["project"], settings.get("base_url")), kind=kind, **_tidy(settings))


def from_google_json(document: Mapping[str, Any], **settings: Any) -> Credential:
    """A file as Google writes it: type `service_account`, `authorized_user` (gcloud's login), or `external_account`.

    The last is workload identity federation: what it names as its source (a file, an address) is read at each refresh.
    """
    match document.get("type"):
        case "service_account":
            _require(document, "client_email", "private_key", "token_uri", what="service account key")
            return _from_info(CredentialKind.SERVICE_ACCOUNT, document["client_email"], document, settings)
        case "authorized_user":
            _require(document, "client_id", "client_secret", "refresh_token", what="authorised user file")
            identity = document.get("account") or document["refresh_token"]
            return _from_info(CredentialKind.AUTHORIZED_USER, identity, document, settings)
        case "external_account":
            _require(document, "audience", "subject_token_type", "token_url", what="workload identity file")
            if not isinstance(document.get("credential_source"), dict):
                raise ValueError("not a complete workload identity file: credential_source missing")
            identity = document.get("service_account_impersonation_url") or document["audience"]
            return _from_info(CredentialKind.EXTERNAL_ACCOUNT, identity, document, settings)
        case other:
            known = "service_account, authorized_user or external_account"
            raise ValueError(f"not a {known} file (its type is {other!r})")


def from_google_file(path: Path, **settings: Any) -> Credential:
    """`from_google_json` of a file; raises ValueError naming the file, also when it cannot be read."""
    try:
        return from_google_json(read_json_object(path), **settings)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def from_login(path: Path, *, token_uri: str | None = None, **settings: Any) -> Credential:
    """A sign-in that `mediashim login` keeps; `token_uri` stands for Google's token endpoint in tests.

    It opens Vertex AI and nothing else, whatever the model: the scope cloud-platform does not open the Gemini API.
    """
    login = read_login(path)
    user = {
        "type": "authorized_user",
        "account": login.email,
        **login.model_dump(include={"refresh_token", "client_id", "client_secret"}),
        **({"token_uri": token_uri} if token_uri else {}),
    }
    return from_google_json(user, project=login.project_id, login_file=path, **settings)


def at_code_assist(user: Credential) -> Credential:
    """The same sign-in at Gemini Code Assist's door, beside Vertex AI's: another credential with a rest of its own.

    `user` is an authorised user whose OAuth client is the Gemini CLI's, or one that Google lets in there all the same.
    """
    info = user.info or {}
    kind = CredentialKind.CODE_ASSIST
    identity = info.get("account") or info["refresh_token"]
    return replace(user, id=public_id(kind, identity, user.base_url), kind=kind, storage_uri=None)


def distinct(credentials: Iterable[Credential]) -> dict[int, Credential]:
    """The credentials by their places, exact repeats left out; one key that is configured in two ways has two ids."""
    kept: dict[int, Credential] = {}
    seen: dict[str, int] = {}
    for place, credential in enumerate(credentials):
        others = kept.values()
        if any(credential == replace(other, id=credential.id) and _same_secret(credential, other) for other in others):
            continue
        seen[credential.id] = seen.get(credential.id, 0) + 1
        turn = seen[credential.id]
        kept[place] = credential if turn == 1 else replace(credential, id=f"{credential.id}-{turn}")
    return kept


def read_json_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file, its secrets hidden from the log; raises ValueError, never with its content in it."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    except ValueError:
        raise ValueError("is not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("is not a JSON object")  # one kind of error for a wrong file
    logs.hide(secret_members(document))
    return document


def model_aliases(entries: Iterable[Mapping[str, str]]) -> tuple[ModelAlias, ...]:
    """`[{"name", "alias"}]` as configured; an absent alias is the name itself."""
    return tuple(ModelAlias(name=entry["name"], alias=entry.get("alias") or entry["name"]) for entry in entries)


def _api_key(kind: CredentialKind, api_key: str | None, settings: Mapping[str, Any]) -> Credential:
    key = (api_key or "").strip() or None
    base_url = settings.get("base_url")
    if key is None and not (kind is CredentialKind.GEMINI_API_KEY and base_url):
        raise ValueError("an API key is missing")
    return Credential(id=public_id(kind, key or "", base_url), kind=kind, secret=key, **_tidy(settings))


def _from_info(
    kind: CredentialKind, identity: str, document: Mapping[str, Any], settings: Mapping[str, Any]
) -> Credential:
    merged = _tidy(settings)
    merged["project"] = merged.get("project") or document.get("project_id") or document.get("quota_project_id")
    if not merged["project"]:
        raise ValueError("a project is missing; Vertex AI needs one")
    return Credential(id=public_id(kind, identity, merged.get("base_url")), kind=kind, info=dict(document), **merged)


def _tidy(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without those left empty, so that the defaults of `Credential` hold."""
    return {name: setting for name, setting in settings.items() if setting is not None and setting != ""}


def _require(document: Mapping[str, Any], *names: str, what: str) -> None:
    missing = [name for name in names if not isinstance(document.get(name), str) or not document[name]]
    if missing:
        raise ValueError(f"not a complete {what}: {', '.join(missing)} missing")


def _same_secret(one: Credential, other: Credential) -> bool:
    return one.info == other.info and one.headers == other.headers
