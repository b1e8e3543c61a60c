"""The one paid POST: what each answer means, and that nothing is ever sent after Google may have accepted."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import orjson
import pytest

from proxy.jobs.errors import raised
from proxy.jobs.job import Accepted, Ended, JobState, Refused, Unknown
from proxy.jobs.submit import NOT_SENT_DELAYS, Judged, another_try, judge_not_sent, judge_reply
from proxy.simulator import Drop, Fault, Hang, Status
from proxy.upstream_failures import NotSent
from tests.jobs import NOW, a_claim, a_job
from tests.proxy.jobs.bench import VEO, a_bench, google_key, nowhere, relay, two_accounts, vertex
from translators.errors import RateLimited, Unavailable
from translators.google_errors import Blame, ErrorContext, Verdict

ABOUT = ErrorContext(credential="key-1", model=VEO, paid_submit=True)
CLAIMED = a_job(pinned=a_claim().target, submitted_at=NOW, state=JobState.SUBMITTING)
NAME = "models/veo/operations/1"
CERTAIN = [*range(400, 408), *range(409, 430), 451]
"""Statuses of a server that has certainly started nothing."""
AMBIGUOUS = [301, 302, 307, 308, 408, 499, *range(500, 512), 520, 522, 524, 599]


def google_error(status: int, rpc: str = "UNAVAILABLE", **details: object) -> bytes:
    body = {"code": status, "message": "no", "status": rpc, **details}
    return orjson.dumps({"error": body})


BODIES = {
    "google": lambda status: google_error(status),
    "list": lambda status: orjson.dumps([{"error": {"code": status, "message": "no"}}]),
    "interactions": lambda status: orjson.dumps({"error": {"code": "internal", "message": "no"}}),
    "html": lambda status: b"<html>bad gateway</html>",
    "empty": lambda status: b"",
    "a name that must not count": lambda status: orjson.dumps({"name": NAME}),
    "not utf-8": lambda status: b"\xff\xfe",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", AMBIGUOUS)
def test_what_may_have_been_accepted_is_unknown(status, body) -> None:
    """Google answers 503 to jobs that it then runs and bills: whatever the body says, nobody can know."""
    judged = judge_reply(CLAIMED, status, BODIES[body](status), ABOUT)

    assert isinstance(judged.event, Unknown)
    assert judged.event.error.code == "submission_uncertain"
    for others_left in (True, False):
        assert another_try(CLAIMED, judged, others_left=others_left, now=NOW) is judged.event


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", CERTAIN)
def test_a_4xx_started_nothing(status, body) -> None:
    """The job ends with the error, unless another credential or a pause may help."""
    judged = judge_reply(CLAIMED, status, BODIES[body](status), ABOUT)

    assert isinstance(judged.event, Ended)
    assert judged.event.state is JobState.FAILED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"<html>",
        b"\xff",
        b'{"name": ""}',
        b'{"name": 7}',
        b'{"name": null}',
        b'{"id": "x"}',
    ],
)
@pytest.mark.parametrize("status", [200, 202, 204, 206])
def test_a_success_without_a_name_is_unknown(status, body) -> None:
    """Google says yes and no name can be read: it is running somewhere, and is not sent again."""
    judged = judge_reply(CLAIMED, status, body, ABOUT)

    assert isinstance(judged.event, Unknown)
    assert another_try(CLAIMED, judged, others_left=True, now=NOW) is judged.event


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_name_is_an_acceptance(status) -> None:
    """Whatever else stands beside it."""
    body = orjson.dumps({"name": NAME, "done": False, "new": {"member": 1}})
    assert judge_reply(CLAIMED, status, body, ABOUT) == Judged(Accepted(NAME))


def limited(retry_after: float | None = None, blame: Blame = Blame.CREDENTIAL_MODEL) -> Judged:
    error = RateLimited("slowly", retry_after=retry_after)
    verdict = Verdict(error=error, blame=blame, retry_after=retry_after, accepted="no")
    return Judged(Ended(JobState.FAILED, None), verdict)


@pytest.mark.parametrize(
    ("retry_after", "delay"), [(34.4, 34.4), (None, 1.0), (0.0, 0.0), (900.0, 900.0), (900.1, None), (86_400.0, None)]
)
def test_the_same_credential_waits_as_long_as_google_asks(retry_after, delay) -> None:
    """Back to the queue with Google's delay, if the job can wait so long (15 minutes); else the job fails."""
    event = another_try(CLAIMED, limited(retry_after), others_left=False, now=NOW)

    assert event == (Refused(NOW + timedelta(seconds=delay)) if delay is not None else Ended(JobState.FAILED, None))


