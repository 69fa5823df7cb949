"""Looking at a database file without writing it: what is there, whether it is ours, opening it to read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from warehouse.errors import (
    WarehouseError,
    first_line,
    holder,
    is_damage,
    is_lock_conflict,
    locked,
    not_a_warehouse,
)
from warehouse.schema import is_ours

_MAGIC: Final = b"DUCK"  # at byte 8 of every DuckDB file


def is_absent(path: Path) -> bool:
    """Whether nothing is there, or a file without a byte in it, which nobody can miss."""
    try:
        return not path.exists() or (path.is_file() and path.stat().st_size == 0)
    except OSError:
        return True


def refuse_foreign(path: Path) -> None:
    """Raise `not_a_warehouse` where the path holds anything but a DuckDB file."""
    if path.name in {"", ".."}:
        raise not_a_warehouse(path)
    if is_absent(path):
        return
    if not path.is_file():
        raise not_a_warehouse(path)
    with path.open("rb") as file:
        if file.read(12)[8:] != _MAGIC:
            raise not_a_warehouse(path)


def connect_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """The file, opened read-only. Raises `WarehouseError`: locked, damaged or not a database."""
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if is_lock_conflict(error):
            raise locked(path, holder(error)) from error
        if is_damage(error):
            raise WarehouseError("damaged", f"{path} cannot be read: {first_line(error)}") from error
        raise not_a_warehouse(path) from error


def connect_to_ours(path: Path) -> duckdb.DuckDBPyConnection:
    """The same, where it is a warehouse; else raises `not_a_warehouse`."""
    con = connect_reading(path)
    if not is_ours(con):
        con.close()
        raise not_a_warehouse(path)
    return con
