"""Whether something was loaded that no check has seen: by this run, or by one that was killed in between."""

from __future__ import annotations

from datetime import datetime

import duckdb


def unchecked_since(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The clock of the first load after the last checks; None where all that is loaded was checked."""
    row = con.execute(
        """
        SELECT min(loaded_at)
        FROM load_batches
        WHERE loaded_at > coalesce((SELECT max(checked_at) FROM quality_checks), '-infinity')
        """
    ).fetchone()
    return row[0] if row else None