def test_another_credential_is_tried_at_once() -> None:
    """And the one that refused is passed over."""
    assert another_try(CLAIMED, limited(34.4), others_left=True, now=NOW) == Refused(NOW, by="key-1")


def test_a_wrong_request_is_wrong_with_every_credential() -> None:
    """It ends the job at once."""
    judged = limited(blame=Blame.REQUEST)
    assert another_try(CLAIMED, judged, others_left=True, now=NOW) is judged.event


NOT_SENT = NotSent("example.invalid", "no connection").verdict()


@pytest.mark.parametrize("attempt", range(1, 8))
def test_what_was_not_sent_is_tried_again_five_times(attempt) -> None:
    """After 1, 2, 4, 8 and 16 seconds; then the job fails and says that nothing was started."""
    event = judge_not_sent(CLAIMED, NOT_SENT, attempt=attempt, others_left=False, now=NOW)

    if attempt <= len(NOT_SENT_DELAYS):
        assert event == Refused(NOW + timedelta(seconds=2 ** (attempt - 1)))
    else:
        assert isinstance(event, Ended)
        assert "Nothing was started" in event.error.message


def test_a_credential_that_is_out_of_order_is_not_waited_for() -> None:
    """No token today, none in a second."""
    verdict = Verdict(error=Unavailable("gone"), blame=Blame.CREDENTIAL, accepted="no")
    assert isinstance(judge_not_sent(CLAIMED, verdict, attempt=1, others_left=False, now=NOW), Ended)


# -- sending -----------------------------------------------------------------------------------------------------------


