"""Ad-hoc SQL on the published warehouse, read-only: a query can change and reach nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import reading
from warehouse.errors import WarehouseError


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gave: the names and types of its columns, and its rows.

    A type reads as DuckDB writes it: `DECIMAL(18,2)`, `STRUCT(a INTEGER, b VARCHAR[])`.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def query(path: Path, sql: str) -> QueryResult:
    """The result of one statement.

    Raises `WarehouseError`: `bad_sql` with what DuckDB says of it, and what `reading` raises.
    """
    with reading(path) as con:
        try:
            _refuse_all_but_one(con.extract_statements(sql))
            return result_of(con.execute(sql))
        except duckdb.Error as error:
            raise WarehouseError("bad_sql", _told(error)) from error


def result_of(answered: duckdb.DuckDBPyConnection) -> QueryResult:
    """The rows of a statement that was executed, with the names and types of its columns."""
    described = answered.description or []
    return QueryResult(
        tuple(str(column[0]) for column in described),
        tuple(str(column[1]) for column in described),
        answered.fetchall(),
    )


def _refuse_all_but_one(statements: list[duckdb.Statement]) -> None:
    if not statements:
        raise WarehouseError("bad_sql", "That is no statement; try: SELECT * FROM who_said_what")
    if len(statements) > 1:
        raise WarehouseError("bad_sql", "Those are several statements; ask one statement at a time.")


def _told(error: duckdb.Error) -> str:
    """DuckDB's first line, with its suggestion where it makes one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    hints = [line for line in lines[1:] if line.startswith(("Did you mean", "Candidate bindings"))]
    return " ".join(lines[:1] + hints[:1])
