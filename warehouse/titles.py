"""The titles that the warehouse knows, with the articles whose titles they are.

Called at the start of a run, to tell headlines of other articles behind a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import duckdb

ROWS_AT_ONCE = 10_000

# What a killed run has loaded is left out until a run ends well: it must not change how the same input is cut
# when it is run again, or the outcome would depend on the moment of the kill.
UNFINISHED_SINCE = """
coalesce(
    (
        SELECT min(started_at)
        FROM runs
        WHERE state IN ('running', 'crashed', 'Failed')
          AND started_at > coalesce(
            (
                SELECT max(ended_at)
                FROM runs
                WHERE state NOT IN ('running', 'crashed', 'Failed')
            ),
            '-infinity'
        )
    ),
    'infinity'
)
"""
_TITLES = f"""
SELECT DISTINCT title, article_id
FROM article_versions
WHERE title IS NOT NULL
  AND extracted_at < {UNFINISHED_SINCE}
"""  # noqa: S608 - our own words


def titles_of(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, UUID]]:
    """Every title of every article, old versions' among them, in no order; but for those of a killed run."""
    found = con.execute(_TITLES)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        yield from rows
