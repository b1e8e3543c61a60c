"""Where a request goes: a model id and what the credentials offer -> the targets that can serve it.

Redirecting a retired id is decided here and always told in the target's warnings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import assert_never

from translators.catalog import Catalog, Family, Kind, Lifecycle, Model, Service, VideoLimits
from translators.errors import BadRequest, NotFound
from translators.wire.call import Surface


class Backend(StrEnum):
    """The three ways Google makes videos."""

    GEMINI = "gemini"
    VERTEX = "vertex"
    OMNI = "omni"


class RetiredModels(StrEnum):
    """What to do with an id that Google has switched off."""

    REDIRECT = "redirect"
    REJECT = "reject"
    PASS = "pass"  # noqa: S105 - a policy word, not a password


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one credential can be used for."""

    credential_id: str
    surface: Surface
    own_base_url: bool = False
    """A relay, mock or private gateway: taken at its word, gets ids unchanged."""
    express: bool = False
    """A Vertex API key without a project: no interactions, and videos only where nothing else makes them."""
    interactions_only: bool = False
    """A key that is configured for the Interactions API alone."""
    models: Mapping[str, str] | None = None
    """Public name -> upstream id, replacing the catalogue for this credential; None: the whole catalogue."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Public name -> model, beside the catalogue's own names."""
    hidden: frozenset[str] = frozenset()
    """Models that are known by their other name only."""
    excluded: tuple[str, ...] = ()
    prefix: str | None = None
    prefix_only: bool = False
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One credential that can serve the request, and what Google is asked for there."""

    credential_id: str
    surface: Surface
    model: Model
    upstream_id: str
    warnings: tuple[str, ...] = ()

    @property
    def backend(self) -> Backend:
        """Which of the three video backends this is."""
        if self.model.family is Family.OMNI:
            return Backend.OMNI
        return Backend.GEMINI if self.surface is Surface.GEMINI else Backend.VERTEX

    @property
    def video(self) -> VideoLimits:
        """The limits of a video model on this surface."""
        limits = self.model.served[self.surface].video
        if limits is None:
            raise TypeError(f"{self.model.id} makes no videos")
        return limits


@dataclass(frozen=True, slots=True)
class _Found:
    target: Target
    rank: int
    """0: the id as asked; 1: a successor of the same family; 2: of another family; 3 to 5: so by an express key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The model that was meant and every target that serves it equally well."""

    asked: str
    model: Model
    targets: tuple[Target, ...]
    warnings: tuple[str, ...] = field(default=())


def resolve(
    catalog: Catalog,
    asked: str,
    offers: Sequence[Offer],
    *,
    aliases: Mapping[str, str] | None = None,
    retired: RetiredModels = RetiredModels.REDIRECT,
) -> Resolution:
    """Say which credentials can serve a model id, and as which upstream model.

    Only targets of the best rank are returned: a request never slides to another model because a better credential is
    busy. Raises BadRequest (unknown model; no credential for it) or NotFound (retired and `reject`).
    """
    bare = asked.removeprefix("models/")
    name = (aliases or {}).get(bare, bare).removeprefix("models/")
    found = [match for offer in offers if (match := _match(catalog, name, offer, retired)) is not None]
    if not found:
        raise _nobody(catalog, asked, name, offers, retired)
    best = min(match.rank for match in found)
    equal = [match.target for match in found if match.rank == best]
    # Two surfaces may name two successors: the first credential's decides, and the others serve that one or nothing.
    targets = tuple(target for target in equal if best == 0 or target.model.id == equal[0].model.id)
    return Resolution(asked=asked, model=targets[0].model, targets=targets, warnings=targets[0].warnings)


def interaction_offers(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The offers that have the Interactions API: an express key and Code Assist have none, some keys nothing else."""
    return tuple(
        replace(offer, interactions_only=False)
        for offer in offers
        if not offer.express and offer.surface is not Surface.CODE_ASSIST
    )


def no_interactions(asked: str) -> BadRequest:
    """The credentials that serve the model have no interactions: what to say, and the way out."""
    return BadRequest(
        f"{asked} was asked for an interaction, and the credentials that serve it have none: neither a Vertex API key "
        "nor Gemini Code Assist (a login of the Gemini CLI) has. Add a Gemini API key, a service account or ADC, or "
        "call generateContent.",
        param="model",
        code="model_not_found",
    )


def resolve_agent(agent: str, offers: Sequence[Offer]) -> Resolution:
    """Say which credentials can be asked for an agent of the Interactions API; no catalogue lists those.

    A credential with `models` of its own serves an agent that is one of them. Raises BadRequest where nobody does.
    """
    targets = tuple(
        Target(credential_id=offer.credential_id, surface=offer.surface, model=unlisted_text(agent), upstream_id=name)
        for offer in interaction_offers(offers)
        if (name := _agent_name(agent, offer)) is not None
    )
    if not targets:
        raise BadRequest(
            f"No configured credential serves the agent {agent}. Agents need a Gemini API key, a service account or "
            "ADC, whose `models`, where it has any, name the agent.",
            param="agent",
            code="model_not_found",
        )
    return Resolution(asked=agent, model=targets[0].model, targets=targets)


