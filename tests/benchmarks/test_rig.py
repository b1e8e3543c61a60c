"""What the rig computes: cores, medians, exponents, tables, the README's part."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.rig import google, plots, readme, tables
from benchmarks.rig.callers import Seen, Spread, request
from benchmarks.rig.compared import compared
from benchmarks.rig.growth import doubled, exponent, marginal
from benchmarks.rig.measure import Sample, middle, spread
from benchmarks.rig.pinning import Cores
from benchmarks.rig.tables import Column, Curve, Table


def sample(*, answers: int = 100, cpu: float = 1.0) -> Sample:
    times = Spread(mean=1, p50=1, p90=2, p99=3, max=4)
    seen = Seen(
        seconds=2.0,
        answers=answers,
        all_answers=answers,
        bytes=answers,
        counted=0,
        whole=times,
        first=times,
        own_seconds=0.5,
    )
    return Sample(seen=seen, cpu_seconds=cpu, peak_mb=50)


@pytest.mark.parametrize(
    ("usable", "workers", "expected"),
    [
        ({0, 1}, 1, ({0}, {1}, {1})),
        ({2, 5, 7}, 1, ({2}, {5}, {7})),
        ({0, 1, 2, 3}, 2, ({0, 1}, {2}, {3})),
        ({0, 1}, 2, ({0, 1}, {0}, {1})),
        ({3}, 1, ({3}, {3}, {3})),
    ],
)
def test_the_product_has_a_core_for_itself_where_there_are_two(usable, workers, expected):
    cores = Cores.of(usable, workers)
    assert (set(cores.product), set(cores.callers), set(cores.upstream)) == expected


def test_figures_are_medians_with_their_noise():
    runs = [sample(cpu=cpu) for cpu in (1.0, 2.0, 1.2)]
    assert middle(runs, lambda one: one.cpu_ms) == 12.0
    assert spread(runs, lambda one: one.cpu_ms) == pytest.approx(5 / 12)
    assert runs[0].callers_busy == 0.25


def test_every_server_stands_beside_the_first():
    table = compared("t", "n", {"floor": [sample()], "product": [sample(answers=50, cpu=1.0)]})
    floor, product = table.rows
    assert (floor["rate_ratio"], floor["cpu_ratio"]) == (1.0, 1.0)
    assert (product["rate"], product["rate_ratio"], product["cpu_ratio"]) == (25.0, 0.5, 2.0)
    assert "| product | 25 | 0.50 x |" in table.markdown()


def test_exponents():
    sizes = doubled(1, 64)
    assert sizes == [1, 2, 4, 8, 16, 32, 64]
    assert exponent(sizes, [3.0 * size**2 for size in sizes]) == pytest.approx(2)
    assert marginal(sizes, [100.0 + 3 * size for size in sizes]) == pytest.approx(1)
    assert exponent([1], [1]) is None
    assert marginal([1, 2], [1, 1]) is None


def test_a_table_is_kept_as_json_and_markdown(tmp_path: Path):
    columns = {"a": Column(title="what"), "b": Column(title="how many", format="count")}
    table = Table(title="T", note="N.", columns=columns, rows=[{"a": "x", "b": 1234.5}, {"a": "y"}])
    tables.save([table], {"cores": 2}, tmp_path, "text")
    assert "| x | 1,234 |\n| y |  |" in (tmp_path / "text.md").read_text()
    kept = json.loads((tmp_path / "text.json").read_text())
    assert kept["machine"] == {"cores": 2}
    assert kept["tables"][0]["rows"] == [{"a": "x", "b": 1234.5}, {"a": "y"}]


def test_the_readme_gets_the_results_in_order(tmp_path: Path):
    (tmp_path / "text.md").write_text("### Text\n")
    (tmp_path / "start.md").write_text("### Start\n")
    (tmp_path / "start.png").write_bytes(b"")
    before = "a\n<!-- results: x -->\nold \\1\n<!-- end of results -->\nb\n"
    after = readme.updated(before, tmp_path, ["start", "sse", "text"])
    assert after.index("### Start") < after.index("(results/start.png)") < after.index("### Text")
    assert "old" not in after
    assert readme.updated(after, tmp_path, ["start", "sse", "text"]) == after
    with pytest.raises(readme.NoPlace):
        readme.updated("nothing", tmp_path, [])


def test_the_readme_names_every_workload_and_has_a_place_for_results(tmp_path: Path):
    text = run.README.read_text()
    listed = [line for line in text.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in listed] == list(run.WORKLOADS)
    readme.updated(text, tmp_path, run.WORKLOADS)
    rooms = {path.stem for path in (Path(run.__file__).parent / "rig" / "workloads").glob("*.py")}
    assert rooms == set(run.WORKLOADS)


def test_curves_become_pictures_where_matplotlib_is(tmp_path: Path):
    curve = Curve(title="t", x_title="x", y_title="y", x=[1, 2, 4], lines={"floor": [1, 2, 4], "product": [2, 4, 8]})
    drawn = plots.draw([curve] * 3, tmp_path / "curves.png")
    assert drawn is (find_spec("matplotlib") is not None)
    assert (tmp_path / "curves.png").exists() is drawn


@pytest.mark.parametrize(("value", "said"), [(0.25, "0.25"), (250, "250"), (1024, "1.02k"), (16_000_000, "16M")])
def test_axes_say_numbers_shortly(value: float, said: str):
    assert plots.short(value) == said


def test_the_fake_media_are_as_large_as_said():
    assert len(google.mp4(10_000)) == 10_000
    picture = google.png(300_000)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert abs(len(picture) - 300_000) < 3_000


def test_a_request_says_its_length_and_shows_the_key():
    sent = request("POST", "/x", body=b"{}", key="sk-1")
    assert sent.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"content-length: 2\r\n" in sent
    assert b"authorization: Bearer sk-1\r\n" in sent
    assert sent.endswith(b"\r\n\r\n{}")
