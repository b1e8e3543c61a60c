"""From a configuration to the credentials it names, what each of them offers, and the lanes of the queue."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from proxy.addresses import GEMINI_HOST
from proxy.config import Config
from proxy.config.credential_entries import GeminiKey, PoolMember, VertexCredential, VertexKey
from proxy.config.problems import ConfigError, Problem
from proxy.credentials import load
from proxy.credentials.auth_files import AuthFiles, read_auth_dir
from proxy.credentials.credential import Credential, CredentialKind, ModelAlias
from proxy.credentials.login_file import login_folder
from proxy.jobs.queue import Lane
from translators.catalog import Catalog, CatalogError
from translators.resolve import Offer
from translators.wire.call import Surface

log = logging.getLogger("mediashim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A credential and what the configuration says of its place in the queue."""

    credential: Credential
    concurrency: int | None
    per_minute: int | None
    interactions_only: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    simulated: bool = False
    """It opens the simulator, which stands for Google's own hosts."""


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The catalogue in 10 ms with libyaml, which PyYAML's wheels bring, and in 120 ms without."""


def read_catalog(config: Config) -> Catalog:
    """The catalogue that ships with the translators, with the configuration's additions. Raises ConfigError."""
    import translators

    path = Path(translators.__file__).with_name("catalog.yaml")
    try:
        return Catalog.of(yaml.load(path.read_text(encoding="utf-8"), _LOADER), config.catalog)  # noqa: S506 - a safe one
    except CatalogError as error:
        raise ConfigError([Problem(location=("catalog",), message=str(error))]) from None


def entries_of(config: Config) -> list[Entry]:
    """Every credential of the configuration, once, its files read. Raises ConfigError naming the entry."""
    made = [*_listed(config), *_from_auth_dir(config), *_logins(config)]
    kept = load.distinct(entry.credential for entry in made)
    return [replace(made[place], credential=credential) for place, credential in kept.items()]


def _listed(config: Config) -> Iterator[Entry]:
    sections: tuple[tuple[str, Sequence[PoolMember], Callable[..., Credential]], ...] = (
        ("gemini-api-key", config.gemini_api_key, _gemini_key),
        ("interactions-api-key", config.interactions_api_key, _gemini_key),
        ("vertex-api-key", config.vertex_api_key, _vertex_key),
        ("vertex", config.vertex, _vertex),
    )
    for section, members, make in sections:
        for index, member in enumerate(members):
            try:
                credential = make(member, _settings(member, config))
            except ValueError as error:
                raise ConfigError([Problem(location=(section, index), message=str(error))]) from None
            yield _entry(credential, member, config, interactions_only=section == "interactions-api-key")


def _entry(credential: Credential, member: PoolMember | None, config: Config, *, interactions_only: bool) -> Entry:
    usual = config.jobs.vertex_concurrency if credential.kind.uses_tokens else config.jobs.concurrency
    own = (member.concurrency, member.submits_per_minute) if member is not None else (None, None)
    return Entry(
        credential=credential,
        concurrency=own[0] or usual,
        per_minute=own[1] or config.jobs.submits_per_minute,
        interactions_only=interactions_only,
    )


def _settings(member: PoolMember, config: Config) -> dict[str, Any]:
    proxy_url = member.proxy_url.get_secret_value() or config.proxy_url.get_secret_value()
    return {
        "base_url": member.base_url,
        "proxy_url": proxy_url or None,
        "prefix": member.prefix,
        "priority": member.priority,
        "weight": member.weight,
        "headers": {name: value.get_secret_value() for name, value in member.headers.items()},
        "models": tuple(ModelAlias(name=model.name, alias=model.alias or model.name) for model in member.models),
        "excluded_models": member.excluded_models,
        "request_retry": member.request_retry,
        "disable_cooling": config.disable_cooling if member.disable_cooling is None else member.disable_cooling,
    }


def _gemini_key(member: GeminiKey, settings: dict[str, Any]) -> Credential:
    return load.gemini_api_key(member.api_key.get_secret_value(), **settings)


def _vertex_key(member: VertexKey, settings: dict[str, Any]) -> Credential:
    return load.vertex_api_key(member.api_key.get_secret_value(), **settings)


def _vertex(member: VertexCredential, settings: dict[str, Any]) -> Credential:
    place = {
        **settings,
        "project": member.project,
        "location": member.location,
        "storage_uri": member.storage_uri,
    }
    if member.credentials_file is not None:
        return load.from_google_file(member.credentials_file, **place)
    if member.service_account is not None:
        return load.from_google_json(member.service_account.get_secret_value(), **place)
    return load.application_default(**place)


