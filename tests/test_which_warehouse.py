"""Which file is the warehouse: copies, backups, links, a new beginning, and kills in between."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.warehouse_samples import (
    LATER,
    NOON,
    article,
    articles_in,
    begin,
    counts,
    ingest,
    load_staged,
    opened,
    reason_of_loading,
    stage,
)
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.known import known_sources
from warehouse.publish import publish
from warehouse.source import set_build_aside


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def test_a_copy_of_the_published_file_goes_on_where_it_is(files: WarehouseFiles, tmp_path: Path) -> None:
    begin(files)
    elsewhere = WarehouseFiles(tmp_path / "elsewhere" / "copy.duckdb")
    elsewhere.published.parent.mkdir()
    shutil.copy(files.published, elsewhere.published)
    assert ingest(elsewhere, "two", [article(1), article(2)]).articles == 2


def test_who_removes_the_published_file_begins_anew(files: WarehouseFiles) -> None:
    begin(files)
    files.published.unlink()
    assert not known_sources(files.published, ["digest 1"], extractor="test 1").digests
    assert ingest(files, "two", [article(2)]).articles == 1
    assert [articles_in(path) for path in files.set_aside] == [1]  # even so nothing is lost


def test_a_new_beginning_lasts_over_several_loads_and_keeps_every_build_that_gave_way(
    files: WarehouseFiles,
) -> None:
    begin(files)
    for times in (1, 2):
        files.published.unlink()
        for number in (2, 3):  # as one run does: it opens the warehouse several times before it publishes
            stage(files, str(number), [article(number)])
            with opened(files) as con:
                load_staged(con, files)
        assert ingest(files, "four", [article(4)]).articles == 3
        assert [articles_in(path) for path in files.set_aside] == [1, 3][:times]


def test_a_kill_while_beginning_anew_changes_nothing_about_it(files: WarehouseFiles) -> None:
    begin(files)
    files.published.unlink()
    set_build_aside(files)  # killed here: the receipt is still there
    stage(files, "two", [article(2)])
    with opened(files) as con:
        load_staged(con, files)
    with opened(files) as con:  # killed before it published
        assert counts(con)["articles"] == 1
    assert [articles_in(path) for path in files.set_aside] == [1]


def test_a_killed_load_after_a_new_beginning_is_gone_on_from(files: WarehouseFiles) -> None:
    begin(files)
    files.published.unlink()
    stage(files, "two", [article(2)])
    code = (
        "import os, sys; from pathlib import Path; from tests.support.warehouse_samples import *;"
        "files = WarehouseFiles(Path(sys.argv[1]));"
        "opening = opened(files); con = opening.__enter__(); load_staged(con, files); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(files.published)], check=False).returncode == -9
    assert ingest(files, "three", [article(3)]).articles == 2
    assert len(files.set_aside) == 1


def test_batches_that_were_loaded_but_not_yet_published_are_kept(files: WarehouseFiles) -> None:
    stage(files, "one", [article(1)])
    with opened(files) as con:
        load_staged(con, files)
    assert not files.published.exists()
    assert ingest(files, "two", [article(2)]).articles == 2


def test_another_warehouse_put_in_its_place_is_the_warehouse(files: WarehouseFiles, tmp_path: Path) -> None:
    begin(files)
    other = WarehouseFiles(tmp_path / "other" / "news.duckdb")
    with loading(other, wait_seconds=1, clock=lambda: NOON + timedelta(hours=1)) as con:
        for number in (5, 6, 7):
            stage(other, str(number), [article(number)])
        load_staged(con, other)
        publish(con, other, LATER)
    shutil.copy(other.published, files.published)
    assert ingest(files, "two", [article(2)]).articles == 4


def test_a_published_file_that_was_loaded_into_elsewhere_and_copied_back_is_gone_on_from(
    files: WarehouseFiles, tmp_path: Path
) -> None:
    begin(files)
    elsewhere = WarehouseFiles(tmp_path / "elsewhere" / "news.duckdb")
    elsewhere.published.parent.mkdir()
    shutil.copy(files.published, elsewhere.published)
    ingest(elsewhere, "two", [article(2)], LATER)
    stage(files, "three", [article(3)])
    with opened(files) as con:
        load_staged(con, files)  # and not published
    shutil.copy(elsewhere.published, files.published)
    assert "digest 2" in known_sources(files.published, ["digest 2"], extractor="test 1").digests
    assert ingest(files, "four", [article(4)], LATER).articles == 3  # 1, 2, 4
    (kept,) = files.set_aside
    assert articles_in(kept) == 2  # 1, 3


def test_an_older_backup_put_back_is_the_warehouse_and_the_newer_build_is_kept(
    files: WarehouseFiles, tmp_path: Path
) -> None:
    begin(files)
    shutil.copy(files.published, tmp_path / "backup")
    ingest(files, "two", [article(2)], LATER)
    shutil.copy(tmp_path / "backup", files.published)
    assert ingest(files, "three", [article(3)], LATER).articles == 2
    assert [articles_in(path) for path in files.set_aside] == [2]


def test_a_kill_between_publishing_and_its_receipt_loses_no_batch(files: WarehouseFiles) -> None:
    begin(files)
    old_receipt = files.receipt.read_bytes()
    ingest(files, "two", [article(2)], LATER)
    files.receipt.write_bytes(old_receipt)
    for number in (3, 4):  # loaded, and killed before publishing again
        stage(files, str(number), [article(number)])
        with opened(files) as con:
            load_staged(con, files)
    assert ingest(files, "five", [article(5)]).articles == 5
    assert files.set_aside == []


def test_a_warehouse_that_is_moved_takes_along_what_it_has_not_published(
    files: WarehouseFiles, tmp_path: Path
) -> None:
    begin(files)
    stage(files, "two", [article(2)])
    with opened(files) as con:
        load_staged(con, files)
    moved = WarehouseFiles(tmp_path / "moved" / "news.duckdb")
    moved.published.parent.mkdir()
    shutil.copy(files.published, moved.published)
    shutil.copytree(files.work, moved.work)
    assert ingest(moved, "three", [article(3)]).articles == 3


def test_a_link_to_the_published_file_stays_a_link(files: WarehouseFiles, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    files.published.symlink_to(tmp_path / "disk" / "news.duckdb")
    begin(files)
    assert files.published.is_symlink()
    assert ingest(files, "two", [article(2)]).articles == 2
    assert files.published.is_symlink()
    assert articles_in(tmp_path / "disk" / "news.duckdb") == 2


def test_two_names_of_one_warehouse_have_one_build_and_one_lock(
    files: WarehouseFiles, tmp_path: Path
) -> None:
    begin(files)
    (tmp_path / "desk").mkdir()
    linked = WarehouseFiles(tmp_path / "desk" / "linked.duckdb")
    linked.published.symlink_to("../news.duckdb")
    stage(files, "two", [article(2)])
    with opened(files) as con:
        load_staged(con, files)
        assert reason_of_loading(linked) == "warehouse_locked"
    assert ingest(linked, "three", [article(3)]).articles == articles_in(files.published) == 3
    assert [path.name for path in linked.published.parent.iterdir()] == ["linked.duckdb"]
