"""The ledger of backfills: which days are done, by which extraction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import duckdb


class BackfillDay(NamedTuple):
    """A row of `backfill_days`."""

    backfill_id: UUID
    day: date
    extractor: str
    origin: str
    inputs: Sequence[str]
    run_id: UUID | None
    state: str
    documents: int
    versions: int
    failed: int
    ended_at: datetime


def done_days(con: duckdb.DuckDBPyConnection, backfill_id: UUID, extractor: str) -> frozenset[date]:
    """The days that a backfill has done with an extraction."""
    rows = con.execute(
        """
        SELECT day
        FROM backfill_days
        WHERE backfill_id = ?
          AND extractor = ?
        """,
        [backfill_id, extractor],
    ).fetchall()
    return frozenset(day for (day,) in rows)


def enter_day(con: duckdb.DuckDBPyConnection, done: BackfillDay) -> None:
    """Enter a day that is done; one that was done again is there once, as it was done last."""
    con.execute(
        """
        INSERT OR REPLACE INTO backfill_days
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [*done],
    )