def _from_auth_dir(config: Config) -> Iterator[Entry]:
    nothing = AuthFiles(credentials=(), skipped=())
    files = read_auth_dir(config.auth_dir, code_assist=config.code_assist) if config.auth_dir else nothing
    for line in (*files.skipped, *_about_code_assist(config, files)):
        log.warning("%s", line)
    for credential in files.credentials:
        excluded = (*credential.excluded_models, *config.oauth_excluded_models.at(credential.surface))
        entry = _entry(replace(credential, excluded_models=excluded), None, config, interactions_only=False)
        names = config.oauth_model_alias.vertex if credential.surface is Surface.VERTEX else ()
        yield replace(
            entry,
            renamed={model.alias: model.name for model in names if model.alias},
            hidden=frozenset(model.name for model in names if model.alias and not model.fork),
        )


def _about_code_assist(config: Config, files: AuthFiles) -> Iterator[str]:
    """What an operator who switched it on should know; one line at most."""
    if not config.code_assist:
        return
    logins = [one.id for one in files.credentials if one.surface is Surface.CODE_ASSIST]
    if logins:
        yield (
            f"code-assist is on for {', '.join(logins)}: Google forbids other software the Gemini CLI's sign-in "
            "and may suspend the account (docs/code-assist.md)"
        )
    else:
        yield "code-assist is on and has no effect: there is no usable login of the Gemini CLI in auth-dir"


def _logins(config: Config) -> Iterator[Entry]:
    for path in sorted(login_folder(config.data_dir).glob("*.json")):
        try:
            credential = load.from_login(
                path,
                proxy_url=config.proxy_url.get_secret_value() or None,
                disable_cooling=config.disable_cooling,
            )
        except ValueError as reason:
            log.warning("the login %s is not used: %s", path.name, reason)
            continue
        yield _entry(credential, None, config, interactions_only=False)


def offers_of(entries: Sequence[Entry], config: Config) -> tuple[Offer, ...]:
    """What each credential can be used for."""
    return tuple(_offer(entry, config) for entry in entries)


def _offer(entry: Entry, config: Config) -> Offer:
    credential = entry.credential
    return Offer(
        credential_id=credential.id,
        surface=credential.surface,
        own_base_url=not (entry.simulated or _is_googles_own(credential.base_url)),
        express=credential.kind is CredentialKind.VERTEX_API_KEY and credential.project is None,
        interactions_only=entry.interactions_only,
        models={alias.alias: alias.name for alias in credential.models} or None,
        renamed=entry.renamed,
        hidden=entry.hidden,
        excluded=credential.excluded_models,
        prefix=credential.prefix or None,
        prefix_only=config.force_model_prefix,
    )


def known_models(catalog: Catalog, entries: Sequence[Entry], config: Config) -> frozenset[str]:
    """The names by which Google may be asked that are no caller's: the catalogue's and the configuration's."""
    served = (model.name for entry in entries for model in entry.credential.models)
    renamed = (name for entry in entries for name in entry.renamed.values())
    return frozenset((*catalog.models, *served, *renamed, *(alias.target for alias in config.models)))


def _is_googles_own(base_url: str | None) -> bool:
    """Whether an address (or none) is Google's own host, where ids live and die by Google's calendar."""
    host = urlsplit(base_url or GEMINI_HOST).hostname or ""
    return host == "googleapis.com" or host.endswith(".googleapis.com")


def display_names(config: Config) -> dict[str, str]:
    """Names for people, by public model name."""
    members = (*config.gemini_api_key, *config.interactions_api_key, *config.vertex_api_key, *config.vertex)
    served = [model for member in members for model in member.models]
    named = {model.alias or model.name: model.display_name for model in (*served, *config.oauth_model_alias.vertex)}
    named |= {entry.alias: entry.display_name for entry in config.models}
    return {name: shown for name, shown in named.items() if shown}


def lanes_of(entries: Sequence[Entry]) -> Mapping[str, Lane]:
    """The queue's view of the credentials."""
    return {
        entry.credential.id: Lane(
            credential_id=entry.credential.id,
            order=order,
            priority=entry.credential.priority,
            weight=entry.credential.weight,
            concurrency=entry.concurrency,
            per_minute=entry.per_minute,
            storage_uri=entry.credential.storage_uri,
        )
        for order, entry in enumerate(entries)
    }
