"""A request goes only where it can be done, and each target knows its price and what is to be told."""

from typing import Any

import pytest

from proxy.jobs.targets import job_targets
from tests.video_requests import google, relay, shipped_catalog
from translators.errors import BadRequest
from translators.resolve import Backend, Offer, Resolution, resolve
from translators.video.spec import VideoSpec
from translators.wire.call import Surface

VEO, PREVIEW, OMNI = "veo-3.1-generate-001", "veo-3.1-generate-preview", "gemini-omni-1.2-flash"
VERTEX = google(Surface.VERTEX)
BOTH = (relay(Surface.GEMINI), VERTEX)


def spec_of(**members: Any) -> VideoSpec:
    return VideoSpec(**{"prompt": "A red fox", **members})


def resolution(model: str, *offers: Offer) -> Resolution:
    return resolve(shipped_catalog(), model, offers)


def test_a_target_says_what_google_is_asked_for() -> None:
    """The credential, the backend, the id there, and the price of the whole and of a second."""
    (target,) = job_targets(spec_of(duration=4, samples=2), resolution(VEO, VERTEX))

    assert (target.credential_id, target.backend, target.surface) == ("vertex-key", Backend.VERTEX, Surface.VERTEX)
    assert (target.model, target.upstream_id) == (VEO, VEO)
    assert (target.price, target.price_per_second, target.warnings) == (3.2, 0.4, ())


def test_without_sound_a_second_costs_less() -> None:
    """The price is the one for what was asked."""
    (target,) = job_targets(spec_of(duration=4, generate_audio=False), resolution(VEO, VERTEX))

    assert (target.price, target.price_per_second) == (0.8, 0.2)


def test_a_target_that_cannot_is_left_out() -> None:
    """A seed is Vertex AI's alone; what both can do goes to both."""
    both = job_targets(spec_of(), resolution(VEO, *BOTH))
    able = job_targets(spec_of(seed=1), resolution(VEO, *BOTH))

    assert [target.credential_id for target in both] == ["gemini-relay", "vertex-key"]
    assert [target.credential_id for target in able] == ["vertex-key"]


def test_where_none_can_the_first_refusal_is_told() -> None:
    """It names the field; nothing is asked for that would be paid in vain."""
    with pytest.raises(BadRequest) as caught:
        job_targets(spec_of(duration=5), resolution(VEO, *BOTH))

    assert "5" in caught.value.message
    assert caught.value.param == spec_of().field("duration")


def test_all_that_is_changed_is_told() -> None:
    """The redirect, what the model takes otherwise, and a price that Google does not state."""
    (target,) = job_targets(spec_of(negative_prompt="rain"), resolution(PREVIEW, google(Surface.GEMINI)))

    redirect, folded, estimate = target.warnings
    assert f"{OMNI} was used instead" in redirect
    assert "written into the prompt" in folded
    assert estimate == f"The price of {OMNI} is an estimate: Google states none per second."


def test_no_price_is_no_estimate() -> None:
    """What the catalogue does not know is not guessed."""
    (target,) = job_targets(spec_of(), resolution("veo-9", VERTEX))

    assert (target.price, target.price_per_second, target.warnings) == (None, None, ())
