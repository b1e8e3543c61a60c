"""The pool: who goes next, who rests, and for how long."""

import pytest

from proxy.config.schema import Strategy
from proxy.credentials.cooldown import CooldownPolicy
from proxy.credentials.credential import Credential, CredentialKind
from proxy.credentials.pool import CredentialPool
from translators.errors import (
    ApiError,
    BadRequest,
    NotFound,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Unavailable,
    UpstreamFailed,
)
from translators.google_errors import Blame, Verdict


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def credential(name: str, **settings: object) -> Credential:
    return Credential(id=name, kind=CredentialKind.GEMINI_API_KEY, **settings)


def verdict(error: ApiError, blame: Blame, retry_after: float | None = None) -> Verdict:
    return Verdict(error=error, blame=blame, retry_after=retry_after, accepted="no")


RATE_LIMIT = verdict(RateLimited("slow"), Blame.CREDENTIAL_MODEL)


def picks(pool: CredentialPool, ids: str, times: int, model: str = "m") -> str:
    return "".join(pool.pick(list(ids), model).id for _ in range(times))


def pool_of(*credentials: Credential, clock: Clock | None = None, **settings: object) -> CredentialPool:
    return CredentialPool(credentials, clock=clock or Clock(), **settings)


ABC = (credential("a"), credential("b"), credential("c"))


def test_round_robin_takes_each_in_turn_for_each_model() -> None:
    """One cursor a model: calls for another model do not skip anyone."""
    pool = pool_of(*ABC)
    assert picks(pool, "cab", 4) == "abca"
    assert picks(pool, "cab", 2, model="other") == "ab"
    assert picks(pool, "cab", 2) == "bc"


def test_fill_first_stays_with_the_first_until_it_rests() -> None:
    """The second is only used while the first rests."""
    clock = Clock()
    pool = pool_of(*ABC, clock=clock, strategy=Strategy.FILL_FIRST)
    assert picks(pool, "abc", 3) == "aaa"
    pool.report("a", "m", RATE_LIMIT)
    assert picks(pool, "abc", 2) == "bb"
    clock.now += 1.0
    assert picks(pool, "abc", 1) == "a"


def test_weights_are_spread_evenly_and_zero_takes_out() -> None:
    """Weights 3 and 1 give a a b a; a weight of 0 gives none."""
    pool = pool_of(
        credential("a", weight=3),
        credential("b", weight=1),
        credential("c", weight=0),
        strategy=Strategy.WEIGHTED_ROUND_ROBIN,
    )
    assert picks(pool, "abc", 8) == "aabaaaba"


def test_the_highest_priority_goes_first_and_the_next_steps_in() -> None:
    """A lower tier serves only while the whole higher one rests."""
    pool = pool_of(credential("a"), credential("b", priority=5), credential("c", priority=5))
    assert picks(pool, "abc", 3) == "bcb"
    pool.report("b", "m", RATE_LIMIT)
    pool.report("c", "m", RATE_LIMIT)
    assert picks(pool, "abc", 1) == "a"


def test_only_candidates_not_yet_tried_are_picked() -> None:
    """A credential that just failed is not asked again for the same call."""
    pool = pool_of(*ABC)
    assert pool.pick(["a", "b"], "m", tried={"a"}).id == "b"
    assert pool.pick(["unknown", "c"], "m").id == "c"
    with pytest.raises(Unavailable) as caught:
        pool.pick(["a"], "m", tried={"a"})
    assert caught.value.code == "no_credential"


def test_when_all_rest_the_soonest_end_is_told() -> None:
    """The caller hears when the first credential is back, as a 429 with retry-after."""
    clock = Clock()
    pool = pool_of(*ABC, clock=clock)
    pool.report("a", "m", verdict(RateLimited("x"), Blame.CREDENTIAL_MODEL, 40.0))
    pool.report("b", "m", verdict(RateLimited("x"), Blame.CREDENTIAL_MODEL, 20.0))
    clock.now += 5.0
    with pytest.raises(RateLimited) as caught:
        pool.pick(["a", "b"], "m")
    assert (caught.value.code, caught.value.retry_after) == ("model_cooldown", 15.0)
    assert caught.value.headers()["retry-after"] == "15"
    assert pool.pick(["a", "b"], "other").id == "a"


RESTS = [
    (verdict(RateLimited("x"), Blame.CREDENTIAL_MODEL, 34.4), 34.4, 0.0),
    (verdict(RateLimited("x"), Blame.CREDENTIAL_MODEL, 599_961.0), 1800.0, 0.0),
    (verdict(RateLimited("x"), Blame.CREDENTIAL_MODEL), 1.0, 0.0),
    (verdict(NotFound("x"), Blame.CREDENTIAL_MODEL), 300.0, 0.0),
    (verdict(PermissionDenied("x"), Blame.CREDENTIAL_MODEL), 300.0, 0.0),
    (verdict(BadRequest("x"), Blame.CREDENTIAL_MODEL), 300.0, 0.0),
    (verdict(QuotaExhausted("x"), Blame.CREDENTIAL_MODEL), 1800.0, 0.0),
    (verdict(PermissionDenied("x"), Blame.CREDENTIAL), 300.0, 300.0),
    (verdict(UpstreamFailed("x"), Blame.CREDENTIAL), 300.0, 300.0),
    (verdict(QuotaExhausted("x"), Blame.CREDENTIAL), 1800.0, 1800.0),
    (verdict(Unavailable("x"), Blame.UPSTREAM), 0.0, 0.0),
    (verdict(Unavailable("x"), Blame.UPSTREAM, 7.0), 7.0, 0.0),
    (verdict(BadRequest("x"), Blame.REQUEST), 0.0, 0.0),
]