def _agent_name(agent: str, offer: Offer) -> str | None:
    bare = _strip_prefix(agent, offer)
    if bare is None or _excluded(bare, offer):
        return None
    return bare if offer.models is None else offer.models.get(bare)


def unlisted_text(name: str) -> Model:
    """A name of which nothing is known but that it answers with text."""
    services = {surface: Service(status=Lifecycle.ACTIVE) for surface in Surface}
    return Model(id=name, kind=Kind.TEXT, family=Family.GEMINI, served=services, listed=False)


def visible_models(
    catalog: Catalog,
    offers: Sequence[Offer],
    aliases: Mapping[str, str],
    retired: RetiredModels = RetiredModels.REDIRECT,
) -> dict[str, Model]:
    """Every public model name the credentials can use, config aliases included; retired ids are left out.

    An alias that leads to a retired or unlisted id shows the model it would be answered by.
    """
    names: dict[str, Model] = {}
    for offer in offers:
        for name, model in _offered(catalog, offer):
            if not offer.prefix_only or offer.prefix is None:
                names.setdefault(name, model)
            if offer.prefix is not None:
                names.setdefault(f"{offer.prefix}/{name}", model)
    return {**names, **dict(_aliased(catalog, offers, aliases, retired))}


def _aliased(
    catalog: Catalog, offers: Sequence[Offer], aliases: Mapping[str, str], retired: RetiredModels
) -> Iterable[tuple[str, Model]]:
    for alias in aliases:
        try:
            yield alias, resolve(catalog, alias, offers, aliases=aliases, retired=retired).model
        except (BadRequest, NotFound):
            continue


def _offered(catalog: Catalog, offer: Offer) -> Iterable[tuple[str, Model]]:
    if offer.models is not None:
        for name, upstream in offer.models.items():
            model = catalog.find(upstream) or catalog.find(name)
            if model is not None and not _excluded(name, offer) and _opens(offer, model):
                yield name, model
        return
    for name, model in catalog.models.items():
        service = model.service(offer.surface)
        if service is None or service.gone or not _opens(offer, model) or _excluded(name, offer):
            continue
        if name not in offer.hidden:
            yield name, model
        for alias, target in offer.renamed.items():
            if target == name:
                yield alias, model


def _excluded(name: str, offer: Offer) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in offer.excluded)


def _opens(offer: Offer, model: Model) -> bool:
    """Whether the credential's surface knows the model, and this kind of credential can call it.

    An express key has no project, and so no interactions (Vertex docs, 2026-11).
    """
    if model.service(offer.surface) is None:
        return False
    if offer.interactions_only:
        return model.family is Family.OMNI
    return not (offer.express and model.family is Family.OMNI)


def _match(catalog: Catalog, name: str, offer: Offer, retired: RetiredModels) -> _Found | None:
    """What this credential makes of the name, or None if nothing."""
    bare = _strip_prefix(name, offer)
    if bare is None or bare in offer.hidden:
        return None
    bare = offer.renamed.get(bare, bare)
    if _excluded(bare, offer):
        return None
    upstream = bare if offer.models is None else offer.models.get(bare)
    model = (catalog.find(upstream) or catalog.find(bare)) if upstream is not None else None
    if upstream is None or model is None:
        return None
    service = model.service(offer.surface)
    if offer.own_base_url or offer.models is not None:
        return _as_named(offer, model, upstream)
    if service is not None and service.gone:
        return _redirected(catalog, model, service, offer, retired)
    return _as_named(offer, model, catalog.canonical(upstream))


def _strip_prefix(name: str, offer: Offer) -> str | None:
    if offer.prefix is not None and name.startswith(f"{offer.prefix}/"):
        return name[len(offer.prefix) + 1 :]
    return None if offer.prefix is not None and offer.prefix_only else name


def _as_named(offer: Offer, model: Model, upstream: str) -> _Found | None:
    return _found(offer, model, upstream, rank=0) if _opens(offer, model) else None


def _found(offer: Offer, model: Model, upstream: str, *, rank: int, warnings: tuple[str, ...] = ()) -> _Found:
    if offer.express and model.family is Family.VEO:
        rank += _LAST_RESORT
        warnings = (*warnings, _UNCERTAIN)
    target = Target(
        credential_id=offer.credential_id,
        surface=offer.surface,
        model=model,
        upstream_id=upstream,
        warnings=warnings,
    )
    return _Found(target, rank)


_LAST_RESORT = 3
"""Below every other rank."""
_UNCERTAIN = (
    "A Vertex API key without a project was used: some accounts have such keys refused for videos. "
    "A service account or `mediashim login` is the sure way."
)
"""Users of CLIProxyAPI report Veo by such keys; Google documents only generateContent (Vertex docs, 2026-11)."""


