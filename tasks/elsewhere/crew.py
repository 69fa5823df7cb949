"""Who works on the batches of a run: processes of this machine, or a cluster. Called by the flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

from tasks.batch import Batch, StagedBatch, shared_out, stage_batch
from tasks.elsewhere.clusters import connected
from tasks.elsewhere.orders import Elsewhere, carry_out
from tasks.elsewhere.place import place_of_run
from tasks.elsewhere.runner import PROCESS, runner_of
from tasks.sources import Sources
from tasks.workers import workplace
from warehouse.files import WarehouseFiles

AHEAD = 2  # batches that are read and sent while all workers of a cluster are busy


@dataclass(frozen=True, slots=True)
class Crew:
    """The settings: `workers` processes of this machine, or a `runner`; a `staging` place for the latter."""

    workers: int = 1
    runner: str = PROCESS
    staging: str | None = None

    def place(self, files: WarehouseFiles) -> str:
        """The staging place; without the setting, a folder beside the warehouse."""
        return self.staging or str(files.work.absolute() / "elsewhere")


class Stage(Protocol):
    """Stages a batch."""

    def __call__(self, batch: Batch, files: WarehouseFiles, sources: Sources, /) -> StagedBatch:
        """The batch, staged in the warehouse's own folder."""


class AtWork(NamedTuple):
    """How a batch is staged, how many may be under way at once, and the batches, shared out among them."""

    stage: Stage
    hands: int
    batches: list[Batch]


@contextmanager
def at_work(crew: Crew, files: WarehouseFiles, batches: Sequence[Batch], now: datetime) -> Iterator[AtWork]:
    """The crew, for as long as the run has batches. `now` is naive UTC.

    Raises UsageError for a runner that there is not, OnrecordError where a cluster or place is not to be had.
    """
    runner = runner_of(crew.runner)
    if not batches or runner.kind == PROCESS:
        shared = shared_out(batches, crew.workers)
        with workplace(min(crew.workers, len(shared))) as work:

            def stage(batch: Batch, files: WarehouseFiles, sources: Sources) -> StagedBatch:
                return work(stage_batch, batch, files, sources)

            yield AtWork(stage, crew.workers, shared)
        return
    with connected(runner, crew.workers) as cluster, place_of_run(crew.place(files), now) as place:
        elsewhere = Elsewhere(partial(cluster, carry_out), place)
        shared = shared_out(batches, cluster.slots)
        yield AtWork(partial(stage_batch, carry_out=elsewhere), cluster.slots + AHEAD, shared)
