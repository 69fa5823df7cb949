"""`onrecord export`: what other programs read of the warehouse."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.support.warehouse_samples import article, ingest, opened
from warehouse.export import PACKED
from warehouse.files import WarehouseFiles
from warehouse.rows import ROW_TYPES


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> WarehouseFiles:
    files = WarehouseFiles(tmp_path_factory.mktemp("export") / "news.duckdb")
    ingest(files, "all", [article(number) for number in range(5)])
    return files


def export(files: WarehouseFiles, folder: Path) -> Result:
    return CliRunner().invoke(main, ["export", str(folder), "--warehouse", str(files.published)])


def rows_of(folder: Path, table: str) -> int:
    [found] = [place for place in folder.glob(f"{table}*") if place.stem == table]
    place = f"{found}/*/*.parquet" if found.is_dir() else str(found)
    row = duckdb.execute("SELECT count(*) FROM read_parquet(?, hive_partitioning = true)", [place]).fetchone()
    return row[0] if row else -1


def test_every_row_of_every_table_is_exported(files: WarehouseFiles, tmp_path: Path) -> None:
    folder = tmp_path / "it's parquet"
    result = export(files, folder)
    assert result.exit_code == 0, result.output
    with opened(files) as con:
        loaded = [table for table in ROW_TYPES if table not in PACKED]
        tables = [*loaded, "load_batches", "quality_checks", "runs", "who_said_what", "current_articles"]
        for table in tables:
            [count] = con.execute(f"SELECT count(*) FROM {table}").fetchone() or [None]
            assert rows_of(folder, table) == count, table
    assert sorted(place.name for place in (folder / "quotes").iterdir()) == ["published_on=2024-05-01"]
    assert "| quote_id | UUID | Identity of the quote. |" in (folder / "SCHEMA.md").read_text("utf-8")
    assert not list(folder.glob("search_*"))
    assert not [name for name in PACKED if list(folder.glob(f"{name}*"))]


def test_an_export_is_replaced_and_nothing_else_is(files: WarehouseFiles, tmp_path: Path) -> None:
    folder = tmp_path / "parquet"
    assert export(files, folder).exit_code == 0
    (folder / "quotes" / "stale.parquet").write_text("old", encoding="utf-8")
    assert export(files, folder).exit_code == 0
    assert not (folder / "quotes" / "stale.parquet").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    result = export(files, tmp_path / "mine")
    assert result.exit_code == 1
    assert "holds something" in result.stderr
    assert [place.name for place in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert sorted(place.name for place in tmp_path.iterdir()) == ["mine", "parquet"]


def test_without_a_warehouse_nothing_is_made(tmp_path: Path) -> None:
    result = export(WarehouseFiles(tmp_path / "none.duckdb"), tmp_path / "parquet")
    assert result.exit_code == 1
    assert not list(tmp_path.iterdir())
