"""Whether there is something to check: what was loaded since the last checks, or what they found broken."""

from __future__ import annotations

from datetime import datetime

import duckdb

from warehouse.checks.run import failing_checks


def unchecked_since(con: duckdb.DuckDBPyConnection, own: datetime | None = None) -> datetime | None:
    """What to give `run_checks`: the clock of the first load after the last checks.

    A load bears the clock of when its run began, so checks of another run that came in between may be younger
    than rows that they never saw. `own` is the clock of the run that asks: what it loaded is always checked.

    Where all that is loaded was checked and an error was found, the clock of those checks: they say so again,
    until they pass. None where everything is checked and sound.
    """
    clocks: tuple[datetime | None, datetime | None] | None = con.execute(
        """
        WITH checked AS (SELECT max(checked_at) AS last_at FROM quality_checks)
        SELECT
            (
                SELECT min(loaded_at)
                FROM load_batches
                WHERE loaded_at > coalesce(last_at, '-infinity') OR loaded_at = $own
            ),
            last_at
        FROM checked
        """,
        {"own": own},
    ).fetchone()
    first_load, last_checks = clocks or (None, None)
    if first_load is None and failing_checks(con):
        return last_checks
    return first_load
