"""Twice the size, twice the cost: callers, bodies, videos and waiting jobs, each doubled again and again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from benchmarks.rig import chat, crowd, google, peers, videos
from benchmarks.rig.callers import request
from benchmarks.rig.growth import doubled, exponent, marginal
from benchmarks.rig.measure import Contender, Sample, alternated, middle
from benchmarks.rig.rig import Options, Rig, base_of, opened
from benchmarks.rig.tables import Column, Curve, Row, Table
from benchmarks.rig.workloads.video import delivering

Found = Mapping[int, Mapping[str, Sequence[Sample]]]
"""By size, by server."""


def measure(rig: Rig) -> list[Table]:
    """Four curves, each with servers of its own; other people's gateways are left out, which would take hours."""
    own = tuple(name for name in rig.options.contenders if name not in peers.NAMES)
    options = replace(rig.options, contenders=own)
    return [curve(options) for curve in (_callers, _bodies, _videos, _jobs)]


def _callers(options: Options) -> Table:
    counts = doubled(1, 4 if options.quick else 256)
    found: dict[int, Mapping[str, Sequence[Sample]]] = {}
    with opened(options) as rig:
        folder = rig.new_folder()
        servers = chat.contenders(rig, rig.upstream(google.text_rules(folder), folder), chat.text(), least=400)
        for count in counts:
            found[count] = alternated(servers, _with(rig, count), _rounds(options))
    return _table(
        "Callers",
        "Short text chats. A cost that does not grow has the exponent 0.",
        found,
        size_title="callers",
        figures={
            "requests/s": lambda sample, _: sample.seen.rate,
            "CPU ms each": lambda sample, _: sample.cpu_ms,
        },
        fit=exponent,
        fit_title="exponent",
    )


def _bodies(options: Options) -> Table:
    sizes = doubled(1_000, 16_000 if options.quick else 4_096_000, 4)
    found: dict[int, Mapping[str, Sequence[Sample]]] = {}
    with opened(options) as rig:
        folder = rig.new_folder()
        upstream = rig.upstream(google.sized_text_rules(folder, sizes), folder)
        servers = chat.contenders(rig, upstream, chat.text())
        for size in sizes:
            prompt = (f"size-{size}. " + google.SENTENCE * (size // len(google.SENTENCE) + 1))[:size]
            sized = chat.again(rig, servers, upstream, chat.text(prompt))
            found[size] = alternated(sized, _with(rig, 4, least=size), _rounds(options))
    return _table(
        "Bodies",
        "A prompt of so many bytes, answered with as many; 4 callers. The exponent is of what each costs above the "
        "smallest.",
        found,
        size_title="bytes each way",
        figures={"CPU ms each": lambda sample, _: sample.cpu_ms, "peak MB": lambda sample, _: sample.peak_mb},
        fit=marginal,
        fit_title="exponent above the smallest",
    )


def _videos(options: Options) -> Table:
    sizes = doubled(1_000_000, 4_000_000 if options.quick else 256_000_000, 4)
    found: dict[int, Mapping[str, Sequence[Sample]]] = {}
    for size in sizes:
        with opened(options) as rig:
            upstream, clip = videos.veo(rig, clip_bytes=size, latency_ms=10)
            floor = Contender(
                name="floor",
                process=rig.floor(base_of(upstream), file=clip),
                sent=rig.written(request("POST", "/data-uri", body=b"{}")),
                options={"least": size * 4 // 3},
            )
            found[size] = alternated([floor, delivering(rig, upstream, size)], _with(rig, 1), _rounds(options))
    return _table(
        "Videos",
        "A finished video of so many bytes as a data URI; one caller. MB (10^6) are of MP4.",
        found,
        size_title="bytes of MP4",
        figures={
            "MB/s": lambda sample, size: size / 1e3 / sample.seen.whole.mean,
            "CPU ms each": lambda sample, _: sample.cpu_ms,
            "peak MB": lambda sample, _: sample.peak_mb,
        },
        fit=marginal,
        fit_title="exponent of CPU above the smallest",
        fitted="CPU ms each",
    )


def _jobs(options: Options) -> Table:
    counts = doubled(20, 40) if options.quick else doubled(1250, 10_000)
    figures = []
    for count in counts:
        with opened(options) as rig:
            figures.append(crowd.waiting(rig, crowd.STREAMED, count, delays=False))
    all_kb = [one.kb_each * one.jobs for one in figures]
    arrival = [one.arrival_cpu_ms for one in figures]
    rows: list[Row] = [
        {
            "size": f"{one.jobs:,}",
            "kb": one.kb_each,
            "mb": one.kb_each * one.jobs / 1000,
            "arrival": one.arrival_cpu_ms,
            "idle": 100 * one.idle,
        }
        for one in figures
    ]
    rows.append({"size": "exponent", "mb": exponent(counts, all_kb), "arrival": exponent(counts, arrival)})
    return Table(
        title="Waiting jobs",
        note="Streamed chats whose videos are at Google. Exponents: memory of all together, processor time of one.",
        columns={
            "size": Column(title="jobs"),
            "kb": Column(title="memory each, kB", format="figures"),
            "mb": Column(title="together, MB", format="figures"),
            "arrival": Column(title="CPU ms each until at Google", format="figures"),
            "idle": Column(title="CPU of a core meanwhile, %", format="figures"),
        },
        rows=rows,
        curves=[
            Curve(
                title="Memory of waiting jobs",
                x_title="jobs",
                y_title="kB each",
                x=counts,
                lines={"product": [max(one.kb_each, 0.1) for one in figures]},
            )
        ],
    )


def _with(rig: Rig, callers: int, **options: float) -> Callable[[Contender], Sample]:
    return lambda one: rig.run(one, callers=callers, **options)


def _rounds(options: Options) -> int:
    return min(options.rounds, 3)


def _table(
    title: str,
    note: str,
    found: Found,
    *,
    size_title: str,
    figures: Mapping[str, Callable[[Sample, int], float]],
    fit: Callable[[Sequence[float], Sequence[float]], float | None],
    fit_title: str,
    fitted: str = "CPU ms each",
) -> Table:
    sizes, servers = list(found), list(next(iter(found.values())))
    columns = {"size": Column(title=size_title)}
    rows: list[dict[str, float | str | None]] = [{"size": f"{size:,}"} for size in sizes]
    last: dict[str, float | str | None] = {"size": fit_title}
    curves = []
    for what, figure in figures.items():
        lines = {}
        for server in servers:
            key = f"{server}, {what}"
            values = [_middle(found[size][server], figure, size) for size in sizes]
            lines[server] = values
            columns[key] = Column(title=key, format="figures")
            for row, value in zip(rows, values, strict=True):
                row[key] = value
            if what == fitted:
                last[key] = fit(sizes, values)
        curves.append(Curve(title=title, x_title=size_title, y_title=what, x=sizes, lines=lines))
    return Table(title=title, note=note, columns=columns, rows=[*rows, last], curves=curves)


def _middle(samples: Sequence[Sample], figure: Callable[[Sample, int], float], size: int) -> float:
    return middle(samples, lambda sample: figure(sample, size))
