"""Warehouses of earlier onrecords go on: a kept sample of schema 3, taken to each schema since."""

from __future__ import annotations

import lzma
from pathlib import Path

import duckdb
import pytest

from tasks.link.story_step import link_stories
from tests.support.warehouse_samples import LATER, article, ingest, load_staged, opened, stage
from warehouse.checks import run_checks
from warehouse.condition import file_condition
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.ledger import ledger_fault
from warehouse.publish import publish
from warehouse.query import query
from warehouse.schema import scripts

SAMPLE = Path(__file__).parent / "data" / "schema_0003.duckdb.xz"
# What was released is never edited: a file that was made by it would be refused as changed.
FROZEN = {
    "0001_articles_entities_quotes.sql": "940eadfd3666e4e9aad15c7c3773053a3cbbaabedfc84f2280ac864ba8eb2384",
    "0002_ledgers.sql": "81fda83657d0263f93993e60baa1730753e52494ff9a64e9062fa1b86b75c0cc",
    "0003_stories.sql": "86f914f4577e75f91391eb0834ec178ee1a7ecfb5bdfdc9aada69863a9908a10",
}
LOADED = ("outlets", "articles", "article_versions", "segments", "mentions", "quotes", "quote_spans")
OTHERS = ("entities", "entity_aliases", "load_batches", "runs", "quality_checks")
GONE = {"article_features"}  # counts of a table that is kept outside the warehouse now
EARLIER = [step.version for step in scripts("migrations") if step.version >= 3][:-1]

Contents = dict[str, tuple[str, list[tuple[object, ...]]]]


def of_schema(folder: Path, version: int) -> WarehouseFiles:
    """The sample as a published file, taken to a schema as its onrecord would have."""
    files = WarehouseFiles(folder / "news.duckdb")
    files.published.write_bytes(lzma.decompress(SAMPLE.read_bytes()))
    with duckdb.connect(str(files.published)) as con:
        for step in scripts("migrations"):
            if 3 < step.version <= version:
                con.execute(step.sql)
                con.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?, ?, now()::TIMESTAMP)",
                    [step.version, step.name, step.sha256],
                )
    return files


def kept(con: duckdb.DuckDBPyConnection, columns: dict[str, str] | None = None) -> Contents:
    """The rows of the sample's tables, in the columns that they had then."""
    told: Contents = {}
    for table in (*LOADED, *OTHERS):
        if columns:
            names = columns[table]
        else:
            described = con.execute(f"DESCRIBE {table}").fetchall()
            names = ", ".join(f'"{name}"' for (name, *_) in described if name not in GONE)
        told[table] = names, con.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()
    return told


def test_the_first_schema_steps_are_frozen() -> None:
    assert {step.name: step.sha256 for step in scripts("migrations") if step.name in FROZEN} == FROZEN


@pytest.mark.parametrize("version", EARLIER)
def test_a_warehouse_of_an_earlier_schema_goes_on_with_all_its_rows(tmp_path: Path, version: int) -> None:
    files = of_schema(tmp_path, version)
    with duckdb.connect(str(files.published), read_only=True) as con:
        before = kept(con)
    assert [len(before[table][1]) for table in LOADED] == [2, 2, 2, 10, 120, 20, 20]
    assert file_condition(files.published).state == "older_schema"

    stage(files, "more", [article(1)])
    with opened(files) as con:
        after = kept(con, {table: names for table, (names, _) in before.items()})
        assert after == before
        assert [counts.of("articles") for counts in load_staged(con, files, LATER)] == [1]
        link_stories(con, LATER)
        assert ledger_fault(con) is None
        assert [
            found.check.name for found in run_checks(con, stable_id("run", "x"), LATER) if found.failed
        ] == []
        publish(con, files, LATER)
    assert file_condition(files.published).state == "sound"
    (speakers,) = query(files.published, "SELECT count(DISTINCT speaker) FROM who_said_what").rows
    assert speakers[0] >= 3
    (stories,) = query(files.published, "SELECT count(*) FROM latest_stories").rows
    assert stories == (2,)


def test_an_older_published_file_stands_in_for_a_damaged_build(tmp_path: Path) -> None:
    files = of_schema(tmp_path, 3)
    with opened(files):
        pass
    files.build.write_bytes(files.build.read_bytes()[:20_000])
    assert ingest(files, "more", [article(1)]).articles == 3
    assert len(files.set_aside) == 1
