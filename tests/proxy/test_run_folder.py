"""A folder for each run of a supervisor, and none of the dead."""

from pathlib import Path

from proxy.jobs.owner import Owner
from proxy.run_folder import run_folder


def runs(data_dir: Path) -> set[str]:
    return {path.name for path in (data_dir / "metrics").iterdir()} - {"owners"}


def test_it_is_there_as_long_as_its_run(tmp_path: Path) -> None:
    """A second run beside it has one of its own, and takes nothing from the first."""
    with run_folder(tmp_path) as first:
        assert first is not None
        (first / "one.json").write_text("{}")
        with run_folder(tmp_path) as second:
            assert second is not None
            assert runs(tmp_path) == {first.name, second.name}
        assert (first / "one.json").exists()
    assert runs(tmp_path) == set()


def test_what_a_killed_supervisor_left_goes_at_the_next_start(tmp_path: Path) -> None:
    """Counts begin anew."""
    with run_folder(tmp_path) as living:
        dead = tmp_path / "metrics" / "0123456789abcdef"
        dead.mkdir()
        (dead / "one.json").write_text("{}")
        with Owner.acquire(tmp_path / "metrics"), run_folder(tmp_path) as new:
            assert living is not None
            assert new is not None
            assert runs(tmp_path) == {living.name, new.name}


def test_without_a_place_there_is_none(tmp_path: Path, caplog) -> None:
    """The workers will say what is wrong with the data directory."""
    (tmp_path / "data").write_text("in the way")
    with run_folder(tmp_path / "data") as folder:
        assert folder is None
    assert "cannot be added up" in caplog.text
