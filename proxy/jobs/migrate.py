"""The schema of the SQLite ledger, version by version: `migrations/NNNN_name.sql` brings it from NNNN-1 to NNNN."""

import sqlite3
from collections.abc import Iterator, Mapping
from importlib import resources

from proxy.jobs.sqlite_transaction import transaction


class SchemaTooNew(Exception):
    """The file was written by a newer version of this program."""


def known_migrations() -> dict[int, str]:
    """Version -> SQL, as shipped with the package."""
    folder = resources.files("proxy.jobs") / "migrations"
    scripts = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    return {int(file.name.partition("_")[0]): file.read_text("utf-8") for file in scripts}


def migrate(connection: sqlite3.Connection, migrations: Mapping[int, str]) -> None:
    """Bring the schema to the newest known version, all in one transaction, however many processes try at once.

    The version is SQLite's `PRAGMA user_version`, 0 in a new file. Raises SchemaTooNew.
    """
    newest = max(migrations)
    if _version(connection) == newest:
        return
    with transaction(connection):
        found = _version(connection)
        if found > newest:
            raise SchemaTooNew(
                f"the job ledger has schema version {found}, and this version of mediashim knows {newest} at most. "
                "Start the newer mediashim again, or give this one another data-dir."
            )
        for version in range(found + 1, newest + 1):
            for statement in _statements(migrations[version]):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {newest:d}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """One statement at a time: `executescript` would commit the transaction first (Python docs, sqlite3)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
