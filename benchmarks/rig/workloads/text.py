"""A short text chat: how many a second on one core, and how much later one caller hears."""

from benchmarks.rig import chat, google
from benchmarks.rig.compared import compared
from benchmarks.rig.measure import Contender, alternated, middle, spread
from benchmarks.rig.rig import Rig
from benchmarks.rig.tables import Column, Row, Table

CALLERS = 16
LEAST = 400
"""Bytes that any answer has, so that an empty one would be noticed."""


def measure(rig: Rig) -> list[Table]:
    """16 callers, then one."""
    folder = rig.new_folder()
    upstream = rig.upstream(google.text_rules(folder), folder)
    servers = chat.contenders(rig, upstream, chat.text(), least=LEAST)
    direct = Contender(
        name="direct",
        process=upstream,
        sent=rig.written(chat.to_upstream(f"{google.TEXT_MODEL}:generateContent")),
        options={"least": 200},
    )
    crowd = alternated(servers, lambda one: rig.run(one, callers=CALLERS), rig.options.rounds)
    alone = alternated([direct, *servers], lambda one: rig.run(one, callers=1), rig.options.rounds)
    bare = middle(alone["direct"], lambda sample: sample.seen.whole.p50)
    rows: list[Row] = [
        {
            "server": name,
            "added_ms": middle(samples, lambda sample: sample.seen.whole.p50) - bare,
            "added_p99_ms": middle(samples, lambda sample: sample.seen.whole.p99) - bare,
            "cpu_ms": middle(samples, lambda sample: sample.cpu_ms),
            "noise": spread(samples, lambda sample: sample.seen.whole.p50),
        }
        for name, samples in alone.items()
        if name != "direct"
    ]
    return [
        compared(
            f"Text chat, {CALLERS} callers",
            "A chat completion of 300 bytes, answered with 400 bytes of text. Ratios are to the first row.",
            crowd,
        ),
        Table(
            title="Text chat, one caller",
            note=f"Added: the answer's time less that of the upstream called directly (p50 {bare:.3f} ms).",
            columns={
                "server": Column(title="server"),
                "added_ms": Column(title="added p50, ms", format="ms"),
                "added_p99_ms": Column(title="added p99, ms", format="ms"),
                "cpu_ms": Column(title="CPU ms each", format="ms"),
                "noise": Column(title="noise ±", format="share"),
            },
            rows=rows,
        ),
    ]
