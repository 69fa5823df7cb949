"""What linking compares articles by, in a file of its own beside the build: kept, not owed.

Features are functions of the version, so nobody misses a row that is lost: it is made again from the text.
They are more than all the rest of a warehouse, and of no use to analysts; so they stay out of the file that
is published, and no load touches them. A load leaves the staged features of its batches in a folder; the link
step takes what it needs of them into `linking.duckdb`, in a transaction of its own, before its own begins.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import UUID

import duckdb

from warehouse.linking.scripts import append, count, run, script
from warehouse.rows import FeaturesRow
from warehouse.source import STORAGE_VERSION, log_of

STAGED: Final = "article_features.parquet"
# Staged files that are read in one go: some 8,000 articles, 60 MB in memory.
BYTES_AT_ONCE: Final = 32 << 20
# Articles that are kept when nobody needs them: 900 MB, seven weeks of 4,000 a day.
MOST_KEPT: Final = 200_000


@contextmanager
def kept_features(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The file of features as the schema `kept`, as long as the block runs."""
    _attach(con, _file_of(con))
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            con.execute("DETACH kept")


def leave_features(con: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Put the features of a loaded batch where the link step takes them from."""
    source, file = staged / STAGED, _file_of(con)
    if file is not None and source.exists():
        folder = _waiting(file)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.move(source, folder / f"{staged.name}.parquet")


def take_features(con: duckdb.DuckDBPyConnection, features: str) -> None:
    """Keep what of the staged features is needed, and forget those of other arithmetic.

    What is not needed now is made again should it ever be.
    """
    run(con, "forget_features.sql", features=features)
    file = _file_of(con)
    for portion in _portions(sorted(_waiting(file).glob("*.parquet")) if file else []):
        run(con, "take_features.sql", features=features, files=[str(path) for path in portion])
    drop_waiting(con)


def drop_waiting(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the staged features that were left: they are taken, or nobody needs them."""
    file = _file_of(con)
    if file is not None:
        shutil.rmtree(_waiting(file), ignore_errors=True)


def versions_without_features(con: duckdb.DuckDBPyConnection) -> list[UUID]:
    """The versions that linking needs and that have no features."""
    return [version_id for (version_id,) in con.execute(script("missing_features.sql")).fetchall()]


def add_features(con: duckdb.DuckDBPyConnection, rows: Sequence[FeaturesRow]) -> None:
    """Keep features that were made of needed versions."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_features AS "
        "SELECT * EXCLUDE (linked_on) FROM kept.article_features LIMIT 0"
    )
    append(con, "link_features", rows)
    run(con, "add_features.sql")


def prune_features(con: duckdb.DuckDBPyConnection) -> None:
    """Where there are too many, forget those that this link step did not need; write all into the file."""
    if count(con, "SELECT count(*) FROM kept.article_features") > MOST_KEPT:
        run(con, "prune_features.sql")
    con.execute("CHECKPOINT kept")


def forget_kept(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the file, which is detached: it is made anew."""
    file = _file_of(con)
    if file is not None:
        for part in (file, log_of(file)):
            part.unlink(missing_ok=True)


def _attach(con: duckdb.DuckDBPyConnection, file: Path | None) -> None:
    try:
        _attach_once(con, file)
    except duckdb.Error:
        # Torn or of another program: nothing in it is missed.
        with suppress(duckdb.Error):
            con.execute("DETACH kept")
        forget_kept(con)
        _attach_once(con, file)


def _attach_once(con: duckdb.DuckDBPyConnection, file: Path | None) -> None:
    place = str(file or ":memory:").replace("'", "''")
    con.execute(f"ATTACH '{place}' AS kept (STORAGE_VERSION '{STORAGE_VERSION}')")
    run(con, "kept.sql")


def _file_of(con: duckdb.DuckDBPyConnection) -> Path | None:
    """Where the features of the open warehouse are; None for one in memory."""
    found = con.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    return Path(found[0]).with_name("linking.duckdb") if found and found[0] else None


def _waiting(file: Path) -> Path:
    """The folder of staged features that were left, one file a batch."""
    return file.with_name("linking.waiting")


def _portions(files: Sequence[Path]) -> Iterator[list[Path]]:
    portion: list[Path] = []
    size = 0
    for file in files:
        portion.append(file)
        size += file.stat().st_size
        if size >= BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
