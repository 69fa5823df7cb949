"""Publishing: analysts get a copy of the build, swapped in atomically; nobody ever sees half of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.connect import in_sentences
from warehouse.durable import copy_durably
from warehouse.files import WarehouseFiles
from warehouse.receipt import looks_of, write_receipt


@dataclass(frozen=True, slots=True)
class PublishedSnapshot:
    """What was published, and when."""

    made_at: datetime
    batches: int
    articles: int
    article_versions: int
    bytes: int


def publish(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, now: datetime) -> PublishedSnapshot:
    """Copy the build onto the published file, under the lock that `loading` holds.

    Whoever reads the old one goes on reading it until they open the file again. Raises
    `WarehouseError("disk_full")`; the old file is in its place then.
    """
    with in_sentences(files):
        batches, articles, versions = _note(con, now)
        con.execute("CHECKPOINT")  # all of it is in one file now, and no log beside it
        target = files.target  # a link stays a link
        target.parent.mkdir(parents=True, exist_ok=True)
        # A log that somebody left who opened the old copy for writing must not be replayed on the new one.
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
        copy_durably(files.build, target)
        write_receipt(files, looks_of(files))
        return PublishedSnapshot(now, batches, articles, versions, target.stat().st_size)


def _note(con: duckdb.DuckDBPyConnection, now: datetime) -> tuple[int, int, int]:
    """Write into the build what its copy will say of itself."""
    row = con.execute(
        """
        UPDATE snapshot_info
        SET made_at = $now,
            batches = (SELECT count(*) FROM load_batches),
            articles = (SELECT count(*) FROM articles),
            article_versions = (SELECT count(*) FROM article_versions)
        RETURNING batches, articles, article_versions
        """,
        {"now": now},
    ).fetchone()
    batches, articles, versions = row or (0, 0, 0)
    return batches, articles, versions
