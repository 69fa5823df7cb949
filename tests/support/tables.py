"""Warehouses compared table by table: everything but the clocks and the ids of runs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from warehouse.connect import reading

HISTORY = {"runs", "schema_migrations", "schema_views"}  # what ran is not what was loaded
CLOCKS = {
    "first_seen_at",
    "extracted_at",
    "loaded_at",
    "checked_at",
    "made_at",
    "created_at",
    "merged_at",
    "run_id",
}

# The index of search() gives its numbers in the order of loading: it is compared by the words they stand for.
NUMBERS = {"term_no", "document_no"}
POSTINGS = """
SELECT term, version_id, in_title, in_text
FROM search_postings
JOIN search_terms USING (term_no)
JOIN search_documents USING (document_no)
ORDER BY ALL
"""


def contents(warehouse: Path, without: AbstractSet[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table, in a fixed order, without clocks and the columns that are named."""
    with reading(warehouse) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        found = {}
        for (table,) in tables:
            if table in HISTORY:
                continue
            columns = con.execute(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
                [table],
            ).fetchall()
            kept = [f'"{column}"' for (column,) in columns if column not in CLOCKS | NUMBERS | without]
            found[table] = con.execute(f'SELECT {", ".join(kept)} FROM "{table}" ORDER BY ALL').fetchall()
        found["search_postings"] = con.execute(POSTINGS).fetchall()
        return found


def counts(warehouse: Path) -> dict[str, int]:
    """How many rows every table has, the history of runs apart."""
    return {table: len(rows) for table, rows in contents(warehouse).items()}
