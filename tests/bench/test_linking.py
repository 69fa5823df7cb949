"""CPU time of linking a day of made articles, in a small warehouse and in a large one. Asserts no time.

`ONRECORD_BENCH_ARTICLES` sets the size of the large one (20,000; 100,000 take some ten minutes).
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tasks.link.story_step import link_stories
from tests.support.made_links import MadeArticle, rows_of
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batch
from warehouse.staging import write_batch

pytestmark = pytest.mark.bench

A_DAY = 500
SMALL, LARGE = 1_000, int(os.environ.get("ONRECORD_BENCH_ARTICLES", "20000"))
MEASURED_DAYS = 4
# Articles of an event: most are told by one outlet, some by two or three, few by many.
EVENTS_A_DAY = 350
NOW = datetime(2026, 1, 1)  # noqa: DTZ001 - the warehouse stores UTC without a zone


def day_of(day: int) -> list[MadeArticle]:
    """A day's articles; one in five tells an event of the day before."""
    chance = np.random.default_rng([6, day])
    events = (chance.power(2.0, A_DAY) * EVENTS_A_DAY).astype(int) + EVENTS_A_DAY * (day + 1)
    events -= EVENTS_A_DAY * (chance.random(A_DAY) < 0.2)
    return [MadeArticle(A_DAY * day + at, int(event), day) for at, event in enumerate(events)]


def test_linking_a_day_costs_the_same_in_a_large_warehouse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for articles in (SMALL, LARGE):
        files = WarehouseFiles(tmp_path / f"{articles}.duckdb")
        with loading(files, wait_seconds=5) as con:
            at_once, daily = measured(con, files, articles // A_DAY)
            [(stories,)] = con.execute("SELECT count(*) FROM stories WHERE articles > 1").fetchall()
        with capsys.disabled():
            print(
                f"\n{articles:>8,} articles before: all at once {at_once:,.0f} articles per CPU s, "
                f"then {A_DAY} a day {daily:,.0f}; {stories:,} stories of several articles"
            )
        assert stories > 0


def measured(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, days: int) -> tuple[float, float]:
    """Articles per CPU second: all days at once, then day by day."""
    for day in range(days):
        receive(con, files, day)
    at_once = days * A_DAY / cpu_seconds(con)
    spent = 0.0
    for day in range(days, days + MEASURED_DAYS):
        receive(con, files, day)
        spent += cpu_seconds(con)
    return at_once, MEASURED_DAYS * A_DAY / spent


def receive(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, day: int) -> None:
    """Load a day's articles."""
    load_batch(con, write_batch(files.staging, stable_id("day", str(day)), rows_of(day_of(day))), NOW)


def cpu_seconds(con: duckdb.DuckDBPyConnection) -> float:
    """The CPU time of linking what was loaded."""
    began = time.process_time()
    link_stories(con, NOW)
    return time.process_time() - began
