"""Jobs that wait: what each costs, what all cost together, and whether others notice."""

from benchmarks.rig import crowd
from benchmarks.rig.crowd import CREATED, QUEUED, STREAMED, WHOLE, Waiting, answered, waiting
from benchmarks.rig.rig import Options, Rig, opened
from benchmarks.rig.tables import Column, Row, Table

COUNT = 10_000
ANSWERED = 2_000
AS_SHIPPED = "The limits let everyone in; polls are as shipped, 120 a minute and credential."


def measure(rig: Rig) -> list[Table]:
    """Each way of waiting with a product of its own, then crowds that get their videos."""
    count = 100 if rig.options.quick else COUNT
    found = [_alone(rig.options, way, count) for way in (CREATED, WHOLE, STREAMED, QUEUED)]
    return [
        Table(
            title=f"{count:,} jobs that wait",
            note=f"{AS_SHIPPED} Memory: resident, above the empty process. Processor: while nobody comes and nothing "
            "ends. Create and text: the median time of a new POST /v1/videos (the job is on disk then) and of a short "
            "text chat, before the crowd and within it.",
            columns={
                "way": Column(title="callers"),
                "arrival": Column(title="all in after, s", format="figures"),
                "cpu_ms": Column(title="CPU ms a job until then", format="figures"),
                "kb": Column(title="memory each, kB", format="figures"),
                "empty": Column(title="empty, MB", format="figures"),
                "idle": Column(title="CPU of a core, %", format="figures"),
                "create": Column(title="create, ms", format="figures"),
                "create_in": Column(title="within, ms", format="figures"),
                "text": Column(title="text, ms", format="figures"),
                "text_in": Column(title="within, ms", format="figures"),
            },
            rows=[_row(one) for one in found],
        ),
        _answered(rig.options),
    ]


def _alone(options: Options, way: crowd.Way, count: int) -> Waiting:
    with opened(options) as rig:
        return waiting(rig, way, count)


def _row(one: Waiting) -> Row:
    return {
        "way": one.way.name,
        "arrival": one.arrival,
        "cpu_ms": one.arrival_cpu_ms,
        "kb": one.kb_each,
        "empty": one.empty_mb,
        "idle": 100 * one.idle,
        "create": one.before.created if one.before else None,
        "create_in": one.after.created if one.after else None,
        "text": one.before.text if one.before else None,
        "text_in": one.after.text if one.after else None,
    }


def _answered(options: Options) -> Table:
    count = 50 if options.quick else ANSWERED
    rows: list[Row] = []
    for way in (WHOLE, STREAMED):
        with opened(options) as rig:
            middle, late, answers, submits = answered(rig, way, count)
        rows.append(
            {
                "way": f"{count:,} {way.name}",
                "middle": middle,
                "late": late,
                "counts": f"{answers}, {submits}",
            }
        )
    return Table(
        title="From Google's end to the last byte, in a crowd",
        note="One caller a millisecond comes, all are at Google together, each gets 400 kB; a schedule that has "
        "learned nothing, and polls without a limit. The delay has what lies before Google's start, too.",
        columns={
            "way": Column(title="callers"),
            "counts": Column(title="answers, submits", format="count"),
            "middle": Column(title="delay: median, s", format="figures"),
            "late": Column(title="p90, s", format="figures"),
        },
        rows=rows,
    )
