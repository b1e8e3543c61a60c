"""Streams: chunks a second as fast as they come, and how late the first content of a slow stream is."""

from benchmarks.rig import chat, google
from benchmarks.rig.compared import compared
from benchmarks.rig.measure import Sample, alternated, middle, spread
from benchmarks.rig.rig import Rig
from benchmarks.rig.tables import Column, Row, Table

CALLERS = 16
PACE_US = 20_000


def measure(rig: Rig) -> list[Table]:
    """Flat out, then paced."""
    folder = rig.new_folder()
    pace = 1000 if rig.options.quick else PACE_US
    upstream = rig.upstream(google.text_rules(folder, pace_us=pace), folder)
    flat = chat.contenders(rig, upstream, chat.text(stream=True), count=google.TOKEN, first=google.TOKEN)
    fast = alternated(flat, lambda one: rig.run(one, callers=CALLERS), rig.options.rounds)
    paced = chat.again(rig, flat, upstream, chat.text("paced: " + chat.PROMPT, stream=True))
    seconds = max(rig.options.seconds, 2.5 * google.EVENTS * pace / 1e6)
    rounds = min(rig.options.rounds, 3)
    apart = int(google.EVENTS * pace / CALLERS)
    slow = alternated(paced, lambda one: rig.run(one, callers=CALLERS, seconds=seconds, ramp=apart), rounds)
    burst = alternated(paced, lambda one: rig.run(one, callers=CALLERS, seconds=seconds), rounds)
    floor, floor_at_once = (middle(next(iter(runs.values())), _first_ms) for runs in (slow, burst))
    rows: list[Row] = [
        {
            "server": name,
            "first_ms": middle(samples, _first_ms),
            "over_ms": middle(samples, _first_ms) - floor,
            "first_p99_ms": middle(samples, lambda sample: sample.seen.first.p99),
            "noise": spread(samples, _first_ms),
            "cpu_ms": middle(samples, _ms_per_chunk),
            "at_once_ms": middle(burst[name], _first_ms),
            "at_once_over_ms": middle(burst[name], _first_ms) - floor_at_once,
        }
        for name, samples in slow.items()
    ]
    return [
        compared(
            f"SSE flat out, {CALLERS} callers",
            f"Answers of {google.EVENTS} chunks, which the upstream sends as fast as they are read.",
            fast,
            rate=lambda sample: sample.seen.counted / sample.seen.seconds,
            cost=_ms_per_chunk,
            rate_title="chunks/s",
            cost_title="CPU ms a chunk",
        ),
        Table(
            title=f"SSE paced, {CALLERS} callers",
            note=(
                f"One chunk every {pace / 1000:g} ms. First content: from the request to the first text. The callers "
                "are spread evenly over a stream's time; at once, each waits for the others as well, again and again."
            ),
            columns={
                "server": Column(title="server"),
                "first_ms": Column(title="first content p50, ms", format="ms"),
                "over_ms": Column(title="over the floor's, ms", format="ms"),
                "first_p99_ms": Column(title="p99, ms", format="ms"),
                "noise": Column(title="noise ±", format="share"),
                "cpu_ms": Column(title="CPU ms a chunk", format="ms"),
                "at_once_ms": Column(title="all at once: p50, ms", format="ms"),
                "at_once_over_ms": Column(title="over the floor's, ms", format="ms"),
            },
            rows=rows,
        ),
    ]


def _ms_per_chunk(sample: Sample) -> float:
    return sample.cpu_ms / google.EVENTS


def _first_ms(sample: Sample) -> float:
    return sample.seen.first.p50
