"""Opening the warehouse: `loading` for the one writer, `reading` for everybody else.

Which file the loader goes on from, source.py decides.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from warehouse.errors import (
    WarehouseError,
    damaged,
    explained,
    first_line,
    holder,
    is_damage,
    is_lock_conflict,
    locked,
    no_warehouse,
)
from warehouse.files import WarehouseFiles
from warehouse.ledger import ledger_fault
from warehouse.lock import POLL_SECONDS, loader_lock
from warehouse.readonly import connect_to_ours, is_absent, refuse_foreign
from warehouse.schema import is_ours, migrate
from warehouse.source import prepare_build, recover_build

# DuckDB takes 80 % of the machine when it is not told; a batch needs a few MB, a check over millions of
# rows spills to the disk beyond this.
MEMORY_LIMIT: Final = "1GB"
# `known_sources` holds the lock for a moment: nobody is told of a locked warehouse because of that.
GRACE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


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
        _refuse_foreign(files)
        with loader_lock(files, wait_seconds=wait_seconds):
            prepare_build(files, clock())
            con = _open_sound(files, deadline, clock())
            try:
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


def _refuse_foreign(files: WarehouseFiles) -> None:
    """Raise before anything is made beside a file that is not ours."""
    refuse_foreign(files.published)
    if not is_absent(files.published) and not files.build.exists():
        connect_to_ours(files.published).close()


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


def _open_sound(files: WarehouseFiles, deadline: float, now: datetime) -> duckdb.DuckDBPyConnection:
    """The build, up to date and verified; where it is damaged, made again from the published file."""
    try:
        return _open_verified(files, deadline, now)
    except WarehouseError as error:
        if error.reason != "damaged":
            raise
        place = recover_build(files, error)
    _log.warning(
        "%s was damaged and is kept as %s; loading goes on from %s: nothing that was published is lost.",
        files.build,
        place,
        files.published,
    )
    return _open_verified(files, deadline, now)


def _open_verified(files: WarehouseFiles, deadline: float, now: datetime) -> duckdb.DuckDBPyConnection:
    con = _open_build(files, deadline)
    try:
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        _verify(con, files, now)
    except BaseException as error:
        _close(con)
        if isinstance(error, duckdb.Error) and is_damage(error):
            raise damaged(files.build, files.published, first_line(error)) from error
        raise
    return con


def _verify(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, now: datetime) -> None:
    # A build is made whole; one without our tables has lost them (DuckDB takes an empty file for a new one).
    if not is_ours(con):
        raise damaged(files.build, files.published, "its tables are gone")
    migrate(con, now)
    if fault := ledger_fault(con):
        raise damaged(files.build, files.published, fault)


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
                raise damaged(files.build, files.published, first_line(error)) from error
            else:
                raise


def _close(con: duckdb.DuckDBPyConnection) -> None:
    """Close it, even where a full disk has invalidated the database: the next opening recovers."""
    try:
        con.close()
    except duckdb.Error:
        return
