"""How the warehouse's cost grows from ten thousand articles to a million; writes the figures as JSON.

    python -m tests.bench.scale FOLDER [--most 1000000] [-o docs/figures/scale.json]

Made articles of 3 kB with 30 mentions and 5 quotes, 3,000 a day, most of which tell an event that others
tell, too. They are staged as Parquet, slice by slice, loaded, indexed, linked, checked and published,
each step in a process of its own. At every mark a batch of 1,000 and a day's 3,000 come on top, and
analysts ask their questions. A million take about an hour of CPU and 30 GB of disk, and are not part of
any other bench.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from tests.bench import scale_steps as steps
from tests.bench.scale_steps import Cost, measured
from warehouse.files import WarehouseFiles

MARKS: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000)
A_SLICE: Final = 100_000  # articles whose staged files wait at once: 750 MB
IN_BULK: Final = 2_500  # articles a batch where a million are ingested in one run (MOST_BATCHES of them)
A_BATCH: Final = 1_000
A_DAY: Final = 3_000
FIRST_DAY: Final = date(2019, 1, 1)
LINKED_DAYS: Final = 35  # the days that are really linked at each mark: linking looks back a month
DAILY: Final = 64  # articles a batch of a daily run (DOCUMENTS_PER_BATCH)

QUESTIONS: Final = {
    "how old is the snapshot": "SELECT made_at, articles FROM snapshot_info",
    "one speaker's quotes": "FROM quotes_by('person 000042')",
    "who said what, one day": """
        FROM who_said_what
        WHERE published_at >= DATE '{day}' AND published_at < DATE '{day}' + 1
    """,
    "most quoted of a week": """
        SELECT speaker, count(*) AS quotes, count(DISTINCT outlet) AS outlets
        FROM who_said_what
        WHERE published_at >= DATE '{day}' - 6 AND published_at < DATE '{day}' + 1
        GROUP BY ALL
        ORDER BY quotes DESC
        LIMIT 20
    """,
    "an entity's mentions by month": """
        SELECT date_trunc('month', m.published_on) AS month, count(*) AS mentions
        FROM mentions AS m
        JOIN entities AS e USING (entity_id)
        WHERE e.name = 'Person 000007'
        GROUP BY ALL
    """,
    "titles of one day": """
        SELECT outlet, title
        FROM current_articles
        WHERE published_at >= DATE '{day}' AND published_at < DATE '{day}' + 1
    """,
    "latest stories": "FROM latest_stories LIMIT 20",
    "one story's board": "FROM story_board((SELECT story_id FROM latest_stories LIMIT 1))",
}
SEARCHES: Final = {
    "search, a common word": "FROM search('w000000') LIMIT 20",
    "search, a rare word": "FROM search('w031337') LIMIT 20",
    "search, two words and a filter": "FROM search('w000123 w000456 since:{day}') LIMIT 20",
}


@dataclass(frozen=True, slots=True)
class Given:
    """How it is measured: where staged batches are kept, and whether words are indexed."""

    kept: Path | None
    with_search: bool = True


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the warehouse is made; must be empty")
    parser.add_argument("--most", type=int, default=MARKS[-1], help="articles at the last mark")
    parser.add_argument("-o", "--output", type=Path, help="the JSON file of figures")
    parser.add_argument("--kept", type=Path, help="a folder that keeps staged batches from run to run")
    parser.add_argument("--without-search", action="store_true", help="build no index of words")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    how = Given(given.kept, with_search=not given.without_search)
    files = WarehouseFiles(given.folder / "scale.duckdb")
    marks: list[dict[str, Any]] = []
    for mark in figures(files, [mark for mark in MARKS if mark <= given.most], how):
        marks.append(mark)
        print(json.dumps(mark, indent=1), flush=True)
        if given.output:
            given.output.parent.mkdir(parents=True, exist_ok=True)
            given.output.write_text(json.dumps({"machine": machine(), "marks": marks}, indent=1) + "\n")


def machine() -> dict[str, object]:
    """What it was measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "duckdb": duckdb.__version__}


def figures(files: WarehouseFiles, marks: list[int], given: Given) -> Iterator[dict[str, Any]]:
    """The figures of every mark, as soon as it is reached."""
    articles = 0
    for mark in marks:
        bulk = brought_in(files, given, articles, mark - articles, IN_BULK)
        batch = brought_in(files, given, mark, A_BATCH, A_BATCH)
        day = brought_in(files, given, mark + A_BATCH, A_DAY, DAILY)
        articles = mark + A_BATCH + A_DAY
        yield {
            "articles": mark,
            "bulk": bulk,
            "batch": batch,
            "day": day,
            "questions": answers(files, given),
            "megabytes": by_table(files),
        }


def brought_in(files: WarehouseFiles, given: Given, first: int, number: int, at_once: int) -> dict[str, Any]:
    """What it costs to bring in so many articles, step by step; published without and with the index."""
    loads, rows = [], 0
    for begin in range(first, first + number, A_SLICE):
        measured(steps.stage, files, begin, min(A_SLICE, first + number - begin), at_once, given.kept)
        added, cost = measured(steps.load, files)
        rows += added
        loads.append(cost)
    last = FIRST_DAY + timedelta((first + number) // A_DAY)
    measured(steps.take_as_linked, files, last - timedelta(LINKED_DAYS))
    linked, linking = measured(steps.link, files)
    violations, checking = measured(steps.check, files)
    assert not violations, violations
    found = {
        "articles": number,
        "rows": rows,
        "load": summed(loads).as_row(),
        "link": {**linking.as_row(), **linked},
        "check": checking.as_row(),
        "publish": published(files),
    }
    if given.with_search:
        _, indexed = measured(steps.index, files)
        found |= {"index": indexed.as_row(), "publish_with_index": published(files)}
    return found


def published(files: WarehouseFiles) -> dict[str, float]:
    """What publishing costs, and how large the file is."""
    size, cost = measured(steps.publish, files)
    return {**cost.as_row(), "file_megabytes": round(size / 1e6, 1)}


def summed(costs: list[Cost]) -> Cost:
    """Costs of processes that ran one after the other."""
    return Cost(
        sum(cost.cpu_seconds for cost in costs),
        sum(cost.wall_seconds for cost in costs),
        max(cost.peak_megabytes for cost in costs),
    )


def answers(files: WarehouseFiles, given: Given) -> dict[str, Any]:
    """What the questions of analysts cost on the published file, the opening included."""
    with duckdb.connect(str(files.published), read_only=True) as con:
        [(day,)] = con.execute("SELECT max(published_on) - 1 FROM article_versions").fetchall()
    told = {}
    for name, sql in {**QUESTIONS, **(SEARCHES if given.with_search else {})}.items():
        rows, cost = measured(steps.ask, files.published, sql.replace("{day}", str(day)))
        told[name] = {**cost.as_row(), "rows": rows}
    return told


def by_table(files: WarehouseFiles) -> dict[str, float]:
    """What the tables take up in the published file, in megabytes; the largest first.

    DuckDB does not tell of the blocks that hold what zstd packed: texts are missing from it.
    """
    with duckdb.connect(str(files.published), read_only=True) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE estimated_size > 0").fetchall()
        sizes = {
            table: con.execute(
                "SELECT count(DISTINCT block_id) * 262144 / 1e6 FROM pragma_storage_info(?)", [table]
            ).fetchall()[0][0]
            for (table,) in tables
        }
    return {table: round(size, 1) for table, size in sorted(sizes.items(), key=lambda item: -item[1])}


if __name__ == "__main__":
    main()
