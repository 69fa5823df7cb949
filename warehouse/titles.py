"""The titles that the warehouse knows, with the articles whose titles they are.

Called at the start of a run, to tell headlines of other articles behind a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import duckdb

ROWS_AT_ONCE = 10_000

# Only of runs that ended well: what a killed run has loaded must not change how the same input is cut when
# it is run again, or the outcome would depend on the moment of the kill.
_TITLES = """
SELECT DISTINCT title, article_id
FROM article_versions
WHERE title IS NOT NULL
  AND extracted_at <= (
    SELECT max(ended_at)
    FROM runs
    WHERE state NOT IN ('running', 'crashed', 'Failed')
  )
"""


def titles_of(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, UUID]]:
    """Every title of every article that a finished run brought, old versions' among them, in no order."""
    found = con.execute(_TITLES)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        yield from rows
