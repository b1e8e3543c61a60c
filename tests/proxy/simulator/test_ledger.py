"""The journal survives the process, and the simulator shares no code with what it judges."""

import ast
from pathlib import Path

import proxy.simulator
from proxy.simulator import read_journal


async def test_accepted_jobs_are_journalled_before_the_answer(start, tmp_path, veo_body) -> None:
    """What the ledger holds is on disk, one line a job; refused calls are not."""
    journal = tmp_path / "submits.jsonl"
    google, client = await start(alive_veo_on_gemini=True, journal=journal)
    path = "/v1beta/models/veo-3.1-generate-preview:predictLongRunning"
    await client.post(path, json=veo_body())
    await client.post(path, json=veo_body(seed=1))
    await client.post(path, json=veo_body(durationSeconds=4))

    assert read_journal(journal) == google.submits
    assert [submit.number for submit in google.submits] == [1, 2]
    with journal.open("ab") as half:
        half.write(b'{"number": 3')
    assert read_journal(journal) == google.submits


def test_an_absent_journal_is_empty(tmp_path) -> None:
    """Nothing was accepted yet."""
    assert read_journal(tmp_path / "none") == []


def test_the_simulator_imports_nothing_of_the_proxy() -> None:
    """Neither translators nor any other room of proxy."""
    [folder] = proxy.simulator.__path__
    for file in Path(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith("translators"), file
                assert not name.startswith("proxy") or name.startswith("proxy.simulator"), file