@pytest.mark.parametrize(("failure", "this_model", "other_model"), RESTS)
def test_each_failure_earns_its_rest(failure: Verdict, this_model: float, other_model: float) -> None:
    """Google's own delay where given, else minutes: per model, or for the whole credential when it is to blame."""
    pool = pool_of(*ABC)
    pool.report("a", "m", failure)
    assert (pool.resting_seconds("a", "m"), pool.resting_seconds("a", "other")) == (this_model, other_model)
    assert pool.resting_seconds("b", "m") == 0.0


def test_rate_limits_double_up_to_half_an_hour_and_a_success_forgets_them() -> None:
    """1, 2, 4 ... 1800 s, one step a window, and back to 1 s after a success."""
    clock = Clock()
    pool = pool_of(*ABC, clock=clock)
    seen = []
    for _ in range(40):
        pool.report("a", "m", RATE_LIMIT)
        seen.append(pool.resting_seconds("a", "m"))
        clock.now += seen[-1]
    assert seen[:4] == [1.0, 2.0, 4.0, 8.0]
    assert seen[-1] == 1800.0
    pool.report("a", "m", None)
    pool.report("a", "m", RATE_LIMIT)
    assert pool.resting_seconds("a", "m") == 1.0


def test_failures_that_were_under_way_together_are_one_strike() -> None:
    """Ten calls refused at once do not rest a credential for 512 s."""
    clock = Clock()
    pool = pool_of(*ABC, clock=clock)
    for _ in range(10):
        pool.report("a", "m", RATE_LIMIT)
    assert pool.resting_seconds("a", "m") == 1.0


def test_a_success_ends_the_rest_of_the_whole_credential() -> None:
    """A credential that works again is used again."""
    pool = pool_of(*ABC)
    pool.report("a", "m", verdict(PermissionDenied("x"), Blame.CREDENTIAL))
    pool.report("a", "other", None)
    assert pool.resting_seconds("a", "m") == 0.0


def test_cooling_can_be_switched_off() -> None:
    """By policy for all, or for one credential."""
    everywhere = pool_of(*ABC, policy=CooldownPolicy(enabled=False))
    one = pool_of(credential("a", disable_cooling=True))
    for pool in (everywhere, one):
        pool.report("a", "m", RATE_LIMIT)
        assert pool.resting_seconds("a", "m") == 0.0


def test_a_transient_error_rests_as_long_as_the_operator_says() -> None:
    """transient-error-cooldown-seconds applies to failures of Google's."""
    pool = pool_of(*ABC, policy=CooldownPolicy(transient_seconds=10.0))
    pool.report("a", "m", verdict(Unavailable("x"), Blame.UPSTREAM))
    assert pool.resting_seconds("a", "m") == 10.0


def test_a_pinned_credential_that_is_gone_is_named() -> None:
    """No other credential is put in its place."""
    pool = pool_of(*ABC)
    assert pool.get("b").id == "b"
    assert [one.id for one in pool.credentials] == ["a", "b", "c"]
    with pytest.raises(Unavailable, match="gemini-gone") as caught:
        pool.get("gemini-gone")
    assert (caught.value.code, caught.value.should_retry) == ("credential_gone", False)


def test_a_report_about_an_unknown_credential_is_harmless() -> None:
    """A call may outlive a configuration."""
    pool = pool_of(*ABC)
    pool.report("gone", "m", RATE_LIMIT)
    assert pool.resting_seconds("gone", "m") == 0.0


def test_a_preferred_credential_goes_first_and_takes_nobodys_turn() -> None:
    """It beats priority, unless it rests, was tried or is no candidate."""
    pool = pool_of(credential("a", priority=9), credential("b", priority=9), credential("c"))
    assert [pool.pick(list("abc"), "m", preferred="c").id for _ in range(2)] == ["c", "c"]
    assert picks(pool, "abc", 1) == "a"
    assert pool.pick(list("abc"), "m", tried={"c"}, preferred="c").id == "b"
    assert pool.pick(list("ab"), "m", preferred="c").id == "a"
    pool.report("c", "m", RATE_LIMIT)
    assert pool.pick(list("abc"), "m", preferred="c").id == "b"


def test_rests_are_told_until_they_end() -> None:
    """By credential and model, with an empty model for all of them; what is over is left out."""
    clock = Clock()
    pool = pool_of(*ABC, clock=clock)
    pool.report("a", "m", verdict(RateLimited("slow"), Blame.CREDENTIAL_MODEL, retry_after=10.0))
    pool.report("b", "m", verdict(RateLimited("slow"), Blame.CREDENTIAL, retry_after=20.0))
    began = clock.now
    assert pool.rests() == {("a", "m"): began + 10.0, ("b", ""): began + 20.0}
    clock.now += 10.0
    assert pool.rests() == {("b", ""): began + 20.0}