def _redirected(
    catalog: Catalog, model: Model, service: Service, offer: Offer, retired: RetiredModels
) -> _Found | None:
    match retired:
        case RetiredModels.PASS:
            return _as_named(offer, model, model.id)
        case RetiredModels.REJECT:
            return None
        case RetiredModels.REDIRECT:
            successor = living_successor(catalog, model, offer.surface)
            if successor is None or _excluded(successor.id, offer) or not _opens(offer, successor):
                return None
            rank = 1 if successor.family is model.family else 2
            warning = f"{_fate(model.id, service, offer.surface)}; {successor.id} was used instead."
            return _found(offer, successor, successor.id, rank=rank, warnings=(warning,))
        case _:
            assert_never(retired)


def living_successor(catalog: Catalog, model: Model, surface: Surface) -> Model | None:
    """The first model down the line of successors that the surface still serves, or None."""
    seen = {model.id}
    current = model
    while (service := current.service(surface)) is not None and service.gone:
        if service.successor is None or service.successor in seen:
            return None
        seen.add(service.successor)
        following = catalog.find(service.successor)
        if following is None:
            return None
        current = following
    return current if current.service(surface) is not None else None


SURFACE_NAMES = {
    Surface.GEMINI: "the Gemini API",
    Surface.VERTEX: "Vertex AI",
    Surface.CODE_ASSIST: "Gemini Code Assist",
}


def _fate(model_id: str, service: Service, surface: Surface) -> str:
    """What became of a model on a surface, as a clause."""
    where = SURFACE_NAMES[surface]
    if service.status is Lifecycle.ABSENT:
        return f"{model_id} is not served on {where}"
    since = f" on {service.date.isoformat()}" if service.date is not None else ""
    return f"{model_id} was retired on {where}{since}"


def _nobody(
    catalog: Catalog, asked: str, name: str, offers: Sequence[Offer], retired: RetiredModels
) -> BadRequest | NotFound:
    """Why no credential serves the model, and the way out."""
    model = catalog.find(name) or catalog.find(name.partition("/")[2])
    if model is None:
        return BadRequest(
            f"unknown provider for model {asked}: no configured credential offers it. "
            "GET /v1/models lists what can be used.",
            param="model",
            code="model_not_found",
        )
    for offer in offers:
        service = model.service(offer.surface)
        if service is not None and service.gone and retired is RetiredModels.REJECT:
            successor = living_successor(catalog, model, offer.surface)
            advice = f"Use {successor.id}." if successor is not None else "It has no successor there."
            return NotFound(
                f"{_fate(model.id, service, offer.surface)}. {advice}", param="model", code="model_not_found"
            )
    return BadRequest(
        f"unknown provider for model {asked}: {_needed(model, offers)}", param="model", code="model_not_found"
    )


def _needed(model: Model, offers: Sequence[Offer]) -> str:
    living = [surface for surface, service in model.served.items() if not service.gone]
    if not offers:
        return "no Google credential is configured. Set GEMINI_API_KEY, or list one under gemini-api-key or vertex."
    if model.family is Family.OMNI and all(offer.express for offer in offers):
        return "a Vertex API key has no interactions; Gemini Omni needs a service account, ADC, or a Gemini API key."
    places = " or ".join(SURFACE_NAMES[surface] for surface in living) or "no surface any more"
    return (
        f"it is served on {places}, and no configured credential opens that (or the model is excluded)."
        f"{_beyond_code_assist(model, offers)}"
    )


_WAYS_OUT: Mapping[Family, str] = {
    Family.VEO: "add a service account under `vertex`, run `mediashim login`, or use Gemini Omni with a Gemini API key",
    Family.OMNI: "add a Gemini API key, a service account under `vertex`, or run `mediashim login`",
    Family.IMAGEN: "name a Gemini image model, add a service account under `vertex`, or run `mediashim login`",
}


def _beyond_code_assist(model: Model, offers: Sequence[Offer]) -> str:
    """Why a login of the Gemini CLI does not help, and what does; empty where there is none, or it could."""
    if model.family not in _WAYS_OUT or all(offer.surface is not Surface.CODE_ASSIST for offer in offers):
        return ""
    made = "videos" if model.kind is Kind.VIDEO else "Imagen images"
    return f" Gemini Code Assist (a login of the Gemini CLI) makes no {made}: {_WAYS_OUT[model.family]}."


def require_kind(resolution: Resolution, wanted: Kind, param: str = "model") -> None:
    """Raise BadRequest unless the model makes what is wanted."""
    if resolution.model.kind is not wanted:
        raise BadRequest(
            f"{resolution.asked} makes {resolution.model.kind.value}, not {wanted.value}. "
            f"GET /v1/models shows each model's `modalities`.",
            param=param,
            code="model_not_supported",
        )
