"""`onrecord sql`: an answer of the published warehouse as a table, as CSV or as JSON lines."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.exported import as_json, exported
from flows.terminal import blank_steering, plain, width_of
from warehouse.query import QueryResult, query

LEAST_COLUMN = 12  # characters; where columns would be narrower on average, each row becomes a block
WIDTH_ELSEWHERE = 200  # columns of a table that does not go to a terminal


def print_query(warehouse: Path, statement: str, form: str) -> None:
    """Print what the query gives; `form` is table, csv or json.

    Raises WarehouseError where there is no warehouse or the statement is not one.
    """
    FORMS[form](query(warehouse, statement))


def print_table(result: QueryResult) -> None:
    """A table for people, as wide as the terminal; a block a row where it is too narrow for columns."""
    width = width_of(sys.stdout, elsewhere=WIDTH_ELSEWHERE)
    if result.columns and width // len(result.columns) < LEAST_COLUMN and result.rows:
        print_blocks(result)
    else:
        print_columns(result, width)
    print(f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}")


def print_columns(result: QueryResult, width: int) -> None:
    """The rows below each other."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, kind in zip(result.columns, result.types, strict=True):
        is_number = any(word in kind.upper() for word in NUMBERS)
        table.add_column(plain(name), justify="right" if is_number else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*(readable(value) for value in row))
    Console(width=width, markup=False, highlight=False, emoji=False).print(table)


def print_blocks(result: QueryResult) -> None:
    """Each row as lines of name and value."""
    longest = max(len(name) for name in result.columns)
    for row in result.rows:
        for name, value in zip(result.columns, row, strict=True):
            print(f"{plain(name):<{longest}}  {readable(value)}")
        print()


def print_csv(result: QueryResult) -> None:
    """Comma-separated values with a header; NULL is empty, lists and structs are JSON."""
    # On a terminal, text of articles must not steer it; in a file or pipe it is kept as it is.
    kept = blank_steering if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([kept(name) for name in result.columns])
    for row in result.rows:
        writer.writerow([kept(exported(value)) for value in row])


def print_json(result: QueryResult) -> None:
    """One object a row and line; a column whose name another had before gets a number."""
    names = numbered(result.columns)
    for row in result.rows:
        print(as_json(dict(zip(names, row, strict=True))))


def numbered(columns: tuple[str, ...]) -> list[str]:
    """The names, each only once: a, a_1, a_2."""
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def readable(value: Any) -> str:
    """A value as a person reads it in a table: no control characters, midnight as a day."""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return plain(exported(value))


NUMBERS = ("INT", "DOUBLE", "DECIMAL", "FLOAT", "NUMBER")
FORMS: dict[str, Callable[[QueryResult], None]] = {
    "table": print_table,
    "csv": print_csv,
    "json": print_json,
}
