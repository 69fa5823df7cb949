"""Making a warehouse anew from the soundest that is left: its build, its published file, or neither.

Called by `flows.rebuild_command`. Damaged files are set aside in the private folder; none is deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.condition import FileCondition, file_condition
from warehouse.connect import in_sentences
from warehouse.durable import remove_durably, rename_durably, write_durably
from warehouse.errors import WarehouseError, locked
from warehouse.files import WarehouseFiles
from warehouse.load import LoadCounts, load_batch
from warehouse.lock import loader_lock
from warehouse.source import choose_source, copy_published, log_of, set_build_aside
from warehouse.staging import staged_batches

RebuildSource = Literal["build", "published", "archive"]


@dataclass(frozen=True, slots=True)
class Waited:
    """What came of the staged batches that waited: what was loaded, and which could not be, and why."""

    loaded: tuple[LoadCounts, ...]
    refused: tuple[tuple[Path, str], ...]


def begin_rebuild(
    files: WarehouseFiles, *, wait_seconds: float, has_archive: Callable[[], bool]
) -> RebuildSource:
    """Have `loading` go on from the soundest that is left, and say what that is.

    The build comes first: it holds all that the published file does, and perhaps more. `archive` means that
    neither can be used; then the warehouse begins empty, and a mark stays until `end_rebuild`, so that one
    that was killed goes on. Raises `WarehouseError` where a file is of another version or locked, where the
    published file is somebody else's, and where there is nothing to begin from; nothing is touched then.
    """
    with in_sentences(files), loader_lock(files, wait_seconds=wait_seconds):
        published, build = file_condition(files.published), file_condition(files.build)
        source = _source(files, published, build, has_archive)
        if source == "archive" and not files.rebuilding.exists():
            write_durably(files.rebuilding, "")
            _set_published_aside(files)
            set_build_aside(files)
        elif source == "published":
            set_build_aside(files)
            copy_published(files)
        elif not published.is_readable:
            _set_published_aside(files)
        return source


def end_rebuild(files: WarehouseFiles) -> None:
    """The warehouse is whole and published."""
    remove_durably(files.rebuilding)


def load_waiting(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, now: datetime) -> Waited:
    """Load every staged batch that waits; one that does not fit stays where it is."""
    loaded, refused = [], []
    for folder in staged_batches(files.staging):
        try:
            loaded.append(load_batch(con, folder, now))
        except WarehouseError as error:
            if error.reason != "bad_batch":
                raise
            refused.append((folder, error.message))
        except duckdb.Error as error:
            if not isinstance(error, duckdb.BinderException) and not _is_of(folder, error):
                raise
            refused.append((folder, f"{folder} was staged by another version, or is damaged."))
    return Waited(tuple(loaded), tuple(refused))


def _is_of(folder: Path, error: duckdb.Error) -> bool:
    """Whether the error is about a file of the batch, not about the build."""
    return str(folder) in str(error) or "parquet" in str(error).lower()


def _source(
    files: WarehouseFiles, published: FileCondition, build: FileCondition, has_archive: Callable[[], bool]
) -> RebuildSource:
    for file in (published, build):
        _refuse(files, file)
    if files.rebuilding.exists() and build.is_readable:
        return "archive"
    if build.is_readable:
        return "published" if published.is_readable and choose_source(files) == "published" else "build"
    if published.is_readable:
        return "published"
    if not staged_batches(files.staging) and not has_archive():
        raise WarehouseError(
            "no_warehouse",
            f"There is nothing to make {files.published} from: no sound file, no archive, no staged batch; "
            "put a backup in its place, or ingest the articles again.",
        )
    return "archive"


def _refuse(files: WarehouseFiles, file: FileCondition) -> None:
    """Raise where the file is good, but not for us."""
    if file.state == "locked":
        raise locked(file.path, None)
    if file.state in {"newer_schema", "changed_schema"}:
        raise WarehouseError("newer_schema", file.told)
    # What was published here is ours, whatever became of it; another file may be somebody's own.
    if file.state == "foreign" and file.path == files.published and not files.receipt.exists():
        raise WarehouseError("not_a_warehouse", file.told)


def _set_published_aside(files: WarehouseFiles) -> None:
    """Move the published file out of the way, with its receipt: without one an absent file is one to come."""
    target = files.target
    if target.is_file():
        place = files.next_published_aside()
        with suppress(FileNotFoundError):
            rename_durably(log_of(target), log_of(place))
        rename_durably(target, place)
    remove_durably(files.receipt)
