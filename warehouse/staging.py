"""Batches of rows as Parquet, written whole or not at all.

Worker processes call `write_batch`, as many at once as you like; the loader reads what `staged_batch` finds.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import duckdb

from warehouse.durable import sync
from warehouse.errors import explained
from warehouse.ids import storable
from warehouse.rows import STAGED_TYPES, Row, StagedRows, sql_columns

TORN_SUFFIX: Final = ".tmp"
_TORN_NAME = re.compile(r"^(?P<batch>[0-9a-f-]{36})\.(?P<host>[\w-]+)\.(?P<pid>\d+)\..*\.tmp$")


def write_batch(staging: Path, batch_id: UUID, rows: StagedRows) -> Path:
    """Write the rows of one batch and return its folder; a batch that is there already stays as it is.

    Raises `WarehouseError` where the disk is full or the folder may not be written.
    """
    return adopt_batch(staging, batch_id, lambda folder: _write_tables(folder, rows))


def adopt_batch(staging: Path, batch_id: UUID, fill: Callable[[Path], None]) -> Path:
    """A batch whose files `fill` puts into the folder that it is called with; whole, or not there at all.

    Raises as `write_batch` does.
    """
    done = staging / str(batch_id)
    if done.is_dir():
        return done
    try:
        staging.mkdir(parents=True, exist_ok=True)
        owner = f"{batch_id}.{host_name()}.{os.getpid()}."
        torn = Path(tempfile.mkdtemp(prefix=owner, suffix=TORN_SUFFIX, dir=staging))
        try:
            fill(torn)
            return _finish(torn, done)
        finally:
            shutil.rmtree(torn, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        known = explained(error, staging)
        if known is None:
            raise
        raise known from error


def staged_batch(staging: Path, batch_id: UUID) -> Path | None:
    """The folder of a batch that was staged completely, or None."""
    done = staging / str(batch_id)
    return done if done.is_dir() else None


def staged_batches(staging: Path) -> list[Path]:
    """Every complete batch that waits to be loaded, by id."""
    if not staging.is_dir():
        return []
    return sorted(folder for folder in staging.iterdir() if folder.is_dir() and is_batch_name(folder.name))


def is_batch_name(name: str) -> bool:
    """Whether a folder's name is a batch id."""
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def torn_batches(staging: Path) -> list[Path]:
    """Folders that a worker began and never will finish: its process is dead."""
    if not staging.is_dir():
        return []
    return [folder for folder in staging.glob(f"*{TORN_SUFFIX}") if _is_abandoned(folder.name)]


def _is_abandoned(name: str) -> bool:
    found = _TORN_NAME.match(name)
    if found is None:
        return True
    return found["host"] == host_name() and not is_alive(int(found["pid"]))


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def host_name() -> str:
    """The name of this machine, as it may stand in a folder's name."""
    return re.sub(r"[^\w-]", "-", socket.gethostname(), flags=re.ASCII)


def _write_tables(folder: Path, rows: StagedRows) -> None:
    unknown = set(rows) - set(STAGED_TYPES)
    if unknown:
        raise KeyError(f"no such table to stage: {', '.join(sorted(unknown))}")
    # One thread: a batch is small, and many workers stage at once.
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        for table, table_rows in rows.items():
            if table_rows:
                _write_table(con, folder / f"{table}.parquet", table, table_rows)


def _write_table(con: duckdb.DuckDBPyConnection, path: Path, table: str, rows: Sequence[Row]) -> None:
    columns = ", ".join(f'"{name}" {sql}' for name, sql in sql_columns(table).items())
    con.execute(f'CREATE TABLE "{table}" ({columns})')
    _append(con, table, rows)
    con.execute(f"COPY \"{table}\" TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")
    con.execute(f'DROP TABLE "{table}"')
    sync(path)


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    appender = con.appender(table)
    try:
        appender.append_rows(rows)
    except duckdb.InvalidInputException:
        # Lone surrogates (undecodable file names, say) are the one thing a string cannot be stored with.
        appender.clear()
        con.execute(f'TRUNCATE "{table}"')
        appender.append_rows(_without_surrogates(rows))
    appender.flush()


def _without_surrogates(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    return [tuple(_storable(value) for value in row) for row in rows]


def _storable(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value


def _finish(torn: Path, done: Path) -> Path:
    sync(torn)
    try:
        torn.rename(done)
    except OSError:
        if not done.is_dir():  # else another worker was quicker with the same batch
            raise
    sync(done.parent)
    return done


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