async def test_a_429_goes_back_to_the_queue_with_googles_delay(tmp_path) -> None:
    """It counts as no attempt; the second submit is the only accepted one."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", times=1, action=Status(status=429)))
        await bench.job()
        claimed = await bench.claim()
        began = bench.clock.now()
        await bench.runner.run(claimed)
        waiting = await bench.row()
        job = await bench.carry()

    assert (waiting.state, waiting.submitted_at, waiting.pinned) == (JobState.QUEUED, None, None)
    assert (waiting.not_before - began).total_seconds() > 1
    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 429])
async def test_another_credential_takes_over(tmp_path, status) -> None:
    """What one credential is refused, the next is asked for, at once: one accepted submit."""
    async with a_bench(tmp_path, two_accounts) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", times=1, action=Status(status=status)))
        waiting = await bench.job()
        job = await bench.carry()

    assert job.state is JobState.COMPLETED
    assert job.created_at == waiting.created_at
    assert len(bench.simulator.submits) == 1
    assert len(bench.simulator.requests_for("predictLongRunning")) == 2


@pytest.mark.parametrize("strategy", ["fill-first", "round-robin"])
async def test_credentials_that_all_refuse_end_the_job(tmp_path, strategy) -> None:
    """Each is asked once, whatever the order; even where refused credentials take no rest."""
    async with a_bench(tmp_path, partial(two_accounts, disable_cooling=True)) as bench:
        bench.strategy = type(bench.strategy)(strategy)
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Status(status=403)))
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.FAILED
    assert raised(job).status == 403
    assert len(bench.simulator.requests_for("predictLongRunning")) == 2
    assert not bench.simulator.submits


async def test_a_daily_quota_is_the_end(tmp_path) -> None:
    """insufficient_quota: nothing to wait for."""
    per_day = {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel", "quotaValue": "10"}],
    }
    body = json.loads(google_error(429, "RESOURCE_EXHAUSTED", details=[per_day]))
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Status(status=429, body=body)))
        await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code, raised(job).type) == (
        JobState.FAILED,
        "insufficient_quota",
        "insufficient_quota",
    )
    assert raised(job).should_retry is False
    assert not bench.simulator.submits


async def test_a_bad_request_is_asked_once(tmp_path) -> None:
    """The next credential would say the same."""
    async with a_bench(tmp_path, two_accounts) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Status(status=400)))
        await bench.job()
        job = await bench.carry()

    assert (job.state, raised(job).status) == (JobState.FAILED, 400)
    assert len(bench.simulator.requests_for("predictLongRunning")) == 1


@pytest.mark.parametrize("accepting", [True, False])
@pytest.mark.parametrize("action", [Drop, lambda **more: Status(status=503, **more)], ids=["drop", "503"])
async def test_a_lost_answer_is_never_sent_again(tmp_path, action, accepting) -> None:
    """Whether Google took it cannot be seen from here: uncertain for good, one POST, no second credential."""
    async with a_bench(tmp_path, two_accounts) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=action(after_accepting=accepting)))
        await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code, job.accepted) == (JobState.UNCERTAIN, "submission_uncertain", None)
    assert raised(job).should_retry is False
    assert "will not be sent again" in job.error.message
    assert len(bench.simulator.requests_for("predictLongRunning")) == 1
    assert len(bench.simulator.submits) == int(accepting)


async def test_an_address_where_nobody_listens(tmp_path) -> None:
    """Six rounds, each a little later, and then an error that says nothing was started."""
    async with a_bench(tmp_path, lambda google: [nowhere(google)]) as bench:
        waiting = await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code, job.accepted) == (JobState.FAILED, "upstream_unreachable", False)
    assert (job.finished_at - waiting.created_at).total_seconds() >= sum(NOT_SENT_DELAYS)
    assert raised(job).should_retry is None
    assert not bench.simulator.requests


async def test_a_dead_relay_does_not_keep_a_job_from_the_living(tmp_path) -> None:
    """Nothing reached the one, so the other may be asked at once."""
    async with a_bench(tmp_path, lambda google: [nowhere(google), relay(google)]) as bench:
        bench.strategy = type(bench.strategy)("fill-first")
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_an_account_without_a_token_has_sent_nothing(tmp_path) -> None:
    """Its sign-in is refused: the job fails at once with the reason, and is not taken for uncertain."""
    async with a_bench(tmp_path, lambda google: [vertex(google)]) as bench:
        bench.simulator.faults.add(Fault(verb="token", action=Status(status=400, body={"error": "invalid_grant"})))
        await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code, job.accepted) == (JobState.FAILED, "upstream_login_expired", False)
    assert not bench.simulator.requests_for("predictLongRunning")


async def test_a_job_waits_for_a_sign_in_by_another_account(tmp_path) -> None:
    """The first account gets no token; the second carries the job."""
    async with a_bench(tmp_path, two_accounts) as bench:
        refusal = Status(status=400, body={"error": "invalid_grant"})
        bench.simulator.faults.add(Fault(verb="token", times=1, action=refusal))
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_a_model_that_left_the_catalogue_is_not_paid_for(tmp_path) -> None:
    """The job fails before anything is sent."""
    async with a_bench(tmp_path) as bench:
        await bench.job()
        object.__setattr__(bench.google, "catalog", replace(bench.google.catalog, models={}, patterns=()))
        job = await bench.carry()

    assert (job.state, job.error.code) == (JobState.FAILED, "model_not_found")
    assert not bench.simulator.requests_for("predictLongRunning")


async def test_omni_is_submitted_once_as_well(tmp_path) -> None:
    """A drop of `interactions` is as uncertain as any."""
    async with a_bench(tmp_path, lambda google: [google_key(google)]) as bench:
        bench.simulator.faults.add(Fault(verb="createInteraction", action=Drop(after_accepting=True)))
        await bench.job("gemini-omni-1.2-flash")
        job = await bench.carry()

    assert job.state is JobState.UNCERTAIN
    assert len(bench.simulator.submits) == 1


async def test_a_submit_that_hangs_is_uncertain(tmp_path) -> None:
    """The time limit of the POST ends it, not the job's knowledge."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Hang(after_accepting=True)))
        bench.runner._submitter._timeout = 0.2
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.UNCERTAIN
    assert len(bench.simulator.submits) == 1
