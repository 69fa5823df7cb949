"""The published file is swapped under its readers: they never see an error, or half of a warehouse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.warehouse_samples import LATER, NOON, article, begin, ingest, opened
from warehouse.connect import reading
from warehouse.files import WarehouseFiles
from warehouse.publish import publish

READER = """
import sys, time, duckdb
seen = set()
print("reads", flush=True)
while max(seen, default=0) < int(sys.argv[2]):
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        told = con.execute("SELECT articles FROM snapshot_info").fetchone()[0]
        assert con.execute("SELECT count(*) FROM who_said_what").fetchone()[0] == told
        seen.add(told)
    time.sleep(0.02)
"""


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def test_who_opens_the_file_at_any_moment_sees_a_whole_warehouse(files: WarehouseFiles) -> None:
    ingest(files, "0", [article(0)])
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(files.published), "4"], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    for number in range(1, 4):
        assert ingest(files, str(number), [article(number)]).articles == number + 1
    assert reader.wait(20) == 0


def test_who_has_the_file_open_goes_on_reading_the_old_one(files: WarehouseFiles) -> None:
    begin(files)
    with reading(files.published) as before:
        ingest(files, "two", [article(2)])
        assert before.execute("SELECT count(*) FROM who_said_what").fetchone() == (1,)
    with reading(files.published) as after:
        assert after.execute("SELECT count(*) FROM who_said_what").fetchone() == (2,)


def test_a_published_file_stands_alone(files: WarehouseFiles) -> None:
    begin(files)
    files.published.with_name("news.duckdb.wal").write_bytes(b"what a tool left that opened it for writing")
    ingest(files, "two", [article(2)])
    assert sorted(path.name for path in files.published.parent.iterdir()) == ["news.duckdb", "news.work"]
    with reading(files.published) as con:
        assert con.execute("SELECT articles, made_at FROM snapshot_info").fetchone() == (2, NOON)


def test_publishing_twice_changes_nothing_but_the_time(files: WarehouseFiles) -> None:
    begin(files)
    with opened(files) as con:
        again = publish(con, files, LATER)
    assert (again.made_at, again.batches, again.articles, again.article_versions) == (LATER, 1, 1, 1)
    assert again.bytes == files.published.stat().st_size
