"""A conversation's credential is remembered, for a while."""

from proxy.credentials.affinity import SessionAffinity


def test_a_binding_lasts_from_the_last_success_and_is_for_one_model() -> None:
    """Each success starts the time again; another model is another matter."""
    now = [0.0]
    affinity = SessionAffinity(seconds=10, clock=lambda: now[0])
    affinity.bind("talk", "m", "a")
    now[0] = 9
    affinity.bind("talk", "m", "a")
    now[0] = 18
    assert affinity.credential_of("talk", "m") == "a"
    assert affinity.credential_of("talk", "n") is None
    now[0] = 20
    assert affinity.credential_of("talk", "m") is None


def test_only_the_one_that_failed_is_dropped() -> None:
    """A late failure of an earlier credential does not undo the newer binding."""
    affinity = SessionAffinity(seconds=10, clock=lambda: 0.0)
    affinity.bind("talk", "m", "b")
    affinity.drop("talk", "m", "a")
    assert affinity.credential_of("talk", "m") == "b"
    affinity.drop("talk", "m", "b")
    assert affinity.credential_of("talk", "m") is None
