"""Opening the warehouse: `loading` for the one writer, `reading` for everybody else.

Which file the loader goes on from, source.py decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from warehouse.errors import (
    explained,
    first_line,
    holder,
    is_damage,
    is_lock_conflict,
    locked,
    no_warehouse,
)
from warehouse.files import WarehouseFiles
from warehouse.ledger import damaged_build, verify_ledger
from warehouse.lock import POLL_SECONDS, loader_lock
from warehouse.readonly import connect_to_ours, is_absent, refuse_foreign
from warehouse.schema import migrate
from warehouse.source import prepare_build

# DuckDB takes 80 % of the machine when it is not told; a batch needs a few MB, a check over millions of
# rows spills to the disk beyond this.
MEMORY_LIMIT: Final = "1GB"
# `known_sources` holds the lock for a moment: nobody is told of a locked warehouse because of that.
GRACE_SECONDS: Final = 1.0


def utc_now() -> datetime:
    """Now, as the warehouse stores time: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def loading(
    files: WarehouseFiles, *, wait_seconds: float, clock: Callable[[], datetime] = utc_now
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file, open for writing, its schema up to date and its counts verified; one process at a time.

    Raises `WarehouseError`: `not_a_warehouse`, `warehouse_locked` (after `wait_seconds`), `newer_schema`,
    `changed_schema`, `damaged`, `disk_full`, `not_writable`. Errors of these kinds inside the block are put
    into the same sentences.
    """
    wait_seconds = max(wait_seconds, GRACE_SECONDS)
    deadline = time.monotonic() + wait_seconds
    with in_sentences(files):
        refuse_foreign(files.published)
        with loader_lock(files, wait_seconds=wait_seconds):
            prepare_build(files, clock())
            con = _open_build(files, deadline)
            try:
                con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
                migrate(con, clock())
                verify_ledger(con, files)
                yield con
            finally:
                _close(con)


def reading(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a published warehouse that can reach no other file and no network.

    Raises `WarehouseError`: `no_warehouse`, `not_a_warehouse`, `warehouse_locked`.
    """
    if is_absent(path):
        raise no_warehouse(path)
    refuse_foreign(path)
    con = connect_to_ours(path)
    con.execute("SET python_enable_replacements = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


@contextmanager
def in_sentences(files: WarehouseFiles) -> Iterator[None]:
    """Turn what DuckDB and the system raise into `WarehouseError`, where a person can act on it."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        known = explained(error, files.published)
        if known is None:
            raise
        raise known from error


# --- connections -----------------------------------------------------------------


def _open_build(files: WarehouseFiles, deadline: float) -> duckdb.DuckDBPyConnection:
    """The build for writing; somebody may look into it for a moment, so try again until the deadline."""
    while True:
        try:
            return duckdb.connect(str(files.build))
        except duckdb.Error as error:
            if is_lock_conflict(error):
                if time.monotonic() >= deadline:
                    raise locked(files.build, holder(error)) from error
                time.sleep(POLL_SECONDS)
            elif is_damage(error):
                raise damaged_build(files, first_line(error)) from error
            else:
                raise


def _close(con: duckdb.DuckDBPyConnection) -> None:
    """Close it, even where a full disk has invalidated the database: the next opening recovers."""
    try:
        con.close()
    except duckdb.Error:
        return
