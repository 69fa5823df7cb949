"""Staging as the flow does it, by any crew, and a worker that is this process."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tasks.batch import Batch, StagedBatch, plan_batches
from tasks.elsewhere.crew import Crew, at_work
from tasks.elsewhere.orders import Parcel, Reply, carry_out
from tasks.read.discover import discover
from tasks.site_memory import given_pages, remember_lines
from tasks.sources import Sources
from tasks.titles import given_titles, remember
from tests.support.tables import contents
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish

NOW = utc_now()
MEASURED = {"load_batches", "snapshot_info"}  # sizes and times


def batches_of(folder: Path, inputs: Path, size: int) -> list[Batch]:
    """Batches of so many documents, with the memories that a run collects."""
    refs = discover([str(inputs)]).refs
    titles = remember(folder, "input", given_titles(refs))
    lines = remember_lines(folder, "input", given_pages(refs))
    parts = [refs[at : at + size] for at in range(0, len(refs), size)]
    return [plan_batches(part, titles=[titles], lines=[lines])[0] for part in parts]


def rows_by(crew: Crew, warehouse: Path, batches: Sequence[Batch]) -> dict[str, list[tuple[Any, ...]]]:
    """All tables of a warehouse whose batches the crew has staged, several at once."""
    files = WarehouseFiles(warehouse)
    with loading(files, wait_seconds=0):
        pass
    with at_work(crew, files, batches, NOW) as (stage, hands, shared), ThreadPoolExecutor(hands) as threads:
        staged = list(threads.map(lambda batch: stage(batch, files, Sources()), shared))
    return loaded(files, staged)


def loaded(files: WarehouseFiles, staged: Sequence[StagedBatch]) -> dict[str, list[tuple[Any, ...]]]:
    """All tables, once these batches are in."""
    with loading(files, wait_seconds=0) as con:
        for batch in staged:
            if batch.path is not None:
                load_batch(con, batch.path, NOW)
        publish(con, files, NOW)
    return {table: rows for table, rows in contents(files.published).items() if table not in MEASURED}


def by_pickle(change: Callable[[Parcel], Parcel] = lambda parcel: parcel) -> Callable[[Parcel], Reply]:
    """A worker that is this process; the parcel and its reply travel as they would to another."""

    def call(parcel: Parcel) -> Reply:
        arrived: Parcel = pickle.loads(pickle.dumps(change(parcel)))  # noqa: S301 - our own
        reply: Reply = pickle.loads(pickle.dumps(carry_out(arrived)))  # noqa: S301
        return reply

    return call
