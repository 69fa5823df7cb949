"""The tables of a warehouse as values: what they are, their columns, and what each column refers to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

# Which table an id belongs to, by the word before `_id` (the last one: speaker_entity_id is an entity's).
OWNERS: Final = {
    "outlet": "outlets",
    "article": "articles",
    "version": "article_versions",
    "entity": "entities",
    "quote": "quotes",
    "mention": "mentions",
    "story": "stories",
    "statement": "statements",
    "run": "runs",
    "batch": "load_batches",
    "fetch": "fetches",
    "failure": "failures",
}
# Ids that are called otherwise.
OTHER_NAMES: Final = {
    "article_a": "articles",
    "article_b": "articles",
    "quote_a": "quotes",
    "quote_b": "quotes",
    "original_id": "articles",
    "reworded_from": "statements",
    "document_no": "search_documents",
    "term_no": "search_terms",
}
FOREIGN: Final = frozenset({"flow_run_id", "input_id"})  # Prefect's, and the input's own

_TABLES = """
SELECT
    table_name,
    coalesce(comment, '')
FROM duckdb_tables()
WHERE schema_name = 'main'
  AND NOT temporary
ORDER BY table_name
"""
_COLUMNS = """
SELECT
    table_name,
    column_name,
    data_type,
    coalesce(comment, '')
FROM duckdb_columns()
WHERE schema_name = 'main'
ORDER BY
    table_name,
    column_index
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `refers` is the table whose rows it points to; with `is_key` it names rows of its own."""

    name: str
    kind: str
    about: str
    refers: str | None
    is_key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its meaning."""

    name: str
    about: str
    columns: tuple[Column, ...]


def read_tables(con: duckdb.DuckDBPyConnection) -> list[Table]:
    """All tables, by name."""
    named = con.execute(_TABLES).fetchall()
    names = {name for name, _ in named}
    columns: dict[str, list[Column]] = {}
    for table, name, kind, about in con.execute(_COLUMNS).fetchall():
        owner = owner_of(name)
        owner = owner if owner in names else None
        refers = owner if owner != table or name != key_of(table) else None
        columns.setdefault(table, []).append(Column(name, kind, about, refers, name == key_of(table)))
    return [Table(name, about, tuple(columns[name])) for name, about in named]


def owner_of(column: str) -> str | None:
    """The table that an id of this name belongs to."""
    if column in OTHER_NAMES:
        return OTHER_NAMES[column]
    if column in FOREIGN or not column.endswith("_id"):
        return None
    return OWNERS.get(column.removesuffix("_id").rpartition("_")[2])


def key_of(table: str) -> str | None:
    """The column that names the rows of a table, where there is one."""
    others = {"search_documents": "document_no", "search_terms": "term_no"}
    ids = {owner: f"{word}_id" for word, owner in OWNERS.items()}
    return others.get(table) or ids.get(table)
