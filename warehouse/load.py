"""The exactly-once load of staged batches: one transaction each, by the one process that holds the build.

`load_batch` adds what is new of a batch; what it finds already loaded it leaves as it is. Whatever several
articles say together (an entity's name, an outlet's domain) is a function of the *set* of loaded rows: any
order and any batching give the same tables.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import duckdb

from warehouse.errors import WarehouseError, first_line
from warehouse.files import WarehouseFiles
from warehouse.ledger import enter_batch, is_loaded
from warehouse.rows import ROW_TYPES, sql_columns
from warehouse.schema import roll_back
from warehouse.scripts import statements
from warehouse.staging import staged_batches, torn_batches

# What makes two staged rows the same row; those of the other tables are summed up by load.sql.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "article_versions": ("version_id",),
    "segments": ("version_id", "segment_no"),
    "mentions": ("mention_id",),
    "quotes": ("quote_id",),
    "quote_spans": ("quote_id", "span_no"),
    "failures": ("failure_id",),
    "observations": ("version_id", "observed_at"),
    "article_sayings": ("version_id",),
    "article_features": ("version_id",),
}
PLACE: Final = ("location", "source_digest")

# Who runs a killed command again does it within days; then its staged work is found. Seven days, in seconds.
ABANDONED_SECONDS: Final = 7 * 24 * 3600

_INSERT = re.compile(r"\s*INSERT INTO (\w+)")


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What one batch added, by table; nothing where all of it was loaded before."""

    batch_id: UUID
    added: dict[str, int] = field(default_factory=dict)
    in_ledger: bool = False  # this very batch was loaded before

    @property
    def total(self) -> int:
        """Rows added in all."""
        return sum(self.added.values())

    def of(self, table: str) -> int:
        """Rows added to one table."""
        return self.added.get(table, 0)


def load_batch(con: duckdb.DuckDBPyConnection, staged: Path, now: datetime) -> LoadCounts:
    """Load one staged batch, all of it or nothing, and remove its folder.

    A batch that brings nothing new leaves no trace. Raises `WarehouseError("bad_batch")` where its rows break
    a rule of the schema; it stays staged then.
    """
    batch_id = UUID(staged.name)
    con.execute("BEGIN")
    try:
        counts = _load(con, staged, batch_id, now)
        con.execute("COMMIT")
    except duckdb.ConstraintException as error:
        roll_back(con)
        raise WarehouseError(
            "bad_batch",
            f"The staged batch {staged} breaks a rule of the schema and was not loaded: {first_line(error)}",
        ) from error
    except BaseException:
        roll_back(con)
        raise
    con.execute("CHECKPOINT")
    shutil.rmtree(staged, ignore_errors=True)
    return counts


def sweep(
    con: duckdb.DuckDBPyConnection, files: WarehouseFiles, clock: Callable[[], float] = time.time
) -> list[Path]:
    """Remove the staged folders that nobody will load; return them.

    Those that are loaded already, those a dead worker left half-written, and those that waited for
    `ABANDONED_SECONDS`. `clock` gives the seconds since 1970.
    """
    loaded = {str(batch_id) for (batch_id,) in con.execute("SELECT batch_id FROM load_batches").fetchall()}
    oldest = clock() - ABANDONED_SECONDS
    done = [
        folder
        for folder in staged_batches(files.staging)
        if folder.name in loaded or folder.stat().st_mtime < oldest
    ]
    swept = done + torn_batches(files.staging)
    for folder in swept:
        shutil.rmtree(folder, ignore_errors=True)
    return swept


def _load(con: duckdb.DuckDBPyConnection, staged: Path, batch_id: UUID, now: datetime) -> LoadCounts:
    if is_loaded(con, batch_id):
        return LoadCounts(batch_id, in_ledger=True)
    for table in ROW_TYPES:
        _stage(con, staged, table)
    added = _merge(con, batch_id, now)
    for table in ROW_TYPES:
        con.execute(f"DROP TABLE staged_{table}")
    if any(added.values()):
        enter_batch(con, batch_id, added, now)
    return LoadCounts(batch_id, added)


def _stage(con: duckdb.DuckDBPyConnection, staged: Path, table: str) -> None:
    """A temporary table `staged_<table>` with the distinct rows of the batch; empty where it has none."""
    columns = sql_columns(table)
    path = staged / f"{table}.parquet"
    if not path.exists():
        typed = ", ".join(f'"{name}" {sql}' for name, sql in columns.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE staged_{table} ({typed})")
        return
    keys = KEYS.get(table, tuple(columns))
    # Rows of one key differ at most in where they were read: the least of them, as in load.sql.
    least = ", ".join(sorted(columns, key=lambda column: column not in PLACE))
    once = f"QUALIFY row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {least}) = 1"
    con.execute(f"CREATE OR REPLACE TEMP TABLE staged_{table} AS FROM read_parquet(?) {once}", [str(path)])


def _merge(con: duckdb.DuckDBPyConnection, batch_id: UUID, now: datetime) -> dict[str, int]:
    """Run load.sql; the number of rows that it inserted, by table."""
    added = dict.fromkeys(ROW_TYPES, 0)
    values = {"now": now, "batch_id": batch_id}
    for statement in statements("load.sql"):
        used = {name: value for name, value in values.items() if f"${name}" in statement}
        changed = con.execute(statement, used).fetchone()
        insert = _INSERT.match(statement)
        if insert and changed:
            added[insert[1]] += changed[0]
    return added
