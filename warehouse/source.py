"""Which file the warehouse goes on from: its build, the published copy, or nothing at all.

The published file is what a person sees: it *is* the warehouse. The build is private and may be ahead of it;
where somebody removed, replaced or restored the published file, the build gives way. It is set aside then,
never deleted. Used by connect.py and known.py, under the loader's lock.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import duckdb

from warehouse.durable import copy_durably, remove_durably, rename_durably
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.ledger import ledger_fault
from warehouse.readonly import connect_to_ours, is_absent
from warehouse.receipt import is_as_published, looks_of, write_receipt
from warehouse.schema import migrate

# What DuckDB 1.5 opens, too: analysts' tools are older than the loader.
STORAGE_VERSION: Final = "v1.5.0"

Source = Literal["build", "published", "new"]


def prepare_build(files: WarehouseFiles, now: datetime) -> Source:
    """Have a build file that continues what the published file shows; say where it came from.

    A kill between any two steps leaves what leads to the same choice again, until the new build is there.
    """
    source = choose_source(files)
    if source == "build":
        _acknowledge(files)
        return source
    set_build_aside(files)
    if source == "published":
        copy_published(files)
    else:
        remove_durably(files.receipt)  # while it is there, a published file is taken to have been removed
        _create(files.build, now)
    return source


def choose_source(files: WarehouseFiles) -> Source:
    """Where the warehouse goes on from; changes nothing."""
    if is_absent(files.published):
        unpublished = files.build.exists() and not files.receipt.exists()
        return "build" if unpublished else "new"
    if not files.build.exists():
        connect_to_ours(files.published).close()  # raises where it is not one of ours
        return "published"
    return "build" if is_as_published(files) or _is_continued(files) else "published"


def copy_published(files: WarehouseFiles) -> None:
    """Make the build from the published file, and note that it is that one."""
    looks = looks_of(files)
    copy_durably(files.published, files.build)
    write_receipt(files, looks)


def recover_build(files: WarehouseFiles, damage: WarehouseError) -> Path:
    """Set a damaged build aside and go on from the published file; where the damaged one is now.

    Raises what was found to be damaged where the published file is not sound, either; the build stays then.
    """
    if is_absent(files.published):
        raise damage
    try:
        with connect_to_ours(files.published) as con:
            fault = ledger_fault(con)
    except (WarehouseError, duckdb.Error) as error:
        if isinstance(error, WarehouseError) and error.reason == "warehouse_locked":
            raise
        raise damage from error
    if fault:
        raise damage
    place = set_build_aside(files)
    copy_published(files)
    return place or files.build


def _acknowledge(files: WarehouseFiles) -> None:
    """Note what the published file looks like that the build continues: a kill may have prevented it."""
    if not is_absent(files.published) and not is_as_published(files):
        write_receipt(files, looks_of(files))


def set_build_aside(files: WarehouseFiles) -> Path | None:
    """Move the build, if there is one, to a place of its own, where nothing overwrites it; return that.

    Its log goes first: it belongs to no other build.
    """
    log = log_of(files.build)
    if not files.build.exists():
        log.unlink(missing_ok=True)
        return None
    place = files.next_set_aside()
    if log.exists():
        rename_durably(log, log_of(place))
    rename_durably(files.build, place)
    return place


def log_of(database: Path) -> Path:
    """DuckDB's write-ahead log of a database file."""
    return database.with_name(f"{database.name}.wal")


def _is_continued(files: WarehouseFiles) -> bool:
    """Whether the build goes on from the published file, which is not the very file that we put there.

    It may be: moved, or published just before a kill. It is not where it holds a batch that the build lacks
    (somebody loaded into it elsewhere), nor where it is an older one, put back from a backup.
    """
    with connect_to_ours(files.published) as published:
        shown, batches = _snapshot(published), _batches(published)
    try:
        with connect_to_ours(files.build) as build:
            return shown == _snapshot(build) and batches <= _batches(build)
    except (WarehouseError, duckdb.Error) as error:
        if isinstance(error, WarehouseError) and error.reason == "warehouse_locked":
            raise
        return True  # damaged: who opens it recovers it


def _snapshot(con: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime | None] | None:
    """When the open warehouse was begun and when it was last published: tells one snapshot from another."""
    return con.execute("SELECT created_at, made_at FROM snapshot_info").fetchone()


def _batches(con: duckdb.DuckDBPyConnection) -> set[UUID]:
    return {batch_id for (batch_id,) in con.execute("SELECT batch_id FROM load_batches").fetchall()}


def _create(path: Path, now: datetime) -> None:
    """A new, empty build: made beside its place, so that a kill never leaves half of one."""
    begun = path.with_name("build.new.duckdb")
    for leftover in (begun, log_of(begun)):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(begun), config={"storage_compatibility_version": STORAGE_VERSION}) as con:
        migrate(con, now)
        con.execute("INSERT INTO snapshot_info VALUES (?, NULL, 0, 0, 0)", [now])
        con.execute("CHECKPOINT")
    rename_durably(begun, path)
