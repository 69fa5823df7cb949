"""Opening the warehouse: `loading` for the one writer, `reading` for everybody else.

The published file is what a person sees: it *is* the warehouse. The build file behind it may be ahead of it
(batches that were loaded but not yet published) and is made again from it when it is missing; where somebody
removed or replaced the published file, the build gives way and is set aside.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import duckdb

from warehouse.durable import copy_durably, rename_durably
from warehouse.errors import (
    WarehouseError,
    explained,
    first_line,
    holder,
    is_damage,
    is_lock_conflict,
    locked,
    no_warehouse,
    not_a_warehouse,
)
from warehouse.files import WarehouseFiles
from warehouse.ledger import damaged_build, verify_ledger
from warehouse.lock import POLL_SECONDS, loader_lock
from warehouse.receipt import is_as_published
from warehouse.schema import is_ours, migrate

# DuckDB takes 80 % of the machine when it is not told; a batch needs a few MB, a check over millions of
# rows spills to the disk beyond this.
MEMORY_LIMIT: Final = "1GB"
# What DuckDB 1.5 opens, too: analysts' tools are older than the loader.
STORAGE_VERSION: Final = "v1.5.0"
# `known_sources` holds the lock for a moment: nobody is told of a locked warehouse because of that.
GRACE_SECONDS: Final = 1.0
_MAGIC: Final = b"DUCK"  # at byte 8 of every DuckDB file

Source = Literal["build", "published", "new"]


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
    con = _connect_reading(path)
    if not is_ours(con):
        con.close()
        raise not_a_warehouse(path)
    con.execute("SET python_enable_replacements = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def is_absent(path: Path) -> bool:
    """Whether nothing is there, or a file without a byte in it, which nobody can miss."""
    try:
        return not path.exists() or (path.is_file() and path.stat().st_size == 0)
    except OSError:
        return True


def refuse_foreign(path: Path) -> None:
    """Raise `not_a_warehouse` where the path holds anything but a DuckDB file."""
    if is_absent(path):
        return
    if not path.is_file():
        raise not_a_warehouse(path)
    with path.open("rb") as file:
        if file.read(12)[8:] != _MAGIC:
            raise not_a_warehouse(path)


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


# --- which file the build comes from -------------------------------------------------


def prepare_build(files: WarehouseFiles, now: datetime) -> Source:
    """Have a build file that continues what the published file shows; say where it came from.

    Only under the loader's lock.
    """
    source = choose_source(files)
    if source == "build":
        return source
    if files.build.exists():
        rename_durably(files.build, files.set_aside)
    files.build.with_name(f"{files.build.name}.wal").unlink(missing_ok=True)
    if source == "published":
        copy_durably(files.published, files.build)
    else:
        _create(files.build, now)
    return source


def choose_source(files: WarehouseFiles) -> Source:
    """Where the warehouse goes on from: its build, the published copy, or nothing at all."""
    if is_absent(files.published):
        unpublished = files.build.exists() and not files.receipt.exists()
        return "build" if unpublished else "new"
    if not files.build.exists():
        _created_at(files.published)  # raises where it is not one of ours
        return "published"
    if is_as_published(files):
        return "build"
    try:
        return "build" if _created_at(files.published) == _created_at(files.build) else "published"
    except WarehouseError as error:
        if error.reason != "warehouse_locked":
            raise
        return "build"  # an analyst has it open for writing: no reader ever blocks a load


def _created_at(path: Path) -> datetime | None:
    """When the warehouse in this file was begun: what tells it from another one."""
    with _connect_reading(path) as con:
        if not is_ours(con):
            raise not_a_warehouse(path)
        row = con.execute("SELECT created_at FROM snapshot_info").fetchone()
        return row[0] if row else None


def _create(path: Path, now: datetime) -> None:
    """A new, empty build: made beside its place, so that a kill never leaves half of one."""
    begun = path.with_name("build.new.duckdb")
    for leftover in (begun, begun.with_name(f"{begun.name}.wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(begun), config={"storage_compatibility_version": STORAGE_VERSION}) as con:
        migrate(con, now)
        con.execute("INSERT INTO snapshot_info VALUES (?, NULL, 0, 0, 0)", [now])
        con.execute("CHECKPOINT")
    rename_durably(begun, path)


# --- connections -----------------------------------------------------------------


def _connect_reading(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if is_lock_conflict(error):
            raise locked(path, holder(error)) from error
        if is_damage(error):
            raise WarehouseError("damaged", f"{path} cannot be read: {first_line(error)}") from error
        raise not_a_warehouse(path) from error


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
