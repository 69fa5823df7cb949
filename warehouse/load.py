"""The exactly-once load of staged batches, in transactions, by the one process that holds the build.

`load_batches` adds what is new of them; what it finds already loaded it leaves as it is. Whatever several
articles say together (an entity's name, an outlet's domain) is a function of the *set* of loaded rows: any
order and any batching give the same tables.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import duckdb

from warehouse.errors import WarehouseError, first_line
from warehouse.files import WarehouseFiles
from warehouse.ledger import enter_batches, is_loaded
from warehouse.linking.kept import leave_features
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
    "version_revivals": ("version_id",),
    "article_sayings": ("version_id",),
}
PLACE: Final = ("location", "source_digest")

# Who runs a killed command again does it within days; then its staged work is found. Seven days, in seconds.
ABANDONED_SECONDS: Final = 7 * 24 * 3600

# Batches of one transaction, as Parquet: some 12,000 articles. Each transaction costs .3 s of CPU
# for itself, and more with every entity that is known already.
BYTES_TOGETHER: Final = 96 << 20

_BATCH_OF: Final = r"regexp_extract(filename, '([0-9a-f-]{36})[/\\][^/\\]*$', 1)::UUID"
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


def load_batches(
    con: duckdb.DuckDBPyConnection, staged: Sequence[Path], now: datetime
) -> Iterator[list[LoadCounts]]:
    """Load staged batches, many in each transaction; for each transaction, what its batches did.

    Of batches that were loaded together, the first that is new has the counts of all. Where a batch is bad,
    those before it are loaded, and what `load_batch` raises is raised.
    """
    for together in _portions(staged):
        try:
            counts = _committed(con, together, now)
        except duckdb.ConstraintException:
            if len(together) == 1:
                raise
            counts = [load_batch(con, folder, now) for folder in together]
        yield counts


def load_batch(con: duckdb.DuckDBPyConnection, staged: Path, now: datetime) -> LoadCounts:
    """Load one staged batch, all of it or nothing, and remove its folder.

    A batch that brings nothing new leaves no trace. Raises `WarehouseError("bad_batch")` where its rows break
    a rule of the schema; it stays staged then.
    """
    try:
        [counts] = _committed(con, [staged], now)
    except duckdb.ConstraintException as error:
        raise WarehouseError(
            "bad_batch",
            f"The staged batch {staged} breaks a rule of the schema and was not loaded: {first_line(error)}",
        ) from error
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
        if folder.name in loaded:
            leave_features(con, folder)
        shutil.rmtree(folder, ignore_errors=True)
    return swept


def _portions(staged: Sequence[Path]) -> Iterator[list[Path]]:
    """The batches in their order, cut where a transaction would get too large."""
    together: list[Path] = []
    size = 0
    for folder in staged:
        needed = sum(file.stat().st_size for file in folder.glob("*.parquet"))
        if together and size + needed > BYTES_TOGETHER:
            yield together
            together, size = [], 0
        together.append(folder)
        size += needed
    if together:
        yield together


def _committed(con: duckdb.DuckDBPyConnection, staged: Sequence[Path], now: datetime) -> list[LoadCounts]:
    """Load batches in one transaction and remove their folders; what each added."""
    con.execute("BEGIN")
    try:
        counts = _load(con, staged, now)
        con.execute("COMMIT")
    except BaseException:
        roll_back(con)
        raise
    con.execute("CHECKPOINT")
    for folder in staged:
        leave_features(con, folder)
        shutil.rmtree(folder, ignore_errors=True)
    return counts


def _load(con: duckdb.DuckDBPyConnection, staged: Sequence[Path], now: datetime) -> list[LoadCounts]:
    loaded = {folder for folder in staged if is_loaded(con, UUID(folder.name))}
    new = [folder for folder in staged if folder not in loaded]
    added = _add(con, new, now) if new else {}
    first, *others = (UUID(folder.name) for folder in new) if any(added.values()) else (None,)
    if first is not None:
        enter_batches(con, first, others, added, now)
    counted = new[:1]
    return [
        LoadCounts(UUID(folder.name), added if folder in counted else {}, in_ledger=folder in loaded)
        for folder in staged
    ]


def _add(con: duckdb.DuckDBPyConnection, staged: Sequence[Path], now: datetime) -> dict[str, int]:
    """Add what is new of the batches; the number of rows by table."""
    for table in ROW_TYPES:
        _stage(con, staged, table)
    added = _merge(con, now)
    for table in ROW_TYPES:
        con.execute(f"DROP VIEW staged_{table}")
        con.execute(f"DROP TABLE IF EXISTS distinct_{table}")
    return added


def _stage(con: duckdb.DuckDBPyConnection, staged: Sequence[Path], table: str) -> None:
    """A view `staged_<table>` of the rows of the batches, each key once; empty where they have none.

    A version has the `batch_id` of the batch that brings it.
    """
    columns = sql_columns(table)
    if table == "article_versions":
        columns = {**columns, "batch_id": "UUID"}
    paths = [str(path) for folder in staged if (path := folder / f"{table}.parquet").exists()]
    rows = _rows_of(table, paths) if paths else _no_rows(columns)
    keys = KEYS.get(table, ())
    if paths and keys and _is_told_twice(con, rows, keys):
        # Rows of one key differ at most in where they were read: the least of them, as in load.sql.
        least = ", ".join(sorted(columns, key=lambda column: column not in PLACE))
        once = f"QUALIFY row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {least}) = 1"
        con.execute(f"CREATE TEMP TABLE distinct_{table} AS {rows} {once}")
        rows = f"FROM distinct_{table}"
    con.execute(f"CREATE TEMP VIEW staged_{table} AS {rows}")


def _rows_of(table: str, paths: Sequence[str]) -> str:
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    if table != "article_versions":
        return f"FROM read_parquet([{files}])"
    versions = f"read_parquet([{files}], filename = true)"
    return f"FROM (SELECT * EXCLUDE (filename), {_BATCH_OF} AS batch_id FROM {versions})"  # noqa: S608


def _no_rows(columns: Mapping[str, str]) -> str:
    typed = ", ".join(f'NULL::{sql} AS "{name}"' for name, sql in columns.items())
    return f"FROM (SELECT {typed}) WHERE false"


def _is_told_twice(con: duckdb.DuckDBPyConnection, rows: str, keys: Sequence[str]) -> bool:
    """Whether two rows have one key: to find out costs little, to sort the rows by their keys much."""
    count = f"SELECT count(*) > count(DISTINCT row({', '.join(keys)})) {rows}"
    row = con.execute(count).fetchone()
    return bool(row and row[0])


def _merge(con: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, int]:
    """Run load.sql; the number of rows that it inserted, by table."""
    added = dict.fromkeys(ROW_TYPES, 0)
    for statement in statements("load.sql"):
        changed = con.execute(statement, {"now": now} if "$now" in statement else {}).fetchone()
        insert = _INSERT.match(statement)
        if insert and changed:
            added[insert[1]] += changed[0]
    return added
