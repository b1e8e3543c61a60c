"""A finished video as a data URI: megabytes a second on one core, memory, and how soon it begins to arrive."""

from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from statistics import median

from benchmarks.rig import google, once, videos
from benchmarks.rig.awaited import awaited
from benchmarks.rig.callers import request
from benchmarks.rig.compared import compared
from benchmarks.rig.limits import limits
from benchmarks.rig.measure import Contender, Sample, alternated
from benchmarks.rig.processes import Process
from benchmarks.rig.rig import Rig, base_of
from benchmarks.rig.tables import Column, Row, Table

CROWD = 8
"""How many take a whole video at the same time."""


def measure(rig: Rig) -> list[Table]:
    """Delivery of a warm file beside the floor; memory of many at once; first byte; inline videos of Vertex AI."""
    size = 2_000_000 if rig.options.quick else 100_000_000
    with_file, clip = videos.veo(rig, clip_bytes=size, latency_ms=10)
    floor = Contender(
        name="floor",
        process=rig.floor(base_of(with_file), file=clip),
        sent=rig.written(request("POST", "/data-uri", body=b"{}")),
        options={"least": size * 4 // 3},
    )
    product = delivering(rig, with_file, size)
    return [
        *_delivery(rig, [floor, product], size),
        limits(rig.cores.product, rig.cores.callers, megabytes=2 if rig.options.quick else 500),
        _first_byte(rig),
        _inline(rig),
    ]


def delivering(rig: Rig, upstream: Process, size: int) -> Contender:
    """The product with a job that is done; the same order again, under the same key, gets its video."""
    process = rig.product(base_of(upstream))
    sent = rig.written(videos.chat_order("a wave", headers={"idempotency-key": "bench"}))
    found = Contender(name="product", process=process, sent=sent, options={"least": size * 4 // 3})
    rig.run(found, callers=1, most=1, seconds=once.PATIENCE)
    return found


def _delivery(rig: Rig, servers: list[Contender], size: int) -> list[Table]:
    def rate(sample: Sample) -> float:
        return sample.seen.bytes * 0.75 / sample.seen.seconds / 1e6

    def cost(sample: Sample) -> float:
        return sample.cpu_ms / (size / 1e6)

    alone = alternated(servers, lambda one: rig.run(one, callers=1), rig.options.rounds)
    crowd = alternated(servers, lambda one: rig.run(one, callers=CROWD), rig.options.rounds)
    note = (
        f"A video of {size / 1e6:g} MB in a chat completion: the repeat of a job that is done, read from its file. "
        "MB (10^6) are of MP4; four bytes of base64 carry three."
    )
    growth: list[Row] = [
        {
            "server": name,
            "one": median(sample.peak_mb for sample in alone[name]),
            "many": median(sample.peak_mb for sample in crowd[name]),
            "each": (
                median(sample.peak_mb for sample in crowd[name]) - median(sample.peak_mb for sample in alone[name])
            )
            / (CROWD - 1),
        }
        for name in alone
    ]

    def delivered(title: str, found: Mapping[str, Sequence[Sample]]) -> Table:
        return compared(title, note, found, rate=rate, cost=cost, rate_title="MB/s", cost_title="CPU ms a MB")

    return [
        delivered("Video to a data URI, one caller", alone),
        delivered(f"Video to a data URI, {CROWD} callers", crowd),
        Table(
            title="Memory of whole videos at the same time",
            note=f"Peak resident memory with one answer of {size / 1e6:g} MB under way and with {CROWD}. "
            f"The answer's length is said beforehand: {_length_said(servers[-1])}.",
            columns={
                "server": Column(title="server"),
                "one": Column(title="one, MB", format="figures"),
                "many": Column(title=f"{CROWD}, MB", format="figures"),
                "each": Column(title="each further answer, MB", format="figures"),
            },
            rows=growth,
        ),
    ]


def _length_said(product: Contender) -> str:
    connection = HTTPConnection("127.0.0.1", product.process.port, timeout=once.PATIENCE)
    try:
        head, _, body = product.sent.read_bytes().partition(b"\r\n\r\n")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        connection.request("POST", "/v1/chat/completions", body, headers)
        said = connection.getresponse().getheader("content-length")
        return f"Content-Length: {said}" if said else "no, in chunks"
    finally:
        connection.close()


def _first_byte(rig: Rig) -> Table:
    """Jobs of several sizes, each awaited by a plain client."""
    rows: list[Row] = []
    for megabytes in (1, 2) if rig.options.quick else (1, 10, 100):
        upstream, _ = videos.veo(rig, clip_bytes=megabytes * 1_000_000, latency_ms=2500)
        process = rig.product(base_of(upstream))
        for stream in (False, True):
            times = range(1 if rig.options.quick else 5)
            found = [awaited(process, 10 * number + stream, stream=stream) for number in times]
            rows.append(
                {
                    "size": f"{megabytes}, {'streamed' if stream else 'whole'}",
                    "home": 1000 * median(one.home for one in found),
                    "first": 1000 * median(one.first for one in found),
                    "last": 1000 * median(one.last for one in found),
                }
            )
    return Table(
        title="From Google's word that a video is done to its bytes",
        note="A caller waits for a new job. Google's word: the log's `running -> fetching`, after the answer to the "
        "poll that saw the end. Until the job is completed: download, hash, sync to disk, the row committed. First "
        "byte: of the chat completion, or the first chunk of a stream that has content. The log has whole "
        "milliseconds, rounded down, so that the last two columns say up to 1 ms too much.",
        columns={
            "size": Column(title="MB"),
            "home": Column(title="word to completed, ms", format="figures"),
            "first": Column(title="completed to first byte, ms", format="figures"),
            "last": Column(title="completed to last byte, ms", format="figures"),
        },
        rows=rows,
    )


def _inline(rig: Rig) -> Table:
    """One job whose last poll brings four clips as base64."""
    clips, size = 4, 1_000_000 if rig.options.quick else 25_000_000
    folder = rig.new_folder()
    upstream = rig.upstream(google.vertex_video_rules(folder, latency_ms=10, clips=clips, clip_bytes=size), folder)
    process = rig.product(base_of(upstream), surface="vertex")
    once.finished_video(process, {**_vertex_order("first"), "n": 1})
    found = []
    for number in range(rig.options.rounds):
        before, cpu = process.resident_mb(), process.cpu_seconds()
        process.forget_peak()
        once.finished_video(process, {**_vertex_order(f"wave {number}"), "n": clips})
        found.append((process.peak_mb() - before, 1000 * (process.cpu_seconds() - cpu) / (clips * size / 1e6)))
    return Table(
        title="Videos that Vertex AI sends inline",
        note=f"{clips} clips of {size / 1e6:g} MB as base64 in the answer to one poll, decoded to files on the way. "
        "The product alone; growth is of the peak over what was resident before the job.",
        columns={
            "what": Column(title="what"),
            "growth": Column(title="growth, MB", format="figures"),
            "cpu": Column(title="CPU ms a MB of MP4, the whole job", format="figures"),
        },
        rows=[
            {
                "what": f"{clips} x {size / 1e6:g} MB",
                "growth": median(growth for growth, _ in found),
                "cpu": median(cost for _, cost in found),
            }
        ],
    )


def _vertex_order(prompt: str) -> dict[str, str]:
    return {"model": google.VERTEX_VIDEO_MODEL, "prompt": prompt, "seconds": "4"}
