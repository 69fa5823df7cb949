"""`onrecord sql`: an answer of the published warehouse as a table, as CSV or as JSON lines."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.terminal import plain
from warehouse.query import QueryResult, query

WIDTH_ELSEWHERE = 200  # columns of a table that does not go to a terminal


def print_query(warehouse: Path, statement: str, form: str) -> None:
    """Print what the query gives; `form` is table, csv or json.

    Raises WarehouseError where there is no warehouse or the statement is not one.
    """
    FORMS[form](query(warehouse, statement))


def as_table(result: QueryResult) -> None:
    """A table for people, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH_ELSEWHERE
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, kind in zip(result.columns, result.types, strict=True):
        right = any(word in kind for word in ("INT", "DOUBLE", "DECIMAL", "FLOAT"))
        table.add_column(plain(name), justify="right" if right else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*(readable(value) for value in row))
    Console(width=width, markup=False, highlight=False, emoji=False).print(table)
    print(f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}")


def as_csv(result: QueryResult) -> None:
    """RFC 4180, with a header; NULL is empty."""
    writer = csv.writer(sys.stdout)
    writer.writerow(result.columns)
    writer.writerows(result.rows)


def as_json(result: QueryResult) -> None:
    """One object a row and line."""
    for row in result.rows:
        print(json.dumps(dict(zip(result.columns, row, strict=True)), ensure_ascii=False, default=exported))


def readable(value: Any) -> str:
    """A value as a person reads it in a table: no control characters, midnight as a day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(readable(item) for item in value)
    return plain(str(value))


def exported(value: Any) -> Any:
    """What JSON has no type for: moments in ISO 8601, the rest as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


FORMS: dict[str, Callable[[QueryResult], None]] = {"table": as_table, "csv": as_csv, "json": as_json}
