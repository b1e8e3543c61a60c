"""Of the credentials that serve a model, those at whose front door this very request can be asked for."""

from collections.abc import Callable
from dataclasses import replace

from translators.errors import BadRequest
from translators.resolve import Resolution, Target
from translators.wire.call import Surface


def able(resolution: Resolution, translate: Callable[[Target], object]) -> Resolution:
    """The resolution with only the targets that `translate` does not refuse: Vertex AI knows more than its neighbours.

    Raises the first target's BadRequest if all are refused. Targets that differ in the credential alone are one try.
    """
    refusals: dict[tuple[Surface, str], BadRequest | None] = {}
    for target in resolution.targets:
        alike = (target.surface, target.upstream_id)
        if alike not in refusals:
            refusals[alike] = _refusal(target, translate)
    targets = tuple(one for one in resolution.targets if refusals[one.surface, one.upstream_id] is None)
    first = next(iter(refusals.values()))
    if not targets and first is not None:
        raise first
    return resolution if len(targets) == len(resolution.targets) else replace(resolution, targets=targets)


def _refusal(target: Target, translate: Callable[[Target], object]) -> BadRequest | None:
    try:
        translate(target)
    except BadRequest as refusal:
        return refusal
    return None
