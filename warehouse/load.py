"""The exactly-once load of staged batches, in transactions, by the one process that holds the build.

`load_batches` adds what is new of them; what it finds already loaded it leaves as it is. Whatever several
articles say together (an entity's name, an outlet's domain) is a function of the *set* of loaded rows: any
order and any batching give the same tables.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
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
from warehouse.rows import ROW_TYPES
from warehouse.schema import roll_back
from warehouse.scripts import statements
from warehouse.staged_rows import drop_staged_rows, view_staged_rows
from warehouse.staging import staged_batches, torn_batches

# Who runs a killed command again does it within days; then its staged work is found. Seven days, in seconds.
ABANDONED_SECONDS: Final = 7 * 24 * 3600

# Batches of one transaction, as Parquet: up to 100,000 articles, 50,000 where what linking keeps lies beside
# them. Each transaction costs .3 s of CPU for itself, and a second and more in a large warehouse.
BYTES_TOGETHER: Final = 300 << 20

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
    with _one_thread(con):
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


@contextmanager
def _one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Several threads insert in order for a quarter more CPU, and extraction wants the other cores."""
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # a full disk has invalidated the database
            con.execute("RESET threads")


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
    view_staged_rows(con, staged)
    added = _merge(con, now)
    drop_staged_rows(con)
    return added


def _merge(con: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, int]:
    """Run load.sql; the number of rows that it inserted, by table."""
    added = dict.fromkeys(ROW_TYPES, 0)
    for statement in statements("load.sql"):
        changed = con.execute(statement, {"now": now} if "$now" in statement else {}).fetchone()
        insert = _INSERT.match(statement)
        if insert and changed:
            added[insert[1]] += changed[0]
    return added
