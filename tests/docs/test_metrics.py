"""docs/metrics.md lists exactly what the program exposes."""

import re
from pathlib import Path

import yaml

from proxy.metrics.exposition import exposition
from proxy.metrics.google_call import CallKind
from proxy.metrics.snapshot import Snapshot
from proxy.metrics.table import METRICS
from tests.proxy.metrics.scraped import samples

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b(?:mediashim|http|process)_[a-z_]+\b")


def blocks() -> list[object]:
    """What the page shows of YAML, parsed."""
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)]


def test_the_table_is_the_programs() -> None:
    """Name, kind, labels and meaning of each, in the same order, and no other."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        [f"`{one.name}`", one.kind.value, ", ".join(f"`{label}`" for label in one.labels), one.says] for one in METRICS
    ]


def test_every_name_on_the_page_exists() -> None:
    """In its prose and its alerts too; and the process's own are all named."""
    told = {name for name, _ in samples(exposition(Snapshot(), (), "")[0].decode())}
    process = {name for name in told if name.startswith("process_")}
    known = {one.name for one in METRICS} | process
    assert set(NAME.findall(PAGE)) == known


def test_every_kind_of_call_is_named() -> None:
    """By its word."""
    assert all(f"`{kind.value}`" in PAGE for kind in CallKind)


def test_the_examples_are_yaml() -> None:
    """Configuration, scrape_config and alerts; each alert has an expression."""
    _, scrape, alerts = blocks()
    assert scrape["scrape_configs"][0]["job_name"] == "mediashim"
    assert all(rule["alert"] and rule["expr"] for rule in alerts["groups"][0]["rules"])
