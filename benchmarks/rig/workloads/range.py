"""Files as files: whole, in part, and only their heads, by the open link and by the owner's route."""

from benchmarks.rig import once, videos
from benchmarks.rig.callers import request
from benchmarks.rig.compared import compared
from benchmarks.rig.measure import Contender, Sample, alternated
from benchmarks.rig.product import KEY
from benchmarks.rig.rig import Rig, base_of
from benchmarks.rig.tables import Table

CALLERS = 10


def measure(rig: Rig) -> list[Table]:
    """10 callers, each table beside Starlette's FileResponse."""
    size = 1_000_000 if rig.options.quick else 20_000_000
    upstream, clip = videos.veo(rig, clip_bytes=size, latency_ms=10)
    folder = rig.new_folder()
    product = rig.product(base_of(upstream), folder=folder)
    floor = rig.floor(base_of(upstream), file=clip)
    job = once.finished_video(product, videos.created("a wave"))
    (kept,) = (folder / "data" / "media").rglob("*.mp4")
    served = {
        "floor": (floor, "/file"),
        "product, /media": (product, f"/media/{kept.name}"),
        "product, /v1/videos/{id}/content": (product, f"/v1/videos/{job['id']}/content"),
    }
    middle = f"bytes={size // 4}-{size // 4 + size // 20 - 1}"
    kinds: tuple[tuple[str, str, dict[str, str], dict[str, float | str]], ...] = (
        ("whole", "GET", {}, {"length": size}),
        ("a twentieth of it by Range", "GET", {"range": middle}, {"length": size // 20, "status": 206}),
        ("HEAD", "HEAD", {}, {"length": size, "head": 1}),
    )
    tables = []
    for kind, method, headers, options in kinds:
        servers = [
            Contender(
                name=name,
                process=process,
                sent=rig.written(request(method, target, headers=headers, key=KEY)),
                options=options,
            )
            for name, (process, target) in served.items()
        ]
        found = alternated(servers, lambda one: rig.run(one, callers=CALLERS), rig.options.rounds)
        title = f"A file of {size / 1e6:g} MB, {CALLERS} callers: {kind}"
        note = "The floor is Starlette's FileResponse."
        if method == "HEAD":
            tables.append(compared(title, note, found))
        else:
            tables.append(compared(title, note, found, rate=_megabytes, rate_title="MB/s", cost_title="CPU ms each"))
    return tables


def _megabytes(sample: Sample) -> float:
    return sample.seen.bytes / sample.seen.seconds / 1e6
