"""The workloads at work, in small: servers start, every answer is right, a table comes out. No figure is looked at."""

import sys
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.rig.rig import Options

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the rig reads /proc")
OTHER_ROWS = ("held", "media", "waiting", "workers")
"""Workloads whose rows are no servers."""
QUICK = Options(seconds=0.05, rounds=1, quick=True)


def measured(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    run.run(name, QUICK, tmp_path)
    assert (tmp_path / f"{name}.json").exists()
    assert (tmp_path / f"{name}.md").read_text().startswith("### ")
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["text"])
def test_floor_and_product_are_both_measured(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = measured(name, tmp_path, capsys)
    assert "| floor |" in out
    assert "| product |" in out


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in run.WORKLOADS if name != "text"])
def test_every_other_workload_runs(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "| product" in measured(name, tmp_path, capsys) or name in OTHER_ROWS


def test_an_unknown_workload_is_refused_with_the_names_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["run", "speed"])
    with pytest.raises(SystemExit):
        run.main()
    assert "no workload speed; there are text" in capsys.readouterr().err
