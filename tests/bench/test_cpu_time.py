"""CPU time per article by stage, Prefect's share and memory, over 1,000 made articles. Asserts no time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.command_line import Onrecord
from tests.support.made_articles import write_made_articles
from warehouse.connect import reading

pytestmark = [pytest.mark.bench, pytest.mark.prefect]

ARTICLES = 1_000
# Peak memory of 1,000 articles over that of 250: keeping the texts would add little, a leak of
# annotations several times as much.
MEMORY_GROWTH_LIMIT = 1.25


@dataclass(frozen=True)
class Cost:
    """What an ingest cost: CPU seconds by stage and in all, megabytes at the peak."""

    articles: int
    characters: int
    stages: dict[str, float]
    cpu_seconds: float
    peak_megabytes: float


def test_cpu_time_by_stage(onrecord: Onrecord, capsys: pytest.CaptureFixture[str]) -> None:
    nothing, cost = measured(onrecord, 1), measured(onrecord, ARTICLES)
    rest = cost.cpu_seconds - nothing.cpu_seconds - sum(cost.stages.values())
    rows = {**cost.stages, "Prefect, checks, publish": rest}
    with capsys.disabled():
        length = cost.characters / cost.articles / 1000
        print(f"\n{cost.articles:,} made articles of {length:.1f} kB, one process, ms of CPU each")
        for stage, seconds in rows.items():
            print(f"  {stage:<26}{1000 * seconds / cost.articles:8.2f}")
        print(f"  {'all':<26}{1000 * sum(rows.values()) / cost.articles:8.2f}")
        print(f"besides, {nothing.cpu_seconds:.1f} s of CPU for the start; peak {cost.peak_megabytes:.0f} MB")
    assert set(cost.stages) == {"read", "clean", "annotate", "stage", "load", "link"}


def test_memory_does_not_grow_with_the_number_of_articles(onrecord: Onrecord) -> None:
    few, many = measured(onrecord, ARTICLES // 4), measured(onrecord, ARTICLES)
    assert many.peak_megabytes < few.peak_megabytes * MEMORY_GROWTH_LIMIT


def measured(onrecord: Onrecord, number: int) -> Cost:
    """What one ingest of so many articles cost."""
    articles = write_made_articles(onrecord.folder / f"made-{number}.jsonl", number, seed=number)
    warehouse = onrecord.folder / f"bench-{number}.duckdb"
    run = onrecord.start("ingest", articles, "--warehouse", warehouse)
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return cost_of(warehouse, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def cost_of(warehouse: Path, cpu_seconds: float, peak_megabytes: float) -> Cost:
    """The figures of a run: its row in `runs` and the process's own accounting."""
    with reading(warehouse) as con:
        row = con.execute(
            """
            SELECT
                count(*),
                sum(length(text)),
                (SELECT any_value(cpu_by_stage) FROM runs)
            FROM article_versions
            """
        ).fetchone()
    assert row is not None
    return Cost(row[0], row[1], dict(row[2]), cpu_seconds, peak_megabytes)
