"""The staged rows of many batches as views `staged_<table>`: what load.sql reads.

A row that is told twice is in them once. Rows of texts come in the order of their days, as far as that pays:
whoever asks for a day then reads few blocks of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from warehouse.rows import ROW_TYPES, sql_columns

# What makes two staged rows the same row; those of the other tables are summed up by load.sql.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "article_versions": ("version_id",),
    "segments": ("version_id", "segment_no"),
    "mentions": ("mention_id",),
    "quotes": ("quote_id",),
    "quote_spans": ("quote_id", "span_no"),
    "failures": ("failure_id",),
    "observations": ("version_id", "observed_at"),
    "version_revivals": ("version_id",),
    "article_sayings": ("version_id",),
}
PLACE: Final = ("location", "source_digest")
# Where each version is told once, so is all that points into its text.
OF_A_VERSION: Final = frozenset({"segments", "mentions", "quotes", "quote_spans", "article_sayings"})
# Tables that are asked by the day, and how the rows of a day lie.
BY_DAY: Final[dict[str, str]] = {
    "article_versions": "version_id",
    "segments": "version_id, segment_no",
    "mentions": "version_id, char_start",
    "quotes": "version_id, char_start",
}
# A batch that spans no more days than these is as good as sorted: to sort its rows again would be two
# thirds of what it costs to write them.
DAYS_OF_A_BATCH: Final = 7

_BATCH_OF: Final = r"regexp_extract(filename, '([0-9a-f-]{36})[/\\][^/\\]*$', 1)::UUID"

# Table names below are our own constants, and files are staged by us: that is what S608 is about.


def view_staged_rows(con: duckdb.DuckDBPyConnection, staged: Sequence[Path]) -> None:
    """Make a view `staged_<table>` of the rows of the batches for every table; empty where they have none.

    A version has the `batch_id` of the batch that brings it.
    """
    folders, are_mixed = _by_first_day(con, staged)
    versions_once = True
    for table in ("article_versions", *(table for table in ROW_TYPES if table != "article_versions")):
        rows = _rows_of(table, folders)
        looked_at = table in KEYS and not (versions_once and table in OF_A_VERSION)
        if rows and looked_at and _is_told_twice(con, rows, KEYS[table]):
            rows = _once(con, table, rows)
            versions_once = versions_once and table != "article_versions"
        if rows and are_mixed and table in BY_DAY:
            rows = _sorted_by_day(con, table, rows)
        con.execute(f"CREATE TEMP VIEW staged_{table} AS {rows or _no_rows(_columns(table))}")


def drop_staged_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what `view_staged_rows` made."""
    for table in ROW_TYPES:
        con.execute(f"DROP VIEW staged_{table}")
        con.execute(f"DROP TABLE IF EXISTS distinct_{table}")
    con.execute("DROP TABLE IF EXISTS staged_days")


def _by_first_day(con: duckdb.DuckDBPyConnection, staged: Sequence[Path]) -> tuple[list[Path], bool]:
    """The batches in the order of their days, and whether the days of many are mixed all the same."""
    rows = _rows_of("article_versions", staged)
    if rows is None:
        return list(staged), False
    spans = con.execute(
        f"""
        SELECT
            batch_id::VARCHAR,
            quantile_disc(published_on, 0.1) AS first_on,
            quantile_disc(published_on, 0.9) AS last_on
        FROM ({rows})
        GROUP BY batch_id
        ORDER BY first_on, batch_id
        """  # noqa: S608
    ).fetchall()
    order = {name: place for place, (name, *_) in enumerate(spans)}
    mixed = sum((last - first).days > DAYS_OF_A_BATCH for _, first, last in spans if first)
    return sorted(staged, key=lambda folder: order.get(folder.name, len(order))), 2 * mixed > len(spans)


def _rows_of(table: str, staged: Sequence[Path]) -> str | None:
    """All staged rows of a table; None where no batch has any."""
    paths = [str(path) for folder in staged if (path := folder / f"{table}.parquet").exists()]
    if not paths:
        return None
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    if table != "article_versions":
        return f"FROM read_parquet([{files}])"
    versions = f"read_parquet([{files}], filename = true)"
    return f"FROM (SELECT * EXCLUDE (filename), {_BATCH_OF} AS batch_id FROM {versions})"  # noqa: S608


def _columns(table: str) -> dict[str, str]:
    columns = sql_columns(table)
    return {**columns, "batch_id": "UUID"} if table == "article_versions" else columns


def _no_rows(columns: Mapping[str, str]) -> str:
    typed = ", ".join(f'NULL::{sql} AS "{name}"' for name, sql in columns.items())
    return f"FROM (SELECT {typed}) WHERE false"


def _is_told_twice(con: duckdb.DuckDBPyConnection, rows: str, keys: Sequence[str]) -> bool:
    """Whether two rows have one key: to find out costs little, to sort the rows by their keys much."""
    count = f"SELECT count(*) > count(DISTINCT row({', '.join(keys)})) {rows}"
    row = con.execute(count).fetchone()
    return bool(row and row[0])


def _once(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> str:
    """Each key once. Rows of one key differ at most in where they were read: the least of them is taken."""
    least = ", ".join(sorted(_columns(table), key=lambda column: column not in PLACE))
    once = f"QUALIFY row_number() OVER (PARTITION BY {', '.join(KEYS[table])} ORDER BY {least}) = 1"
    con.execute(f"CREATE TEMP TABLE distinct_{table} AS {rows} {once}")
    return f"FROM distinct_{table}"


def _sorted_by_day(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> str:
    if table == "article_versions":
        con.execute(f"CREATE TEMP TABLE staged_days AS SELECT version_id, published_on {rows}")
        return f"{rows} ORDER BY published_on, {BY_DAY[table]}"
    joined = f"FROM ({rows}) AS s JOIN staged_days AS d USING (version_id)"
    return f"SELECT s.* {joined} ORDER BY d.published_on, {BY_DAY[table]}"
