"""Parquet of the published warehouse, for pandas, polars, Spark and whatever reads no DuckDB file.

A table that knows the day of publication is a folder with a part for each day (`published_on=2024-05-01/`,
the Hive layout that all of them read); another one is one file. `SCHEMA.md` says what every column means.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from warehouse.connect import in_sentences
from warehouse.dictionary import dictionary
from warehouse.errors import WarehouseError, no_warehouse
from warehouse.files import WarehouseFiles
from warehouse.readonly import connect_to_ours, is_absent, refuse_foreign
from warehouse.schema import LEDGERS

# What analysts ask most, ready to read without a join.
VIEWS: Final = ("current_articles", "who_said_what")
# The index of search() means nothing without its macro, and the ledgers of the schema nothing to anybody.
INDEX: Final = "search_"
# Packed numbers that linking reads: of no use to anybody else.
PACKED: Final = frozenset({"article_sayings"})
DAY: Final = "published_on"
DICTIONARY: Final = "SCHEMA.md"
MEMORY_LIMIT: Final = "1GB"


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table that was written: its rows, and in how many days they lie (none: it is one file)."""

    name: str
    rows: int
    days: int | None
    bytes: int


def export(
    published: Path, folder: Path, told: Callable[[ExportedTable], None] = lambda _: None
) -> list[ExportedTable]:
    """Write every table, and the views in `VIEWS`, as Parquet; all of it is there or nothing.

    `told` hears of each table as soon as it is written. An earlier export in the folder gives way. Raises
    `WarehouseError`: `no_warehouse`, `not_a_warehouse`, `disk_full`, `not_writable`, or `occupied` where the
    folder holds anything but an export.
    """
    if is_absent(published):
        raise no_warehouse(published)
    refuse_foreign(published)
    _refuse_occupied(folder)
    part = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    with in_sentences(WarehouseFiles(folder)), connect_to_ours(published) as con:
        try:
            part.mkdir(parents=True)
            tables = _write_all(con, part, told)
            told_of = dictionary(con, [table.name for table in tables])
            (part / DICTIONARY).write_text(told_of, encoding="utf-8")
            if folder.exists():
                shutil.rmtree(folder)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return tables


def _refuse_occupied(folder: Path) -> None:
    if (
        not folder.exists()
        or (folder / DICTIONARY).is_file()
        or (folder.is_dir() and not any(folder.iterdir()))
    ):
        return
    raise WarehouseError(
        "occupied", f"{folder} holds something that no export made; name another folder, or a new one."
    )


def _write_all(
    con: duckdb.DuckDBPyConnection, folder: Path, told: Callable[[ExportedTable], None]
) -> list[ExportedTable]:
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    tables = []
    for name in _exported_names(con):
        tables.append(_write(con, name, folder))
        told(tables[-1])
    return tables


def _exported_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name")
    left_out = LEDGERS | PACKED
    tables = [name for (name,) in names.fetchall() if name not in left_out and not name.startswith(INDEX)]
    return tables + list(VIEWS)


def _write(con: duckdb.DuckDBPyConnection, name: str, folder: Path) -> ExportedTable:
    columns = [column for (column, *_) in con.execute(f"DESCRIBE {name}").fetchall()]
    rows = _single(con, f"SELECT count(*) FROM {name}")  # noqa: S608
    # A partitioned copy of no row writes nothing; as one file its columns are known all the same.
    by_day = DAY in columns and rows > 0
    target = folder / (name if by_day else f"{name}.parquet")
    source = f"(FROM {name} ORDER BY {DAY})" if by_day else name
    how = f", PARTITION_BY ({DAY})" if by_day else ""
    con.execute(f"COPY {source} TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd{how})")
    return ExportedTable(name, rows, len(list(target.iterdir())) if by_day else None, _bytes_of(target))


def _single(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _bytes_of(target: Path) -> int:
    files = [target] if target.is_file() else [file for file in target.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
