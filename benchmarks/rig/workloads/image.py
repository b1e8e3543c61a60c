"""A picture in a chat's answer: how many a second, what it needs of memory, and how long it keeps others waiting."""

from benchmarks.rig import callers, chat, google
from benchmarks.rig.compared import compared
from benchmarks.rig.measure import Contender, Sample, alternated, middle, spread
from benchmarks.rig.rig import Rig
from benchmarks.rig.tables import Column, Row, Table

CALLERS = 8
LEAST = 400
"""Bytes of a short text's answer, at least."""
PROBE_US = 5_000
"""How often the caller with a short text asks meanwhile."""


def measure(rig: Rig) -> list[Table]:
    """8 callers with pictures; then again with one caller of text beside them."""
    folder = rig.new_folder()
    size = 60_000 if rig.options.quick else 1_500_000
    rules = [*google.image_rules(folder, base64_bytes=size), *google.text_rules(folder)]
    upstream = rig.upstream(rules, folder)
    servers = chat.contenders(rig, upstream, chat.image(), least=int(size * 0.95))
    found = alternated(servers, lambda one: rig.run(one, callers=CALLERS), rig.options.rounds)
    probes = {one.name: one for one in chat.again(rig, servers, upstream, chat.text())}

    def beside(one: Contender) -> Sample:
        """The run of a text caller while one caller asks for pictures: what holds the loop holds its answers."""
        pictures = rig.start_callers(one, callers=1, seconds=rig.options.seconds + 0.4)
        try:
            return rig.run(probes[one.name], callers=1, every=PROBE_US, least=LEAST)
        finally:
            callers.seen(pictures)

    held = alternated(servers, beside, rig.options.rounds)
    rows: list[Row] = [
        {
            "server": name,
            "p50": middle(samples, lambda sample: sample.seen.whole.p50),
            "p99": middle(samples, lambda sample: sample.seen.whole.p99),
            "max": middle(samples, lambda sample: sample.seen.whole.max),
            "noise": spread(samples, lambda sample: sample.seen.whole.p99),
        }
        for name, samples in held.items()
    ]
    return [
        compared(
            f"Image chat, {CALLERS} callers",
            f"A chat completion with a PNG of {size / 1e6:g} MB of base64 in it. "
            "Peak: resident memory of the whole process, the most in any of the run's answers.",
            found,
        ),
        Table(
            title="A text beside an image",
            note="One caller asks for pictures without a pause; another asks for a short text every "
            f"{PROBE_US // 1000} ms and sees how long the event loop is held.",
            columns={
                "server": Column(title="server"),
                "p50": Column(title="text p50, ms", format="ms"),
                "p99": Column(title="p99, ms", format="ms"),
                "max": Column(title="longest, ms", format="ms"),
                "noise": Column(title="noise ±", format="share"),
            },
            rows=rows,
        ),
    ]
