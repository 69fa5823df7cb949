"""What the days of a backfill share: the flow of a day finds it here; nothing large passes Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tasks.annotate import taggers
from tasks.annotate.naming import Naming
from tasks.backfill.days import Backfill, DayEnd, is_over
from tasks.backfill.found import OfDays
from tasks.clean import EXTRACTOR
from tasks.elsewhere.crew import Crew
from tasks.fetch.plan import Errand
from tasks.fetch.web import FetchSettings
from tasks.sources import Sources
from warehouse.backfills import BackfillDay
from warehouse.files import WarehouseFiles


@dataclass(frozen=True, slots=True)
class Work:
    """A backfill under way: its documents by day, and with which settings they are loaded."""

    backfill: Backfill
    files: WarehouseFiles
    found: OfDays
    errand: Errand
    ordered: Sources
    naming: Naming
    fetching: FetchSettings
    crew: Crew
    lock_wait: float

    @property
    def extractor(self) -> str:
        """What makes the versions: a day that was done by another is done again."""
        return f"{EXTRACTOR}+{taggers(self.naming)}"

    def row(self, end: DayEnd, run_id: UUID | None, ended_at: datetime) -> BackfillDay | None:
        """The row of a day that is done; None of one that is not over, since more of it may come."""
        if not is_over(end.day, ended_at):
            return None
        return BackfillDay(
            backfill_id=self.backfill.identity,
            day=end.day,
            extractor=self.extractor,
            origin=self.backfill.origin,
            inputs=list(self.backfill.inputs),
            run_id=run_id,
            state=end.state,
            documents=end.documents,
            versions=end.versions,
            failed=end.failed,
            ended_at=ended_at,
        )


_work: ContextVar[Work | None] = ContextVar("backfill", default=None)


def current_work() -> Work:
    """The backfill under way. Raises LookupError where there is none."""
    work = _work.get()
    if work is None:
        raise LookupError("A day of a backfill is run by the flow backfill alone.")
    return work


@contextmanager
def working(work: Work) -> Iterator[Work]:
    """Make it the backfill under way."""
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)
