"""The ingest without Prefect: what was found in inputs, staged batch by batch, loaded and published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.batch import Batch, StagedBatch, plan_batches, stage_batch
from tasks.model import DocumentRef
from tasks.read.discover import discover
from warehouse.connect import loading, reading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish


def load_inputs(files: WarehouseFiles, *inputs: Path) -> list[StagedBatch]:
    """Ingest files and folders."""
    found = discover([str(path) for path in inputs])
    return load_batches(files, plan_batches(found.refs, found.failures, (), found.skipped))


def load_refs(files: WarehouseFiles, refs: Sequence[DocumentRef]) -> list[StagedBatch]:
    """Ingest single documents."""
    return load_batches(files, plan_batches(refs))


def load_batches(files: WarehouseFiles, batches: Sequence[Batch]) -> list[StagedBatch]:
    """Stage, load and publish."""
    staged = [stage_batch(batch, files) for batch in batches]
    with loading(files, wait_seconds=0) as con:
        for batch in staged:
            if batch.path is not None:
                load_batch(con, batch.path, utc_now())
        publish(con, files, utc_now())
    return staged


def ask(files: WarehouseFiles, query: str) -> list[tuple[Any, ...]]:
    """The rows of a question to the published warehouse."""
    with reading(files.published) as con:
        return con.execute(query).fetchall()
