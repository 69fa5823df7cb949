"""The titles that the warehouse knows, with the articles whose titles they are.

Called at the start of a run, to tell headlines of other articles behind a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import duckdb

ROWS_AT_ONCE = 10_000

_TITLES = """
SELECT DISTINCT title, article_id
FROM article_versions
WHERE title IS NOT NULL
"""


def titles_of(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, UUID]]:
    """Every title of every article, old versions' among them, in no order."""
    found = con.execute(_TITLES)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        yield from rows
