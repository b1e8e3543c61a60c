"""Owed callbacks survive on disk, privately, and never take another file with them."""

import stat
from pathlib import Path

import pytest

from proxy.webhook_outbox import Outbox, Owed

OWED = Owed(job_id="video_1", caller="alice", url="https://example.com/?token=t", base_url="https://proxy.example")


def test_what_is_put_is_owed_until_it_is_removed(tmp_path: Path) -> None:
    """Also for another process; removing twice is harmless."""
    folder = tmp_path / "webhooks"
    Outbox(folder).put(OWED)
    assert Outbox(folder).all() == [OWED]
    Outbox(folder).remove("video_1")
    Outbox(folder).remove("video_1")
    assert Outbox(folder).all() == []


def test_nothing_was_ever_owed(tmp_path: Path) -> None:
    """There is no folder yet."""
    assert Outbox(tmp_path / "none").all() == []


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """A caller's address may hold a token; so does no repr."""
    Outbox(tmp_path / "webhooks").put(OWED)
    [path] = (tmp_path / "webhooks").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "token" not in repr(OWED)


def test_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    """One broken file does not keep the others from being sent."""
    Outbox(tmp_path).put(OWED)
    (tmp_path / "broken.json").write_text("{")
    assert Outbox(tmp_path).all() == [OWED]
    assert (tmp_path / "broken.json").exists()


@pytest.mark.parametrize("job_id", ["../jobs", "", "a/b", "a.b"])
def test_an_id_is_no_path(tmp_path: Path, job_id: str) -> None:
    """Whatever it is, it stays in the folder."""
    with pytest.raises(ValueError, match="no job id"):
        Outbox(tmp_path).put(OWED.model_copy(update={"job_id": job_id}))
