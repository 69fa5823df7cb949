"""The index behind `search()`: kept up to date in plain SQL, by the one process that holds the build.

It is a function of the loaded versions: whatever a killed process left undone, the next call does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import duckdb

from warehouse.schema import roll_back
from warehouse.scripts import statements

# Versions that are indexed in one transaction: some 5 million postings, 200 MB.
VERSIONS_AT_ONCE: Final = 20_000
# A search reads every block of postings that may hold its words. Sorted by word these are few; what was added
# since lies in the order of loading. When that is this share of all, the whole is sorted again: each posting
# is sorted twice in the mean, however large the index grows.
UNSORTED_SHARE: Final = 0.5
# Below so many postings a search reads all of them in some ten milliseconds.
LEAST_TO_SORT: Final = 5_000_000

_EPOCH: Final = datetime(1, 1, 1)  # noqa: DTZ001 - the warehouse stores UTC without a zone


def index_versions(con: duckdb.DuckDBPyConnection) -> int:
    """Index the versions that were loaded since the last time; the number of them.

    Mark the documents that are no longer (or again) the latest version of their article, and sort the
    postings again when that is due.
    """
    indexed = 0
    since = _last_indexed(con)
    while _missing(con) > 0:
        added = _index(con, since)
        indexed += added
        if added == 0 and since == _EPOCH:
            break
        if added == 0:
            since = _EPOCH  # the clock went back between two loads: look at all versions
    _mark_current(con)
    sort_postings(con)
    return indexed


def sort_postings(con: duckdb.DuckDBPyConnection, *, least: int = LEAST_TO_SORT) -> bool:
    """Sort the postings by word where enough of them were added since the last time; whether it did."""
    total = _single(con, "SELECT count(*) FROM search_postings")
    sorted_rows = _single(con, "SELECT coalesce(max(postings), 0) FROM search_sorted")
    if total < least or total - sorted_rows < UNSORTED_SHARE * total:
        return False
    con.execute("BEGIN")
    try:
        for statement in statements("search_sort.sql"):
            con.execute(statement)
        con.execute("COMMIT")
    except BaseException:
        roll_back(con)
        raise
    con.execute("CHECKPOINT")
    return True


def _index(con: duckdb.DuckDBPyConnection, since: datetime) -> int:
    """Index the next versions; how many."""
    before = _single(con, "SELECT count(*) FROM search_documents")
    values = {"since": since, "most": VERSIONS_AT_ONCE}
    con.execute("BEGIN")
    try:
        for statement in statements("search_index.sql"):
            con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
        con.execute("COMMIT")
    except BaseException:
        roll_back(con)
        raise
    return _single(con, "SELECT count(*) FROM search_documents") - before


def _mark_current(con: duckdb.DuckDBPyConnection) -> None:
    """Let a search find the latest version of each article, and no other."""
    con.execute(statements("search_current.sql")[0])


def _missing(con: duckdb.DuckDBPyConnection) -> int:
    versions = _single(con, "SELECT count(*) FROM article_versions")
    return versions - _single(con, "SELECT count(*) FROM search_documents")


def _last_indexed(con: duckdb.DuckDBPyConnection) -> datetime:
    row = con.execute("SELECT max(extracted_at) FROM search_documents").fetchone()
    return (row and row[0]) or _EPOCH


def _single(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
