"""The ledger of batches: entered by the load, and compared with the tables whenever the loader opens them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import duckdb

from warehouse.rows import ROW_TYPES

# Table names below are our own constants: that is what the S608 exceptions are about.


def is_loaded(con: duckdb.DuckDBPyConnection, batch_id: UUID) -> bool:
    """Whether the batch is in the ledger."""
    return con.execute("SELECT 1 FROM load_batches WHERE batch_id = ?", [batch_id]).fetchone() is not None


def _single(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def enter_batch(con: duckdb.DuckDBPyConnection, batch_id: UUID, added: dict[str, int], now: datetime) -> None:
    """Write down what a batch added, in the transaction that adds it."""
    enter_batches(con, batch_id, [], added, now)


def enter_batches(
    con: duckdb.DuckDBPyConnection,
    first: UUID,
    others: Sequence[UUID],
    added: dict[str, int],
    now: datetime,
) -> None:
    """Write down what batches added together, in the transaction that adds it: it counts with the first."""
    columns = ", ".join(["batch_id", *added, "rows_total", "loaded_at", "loaded_with"])
    marks = ", ".join("?" * (len(added) + 4))
    together = first if others else None
    rows = [[first, *added.values(), sum(added.values()), now, together]]
    rows += [[other, *(0 for _ in added), 0, now, together] for other in others]
    con.executemany(f"INSERT INTO load_batches ({columns}) VALUES ({marks})", rows)  # noqa: S608


def ledger_fault(con: duckdb.DuckDBPyConnection) -> str | None:
    """Where the rows of a loaded table are not the sum over the batches; None where all are.

    Commits were lost then, or somebody changed the tables. A warehouse of an older schema has fewer of them.
    """
    counted = {name for (name, *_) in con.execute("DESCRIBE load_batches").fetchall()}
    tables = [table for table in ROW_TYPES if table in counted]
    sums = ", ".join(f"coalesce(sum({table}), 0)::BIGINT" for table in tables)
    loaded = con.execute(f"SELECT {sums} FROM load_batches").fetchone() or ()  # noqa: S608
    # One statement each: as subqueries of one they take ten times as long. None of them scans.
    for table, wanted in zip(tables, loaded, strict=True):
        found = _single(con, f"SELECT count(*) FROM {table}")  # noqa: S608
        if wanted != found:
            return f"{table} holds {found} rows where {wanted} were loaded"
    return None
