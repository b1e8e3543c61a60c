"""`workers: 2` beside `workers: 1`: what a second core adds."""

from benchmarks.rig import chat, google
from benchmarks.rig.compared import compared
from benchmarks.rig.measure import Contender, Sample, alternated
from benchmarks.rig.pinning import usable_cores
from benchmarks.rig.processes import DidNotStart
from benchmarks.rig.rig import Options, Rig, base_of, opened
from benchmarks.rig.tables import Column, Table

CALLERS = 64
TITLE = f"Workers: short text chats, {CALLERS} callers"


def measure(rig: Rig) -> list[Table]:
    """Each number of workers with as many cores; callers and upstream have what is left, or share."""
    found: dict[str, list[Sample]] = {}
    for workers in (1, 2):
        try:
            found[f"workers: {workers}"] = _under(rig.options, workers)
        except DidNotStart as refusal:
            return [_refused(workers, str(refusal))]
    shared = len(usable_cores()) < 4
    note = "Rates with as many cores as workers, beside one worker on one core. " + (
        "This machine has too few cores: callers and upstream share them, so the ratio of the rates is a lower bound; "
        "the processor time says what a request costs."
        if shared
        else "Callers and upstream have cores of their own."
    )
    return [compared(TITLE, note, found)]


def _under(options: Options, workers: int) -> list[Sample]:
    with opened(options, workers=workers) as rig:
        folder = rig.new_folder()
        upstream = rig.upstream(google.text_rules(folder), folder)
        # One worker is the default: it is not spelled out, so that versions without the setting are measured too.
        process = rig.product(base_of(upstream), more={"workers": workers} if workers > 1 else None)
        one = Contender(
            name="product", process=process, sent=rig.written(chat.posted(chat.text())), options={"least": 500}
        )
        return alternated([one], lambda one: rig.run(one, callers=CALLERS), options.rounds)["product"]


def _refused(workers: int, why: str) -> Table:
    return Table(
        title=TITLE,
        note="This version does not take the setting.",
        columns={"server": Column(title="server"), "why": Column(title="what it said")},
        rows=[{"server": f"workers: {workers}", "why": why.strip().splitlines()[-1][:200]}],
    )
