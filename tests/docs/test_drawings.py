"""The drawings and commands in the docs are those of the code."""

import re
from pathlib import Path

from proxy.jobs.job import TRANSITIONS

ROOT = Path(__file__).parents[2]


def test_the_drawing_of_a_job_is_the_table_of_transitions():
    """docs/jobs.md draws every transition that the code knows, and no other."""
    page = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)", page, re.MULTILINE))
    table = {(before.value, after.value) for before, afters in TRANSITIONS.items() for after in afters}
    assert drawn == table - {("uncertain", "uncertain")}  # given up: nothing to draw


def test_the_readme_opens_with_the_two_commands():
    """`make demo` and `make test` come first, and the Makefile has both."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^    (make \w+)", readme, re.MULTILINE)
    assert commands[:2] == ["make demo", "make test"]
    assert all(re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE) for command in commands)


def test_links_between_the_docs_lead_somewhere():
    """No page links to a file that is not there."""
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_has_its_reason():
    """docs/dependencies.md names everything that pyproject.toml asks for."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in (*project["dependencies"], *project["optional-dependencies"]["media"]):
        name = re.split(r"[<>=;\[ ]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", page), name


def test_the_examples_in_the_readme_are_those_that_are_run():
    """tests/clients runs examples/; the README shows the same lines."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("video.sh", "video.py", "video.mjs"):
        assert (ROOT / "examples" / name).read_text(encoding="utf-8").rstrip() in readme, name
