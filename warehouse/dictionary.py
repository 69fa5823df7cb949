"""What every table and column means, as a page: read from the comments of the warehouse itself."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

_HEAD = """# What is in here

Written by onrecord from the comments of the warehouse.
"""
_ABOUT = """
SELECT coalesce(comment, '')
FROM (
    SELECT
        table_name AS name,
        comment
    FROM duckdb_tables()
    UNION ALL
    SELECT
        view_name AS name,
        comment
    FROM duckdb_views()
)
WHERE name = ?
"""
_COLUMNS = """
SELECT
    column_name,
    data_type,
    coalesce(comment, '')
FROM duckdb_columns()
WHERE table_name = ?
ORDER BY column_index
"""


def dictionary(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> str:
    """A section for each of the tables and views, in Markdown."""
    return "\n".join([_HEAD, *(section(con, name) for name in names)])


def section(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """A table or view with its columns and their meanings, in Markdown."""
    [about] = con.execute(_ABOUT, [name]).fetchone() or ("",)
    columns = con.execute(_COLUMNS, [name]).fetchall()
    rows = [f"| {column} | {kind} | {_in_cell(meaning)} |" for column, kind, meaning in columns]
    return "\n".join([f"## {name}", "", about, "", "| column | type | meaning |", "|---|---|---|", *rows, ""])


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")
