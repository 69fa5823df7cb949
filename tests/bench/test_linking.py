"""CPU time of linking 500 made articles a day, while the warehouse grows. Asserts no time.

`ONRECORD_BENCH_ARTICLES` sets how far it grows (10,000; 100,000 take some ten minutes).
"""

from __future__ import annotations

import os
import resource
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
MOST = int(os.environ.get("ONRECORD_BENCH_ARTICLES", "10000"))
TOTALS = [total for total in (1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000) if total <= MOST]
MEASURED_DAYS = 6  # the last ones before each total
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
    files = WarehouseFiles(tmp_path / "growing.duckdb")
    seconds: list[float] = []
    with loading(files, wait_seconds=5) as con:
        for total in TOTALS:
            for day in range(len(seconds), total // A_DAY):
                receive(con, files, day)
                seconds.append(cpu_seconds(con))
            last = seconds[-MEASURED_DAYS:]
            with capsys.disabled():
                print(
                    f"\n{total:>8,} articles: {len(last) * A_DAY / sum(last):,.0f} articles per CPU s in the "
                    f"last {len(last)} days, {total / sum(seconds):,.0f} so far; {peak_megabytes():,.0f} MB"
                )
        [(stories,)] = con.execute("SELECT count(*) FROM stories WHERE articles > 1").fetchall()
    assert stories > 0


def peak_megabytes() -> float:
    """The most memory that the process has had, what it takes to make the articles with it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def receive(con: duckdb.DuckDBPyConnection, files: WarehouseFiles, day: int) -> None:
    """Load a day's articles."""
    load_batch(con, write_batch(files.staging, stable_id("day", str(day)), rows_of(day_of(day))), NOW)


def cpu_seconds(con: duckdb.DuckDBPyConnection) -> float:
    """The CPU time of linking what was loaded."""
    began = time.process_time()
    link_stories(con, NOW)
    return time.process_time() - began
