"""Running the .sql files of this folder, and appending rows to the tables they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from warehouse.scripts import statements


def run(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> None:
    """Run a file, statement by statement, each with those of the values that it names."""
    for statement in statements(f"linking/{name}"):
        con.execute(statement, {key: value for key, value in values.items() if f"${key}" in statement})


def script(name: str) -> str:
    """The one statement of a file."""
    [statement] = statements(f"linking/{name}")
    return statement


def append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Append rows to a table."""
    if rows:
        appender = con.appender(table)
        appender.append_rows(rows)
        appender.flush()


def count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number of an answer."""
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
