"""The schema of the warehouse: numbered migrations with a checksum ledger, and the analysts' views.

`connect.loading` applies both whenever it opens the build file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

import duckdb

from warehouse.errors import WarehouseError

# A database with these tables is one of ours, of whatever version.
OUR_TABLES: Final = frozenset({"schema_migrations", "load_batches", "article_versions"})

LEDGERS: Final = frozenset({"schema_migrations", "schema_views"})


@dataclass(frozen=True, slots=True)
class Script:
    """A numbered .sql file."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Its checksum, the same whatever the line ends of a checkout."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


@cache
def scripts(folder: str) -> tuple[Script, ...]:
    """The numbered .sql files of a folder of this package (`migrations`, `views`), in order."""
    files = (resources.files("warehouse") / folder).iterdir()
    found = [
        Script(int(file.name.split("_", 1)[0]), file.name, file.read_text(encoding="utf-8"))
        for file in files
        if file.name.endswith(".sql")
    ]
    return tuple(sorted(found, key=lambda script: script.version))


def is_ours(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open database is a warehouse of this product."""
    return tables_of(con) >= OUR_TABLES


def tables_of(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The names of the open database's tables."""
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()")
    return frozenset(name for (name,) in tables.fetchall())


def migrate(con: duckdb.DuckDBPyConnection, now: datetime, steps: Sequence[Script] | None = None) -> None:
    """Bring the schema and the views up to date, each step in a transaction of its own.

    Raises `WarehouseError`: `newer_schema` where a newer program made it, `changed_schema` where a step
    that was applied reads differently now.
    """
    steps = scripts("migrations") if steps is None else steps
    if not tables_of(con) >= LEDGERS:
        con.execute((resources.files("warehouse") / "schema_ledgers.sql").read_text(encoding="utf-8"))
    applied = _applied(con)
    _refuse_unknown(applied, steps)
    for step in steps:
        if step.version not in applied:
            _apply(con, step, "INSERT INTO schema_migrations VALUES ($version, $name, $sha256, $now)", now)
    _make_views(con, now)


def steps_behind(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The steps that an open warehouse lacks, by name: those that `migrate` would take. Changes nothing.

    Raises `WarehouseError` as `migrate` does.
    """
    steps, applied = scripts("migrations"), _applied(con)
    _refuse_unknown(applied, steps)
    return [step.name for step in steps if step.version not in applied]


def _applied(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    rows = con.execute("SELECT version, name, sha256 FROM schema_migrations").fetchall()
    return {version: (name, sha256) for version, name, sha256 in rows}


def _refuse_unknown(applied: dict[int, tuple[str, str]], steps: Sequence[Script]) -> None:
    newest = max((step.version for step in steps), default=0)
    if max(applied, default=0) > newest:
        raise WarehouseError(
            "newer_schema",
            f"This warehouse was made by a newer onrecord (schema {max(applied)}, this one knows {newest}); "
            "update onrecord, then run the same command again.",
        )
    for step in steps:
        name, sha256 = applied.get(step.version, (step.name, step.sha256))
        if sha256 != step.sha256:
            raise WarehouseError(
                "changed_schema",
                f"Schema step {name} is not the one that made this warehouse; use the onrecord that made it, "
                "or load the articles into a new file.",
            )


def _make_views(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Make every view and macro again as soon as one of their files changed: they build on each other."""
    made = dict(con.execute("SELECT name, sha256 FROM schema_views").fetchall())
    wanted = {script.name: script.sha256 for script in scripts("views")}
    if made == wanted:
        return
    con.execute("DELETE FROM schema_views")
    for script in scripts("views"):
        _apply(con, script, "INSERT INTO schema_views VALUES ($name, $sha256, $now)", now)


def _apply(con: duckdb.DuckDBPyConnection, script: Script, ledger: str, now: datetime) -> None:
    row = {"version": script.version, "name": script.name, "sha256": script.sha256, "now": now}
    con.execute("BEGIN")
    try:
        con.execute(script.sql)
        con.execute(ledger, {name: value for name, value in row.items() if f"${name}" in ledger})
        con.execute("COMMIT")
    except BaseException:
        roll_back(con)
        raise


def roll_back(con: duckdb.DuckDBPyConnection) -> None:
    """Undo what is open; an invalidated database has undone it already."""
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return
