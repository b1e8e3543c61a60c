"""What finished jobs teach: when to ask next, within one budget for each credential."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from proxy.jobs.history import BURST, History
from proxy.jobs.schedule import learn
from tests.jobs import NOW, TARGET, a_job_at

RUNNING = a_job_at("running")
BUCKET = RUNNING.bucket


def later(seconds: float):
    return RUNNING.submitted_at + timedelta(seconds=seconds)


@pytest.mark.parametrize("elapsed", [0, 5, 30, 60, 300, 3000])
def test_a_delay_lies_within_its_limits(elapsed) -> None:
    """Whatever is learned, the operator's own limits rule."""
    history = History([(BUCKET, 60.0)] * 50, poll_min=2.0, poll_max=6.0, jitter=random.Random(1))
    assert 2.0 <= history.next_delay(RUNNING, later(elapsed)) <= 6.0


def test_experience_moves_the_polls() -> None:
    """Jobs that take a minute are asked about rarely at first and often around the minute."""
    history = History([(BUCKET, 60.0)] * 60, poll_min=0.5, poll_max=60.0, jitter=random.Random(1))
    assert history.next_delay(RUNNING, later(20)) > 2 * history.next_delay(RUNNING, later(59))


def test_a_finished_job_is_learned_from_at_once() -> None:
    """Progress is an estimate of its own bucket alone, and never 100."""
    history = History()
    before = history.progress(RUNNING, later(30))
    for _ in range(50):
        history.note(RUNNING, later(20))

    assert history.progress(RUNNING, later(30)) > before
    assert history.progress(RUNNING, later(9000)) == 99
    other = replace(RUNNING, parameters={"duration": 4})
    assert history.progress(other, later(30)) == before


def test_a_job_that_waits_has_no_progress() -> None:
    """Nothing runs yet."""
    assert History().progress(a_job_at("queued"), NOW) == 0


def test_polls_of_one_credential_share_a_budget() -> None:
    """A burst at once, then one after the other; another credential has its own."""
    history = History(polls_per_minute=60)
    waits = [history.reserve(RUNNING, NOW) for _ in range(BURST + 2)]
    other = replace(RUNNING, pinned=replace(TARGET, credential_id="key-2"))

    assert waits[:BURST] == pytest.approx([0.0] * BURST, abs=1e-3)
    assert 0 < waits[BURST] < waits[BURST + 1]
    assert history.reserve(other, NOW) == 0.0


def test_processes_share_the_polls_of_a_credential() -> None:
    """Evenly at first; by what each has in hand once that is told."""
    alone, one_of_four = History(polls_per_minute=60), History(polls_per_minute=60, processes=4)
    usual = [[history.reserve(RUNNING, NOW) for _ in range(60)][-1] for history in (alone, one_of_four)]
    one_of_four.share({TARGET.credential_id: 1.0})
    later = [history.reserve(RUNNING, NOW + timedelta(hours=1)) for history in (alone, one_of_four)]

    assert usual[1] > 3.5 * usual[0]
    assert later == [0.0, 0.0]


def test_what_is_well_known_is_not_learned_anew_each_time(monkeypatch) -> None:
    """The first jobs of a kind each count at once; later ones in small batches."""
    learned = []
    monkeypatch.setattr(
        "proxy.jobs.history.learn", lambda durations: learned.append(len(durations)) or learn(durations)
    )
    history = History()
    for _ in range(64 + 32):
        history.note(RUNNING, later(20))
        history.progress(RUNNING, later(30))

    assert learned[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [after - before for before, after in pairwise(learned[-4:])] == [8, 8, 8]
