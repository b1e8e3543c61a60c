"""The product beside bare proxies: one command for each workload, or for several.

    python -m benchmarks.run                        every workload, about 45 minutes
    python -m benchmarks.run text sse               two of them
    python -m benchmarks.run --quick                every workload in small, to see that it works

Linux; better with a C compiler, two cores and nobody else on them. Tables go to stdout and to benchmarks/results/.
"""

import argparse
import importlib
import signal
import sys
from pathlib import Path
from types import ModuleType

from benchmarks.rig import machine, peers, plots, readme, tables
from benchmarks.rig.callers import WrongAnswers
from benchmarks.rig.chat import STARTS
from benchmarks.rig.ledger import NeverCame
from benchmarks.rig.once import Refused
from benchmarks.rig.processes import DidNotStart
from benchmarks.rig.rig import Options, opened

WORKLOADS = ("text", "image", "held", "sse", "video", "media", "range", "start", "waiting", "curves", "workers")
RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parent / "README.md"
FAILURES = (WrongAnswers, DidNotStart, Refused, NeverCame)


def main() -> int:
    """0, or 1 if a workload found something that was not as it must be; the others are measured all the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=5.0, help="of one run (default 5)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each server that count (default 5)")
    parser.add_argument("--quick", action="store_true", help="small sizes and one short run: no figure means anything")
    parser.add_argument(
        "--servers",
        default="floor,product",
        help=f"of {', '.join(STARTS)}, for text, image and sse; ratios are to the first (default: %(default)s)",
    )
    parser.add_argument("--peers", action="store_true", help="and those of nginx, litellm, portkey that are installed")
    parser.add_argument("--no-compiler", action="store_true", help="upstream and callers in Python, as without one")
    parser.add_argument("--results", type=Path, help="folder for JSON and Markdown (default benchmarks/results)")
    parser.add_argument("--readme", action="store_true", help="put the results into benchmarks/README.md")
    said = parser.parse_args()
    if unknown := set(said.workloads) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    servers = [*said.servers.split(","), *(peers.installed() if said.peers else ())]
    if strangers := set(servers) - set(STARTS):
        parser.error(f"no server {', '.join(sorted(strangers))}; there are {', '.join(STARTS)}")
    options = Options(
        seconds=0.3 if said.quick else said.seconds,
        rounds=1 if said.quick else said.rounds,
        quick=said.quick,
        contenders=tuple(dict.fromkeys(servers)),
        compiled=not said.no_compiler,
    )
    results = said.results or (Path(".bench") / "quick" if said.quick else RESULTS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped, too
    failed = []
    for name in said.workloads or WORKLOADS:
        try:
            run(name, options, results)
        except FAILURES as failure:
            failed.append(name)
            print(f"{name}: {failure}", file=sys.stderr, flush=True)
    if said.readme:
        README.write_text(readme.updated(README.read_text(), results, WORKLOADS))
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(name: str, options: Options, results: Path) -> None:
    """One workload: measured, printed and written down."""
    workload: ModuleType = importlib.import_module(f"benchmarks.rig.workloads.{name}")
    print(f"## {name}", file=sys.stderr, flush=True)
    neighbours = machine.Neighbours()
    with opened(options) as rig:
        found: list[tables.Table] = workload.measure(rig)
    about = {**machine.described(), **neighbours.described(), "seconds": options.seconds, "rounds": options.rounds}
    tables.save(found, about, results, name)
    if (curves := [curve for table in found for curve in table.curves]) and not plots.draw(
        curves, results / f"{name}.png"
    ):
        print("no pictures: matplotlib is not installed (pip install 'mediashim[bench]')", file=sys.stderr)
    for table in found:
        print(f"\n{table.markdown()}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
