"""The schema's versions: up in one step or not at all, never down."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from proxy.jobs.migrate import SchemaTooNew, known_migrations, migrate

FIRST = "-- one\nCREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\n  SELECT 1;\nEND;\n"
SECOND = "CREATE TABLE b (x);\n-- the end\n"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def tables(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_the_package_ships_every_version_from_the_first() -> None:
    """Versions are numbered without a gap, and a new file gets them all."""
    migrations = known_migrations()

    assert sorted(migrations) == list(range(1, len(migrations) + 1))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, migrations)
        assert tables(connection) == ["at_google", "changes", "jobs", "specs"]
        assert version(connection) == len(migrations)


def test_only_what_is_missing_is_applied(connection: sqlite3.Connection) -> None:
    """An older file keeps its rows and gets the versions it lacks; a current one is left alone."""
    migrate(connection, {1: FIRST})
    migrate(connection, {1: FIRST, 2: SECOND})
    migrate(connection, {1: FIRST, 2: SECOND})

    assert (tables(connection), version(connection)) == (["a", "b"], 2)


def test_a_version_that_fails_leaves_the_file_as_it_was(connection: sqlite3.Connection) -> None:
    """All steps are one transaction."""
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, {1: FIRST, 2: SECOND + "CREATE TABLE b (x);\n"})

    assert (tables(connection), version(connection)) == ([], 0)
    assert not connection.in_transaction


def test_a_newer_file_is_refused_with_the_way_out(connection: sqlite3.Connection) -> None:
    """An older program must not write what it does not understand."""
    connection.execute("PRAGMA user_version = 7")
    with pytest.raises(SchemaTooNew, match=r"version 7.*knows 1 at most.*newer mediashim.*data-dir"):
        migrate(connection, {1: FIRST})

    assert tables(connection) == []
