"""Which titles a run knows: those of the warehouse, but for what a killed run has left there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tests.support.warehouse_samples import NOON, article, ingest, opened
from warehouse.files import WarehouseFiles
from warehouse.runs import EndState, RunEnd, RunStart, finish_run, start_run
from warehouse.titles import titles_of

HOUR = timedelta(hours=1)


def run(files: WarehouseFiles, number: int, state: EndState | None) -> None:
    """A run that loads one article and ends so, or not at all."""
    began = NOON + number * 10 * HOUR
    ingest(files, f"batch {number}", [article(number)], began)
    with opened(files) as con:
        start_run(con, RunStart(UUID(int=number), "ingest", [], began, "1", pid=2**22 + number))
        if state:
            finish_run(con, UUID(int=number), RunEnd(state, "", began + HOUR))


def known(files: WarehouseFiles) -> int:
    with opened(files) as con:
        return len({article_id for _, article_id in titles_of(con)})


def test_titles_of_finished_runs_are_known(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    run(files, 1, "Completed")
    run(files, 2, "CompletedWithErrors")
    assert known(files) == 2


def test_titles_of_a_killed_run_are_not_known_until_a_run_ends_well(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    run(files, 1, "Completed")
    run(files, 2, None)
    run(files, 3, "Failed")
    assert known(files) == 1
    run(files, 4, "Completed")
    assert known(files) == 4
