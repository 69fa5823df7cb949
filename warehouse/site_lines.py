"""The latest texts of every outlet, to tell which lines its site repeats.

Called at the start of a run, as `titles` is.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import duckdb

from warehouse.titles import UNFINISHED_SINCE

PER_OUTLET = 32  # texts of an outlet, the latest: enough to see what it repeats today
ROWS_AT_ONCE = 1_000

_TEXTS = f"""
WITH latest AS (
    SELECT
        v.version_id,
        v.article_id,
        v.extracted_at,
        a.outlet_id,
        a.url
    FROM article_versions AS v
    JOIN articles AS a USING (article_id)
    WHERE v.extracted_at < {UNFINISHED_SINCE}
    QUALIFY row_number() OVER (
        PARTITION BY v.article_id
        ORDER BY v.extracted_at DESC, v.version_id DESC
    ) = 1
),
chosen AS (
    FROM latest
    QUALIFY row_number() OVER (
        PARTITION BY outlet_id
        ORDER BY extracted_at DESC, version_id DESC
    ) <= $most
)
SELECT
    c.url,
    o.name,
    c.article_id,
    v.text
FROM chosen AS c
JOIN article_versions AS v USING (version_id)
LEFT JOIN outlets AS o ON o.outlet_id = c.outlet_id
"""  # noqa: S608 - our own words


def site_texts(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str | None, str | None, UUID, str]]:
    """Address, outlet's name, article and text of the latest articles of every outlet, in no order."""
    found = con.execute(_TEXTS, {"most": PER_OUTLET})
    while rows := found.fetchmany(ROWS_AT_ONCE):
        yield from rows
