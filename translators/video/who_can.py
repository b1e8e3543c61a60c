"""The refusal of what a model cannot do at all: what was asked for, and which models can."""

from collections.abc import Iterator, Mapping, Sequence

from translators.catalog import Catalog, Kind, Mode
from translators.resolve import SURFACE_NAMES, Resolution

_DOES: Mapping[Mode, str] = {
    Mode.TEXT: "make a video from words alone",
    Mode.IMAGE: "begin with a picture",
    Mode.FIRST_LAST: "go from a first to a last frame",
    Mode.REFERENCE_ASSET: "take reference pictures",
    Mode.REFERENCE_STYLE: "take the style of a picture",
    Mode.EXTENSION: "extend a video",
    Mode.EDIT: "edit a video",
    Mode.INSERT: "insert something into a video by a mask",
    Mode.REMOVE: "remove something from a video by a mask",
}


def who_can(mode: Mode, field: str, resolution: Resolution, able: Sequence[str], catalog: Catalog) -> str:
    """The sentences; `field` asks for it, `able` are the models that can by the credentials at hand."""
    surfaces = " or ".join(dict.fromkeys(SURFACE_NAMES[target.surface] for target in resolution.targets))
    way_out = (
        f"Send `model` with one that can: {', '.join(able)}."
        if able
        else f"No model here can. {_elsewhere(mode, catalog)}"
    )
    # The surface goes in front: what follows is said of the model.
    return f"{field} asks for {mode.value}. On {surfaces}, {resolution.model.id} cannot {_DOES[mode]}. {way_out}"


def _elsewhere(mode: Mode, catalog: Catalog) -> str:
    living = list(_served(mode, catalog, gone=False))
    if living:
        return f"With a credential for it there would be {', '.join(living)}."
    past = list(_served(mode, catalog, gone=True))
    if not past:
        return "Google has never offered one."
    return f"Google has none any more; behind a base-url of its own there could be {', '.join(past)}."


def _served(mode: Mode, catalog: Catalog, *, gone: bool) -> Iterator[str]:
    for model in catalog.models.values():
        for surface, service in model.served.items():
            offered = service.video is not None and mode in service.video.modes
            if model.kind is Kind.VIDEO and offered and service.gone is gone:
                until = f" (until {service.date.isoformat()})" if gone and service.date is not None else ""
                yield f"{model.id} on {SURFACE_NAMES[surface]}{until}"
