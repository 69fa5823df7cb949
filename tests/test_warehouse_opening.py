"""Opening a warehouse: foreign files, locks, other versions, damage, and which file is the warehouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.support.warehouse_samples import (
    LATER,
    NOON,
    article,
    begin,
    counts,
    ingest,
    load_staged,
    opened,
    stage,
)
from warehouse.connect import loading, reading
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.known import known_sources
from warehouse.publish import publish
from warehouse.query import query
from warehouse.schema import migrate, scripts
from warehouse.source import set_build_aside


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def reason_of_loading(files: WarehouseFiles) -> str:
    with pytest.raises(WarehouseError) as caught, loading(files, wait_seconds=0):
        pass
    told = caught.value.message.removeprefix(str(files.published))
    assert told.count(". ") == 0  # one sentence
    return caught.value.reason


def reason_of_reading(path: Path) -> str:
    with pytest.raises(WarehouseError) as caught:
        reading(path)
    return caught.value.reason


def articles_in(path: Path) -> int:
    (row,) = query(path, "SELECT count(*) FROM articles").rows
    return int(row[0])


# --- files of somebody else ------------------------------------------------------


def test_a_file_that_is_not_duckdb_is_refused_and_left_as_it_is(files: WarehouseFiles) -> None:
    files.published.write_text("my notes\n" * 100)
    assert reason_of_loading(files) == reason_of_reading(files.published) == "not_a_warehouse"
    assert files.published.read_text() == "my notes\n" * 100
    assert not files.work.exists()


def test_a_duckdb_file_of_another_program_is_refused_and_left_as_it_is(files: WarehouseFiles) -> None:
    with duckdb.connect(str(files.published)) as con:
        con.execute("CREATE TABLE orders AS SELECT 1 AS order_id")
    before = files.published.read_bytes()
    assert reason_of_loading(files) == reason_of_reading(files.published) == "not_a_warehouse"
    assert files.published.read_bytes() == before
    assert not files.work.exists()


def test_a_folder_or_a_torn_duckdb_file_is_refused(files: WarehouseFiles) -> None:
    files.published.mkdir()
    assert reason_of_loading(files) == reason_of_reading(files.published) == "not_a_warehouse"
    files.published.rmdir()
    files.published.write_bytes(b"12345678DUCK" + b"\0" * 50)
    assert reason_of_loading(files) in {"not_a_warehouse", "damaged"}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "not_a_warehouse"),
        ("/", "not_a_warehouse"),
        ("nowhere/..", "not_a_warehouse"),
        ("/proc/nowhere/w.duckdb", "not_writable"),
        ("/proc/w.duckdb", "not_writable"),
        ("a-file.txt/w.duckdb", "not_writable"),
        ("a-file.txt/deeper/w.duckdb", "not_writable"),
        ("news.duckdb", "not_writable"),  # a file lies where its folder would be
        ("long" * 100, "not_writable"),
    ],
)
def test_a_place_where_no_warehouse_can_be_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a-file.txt", "news.work"):
        Path(name).write_text("a note")
    assert reason_of_loading(WarehouseFiles(Path(path))) == reason
    assert reason_of_reading(Path(path)) in {"not_a_warehouse", "no_warehouse"}
    assert {found.name for found in tmp_path.iterdir()} == {"a-file.txt", "news.work"}


def test_an_empty_file_is_nothing_that_anybody_could_lose(files: WarehouseFiles) -> None:
    files.published.touch()
    assert reason_of_reading(files.published) == "no_warehouse"
    assert ingest(files, "one", [article(1)]).articles == 1


def test_reading_where_there_is_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="onrecord ingest") as caught:
        reading(tmp_path / "nothing.duckdb")
    assert caught.value.reason == "no_warehouse"
    assert list(tmp_path.iterdir()) == []


# --- locks -----------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
with loading(WarehouseFiles(Path(sys.argv[1])), wait_seconds=5):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(code: str, path: Path) -> subprocess.Popen[str]:
    """A process that runs the code and has said that it holds what it should hold."""
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_loader_is_told_who_holds_the_warehouse_and_a_dead_one_holds_nothing(
    files: WarehouseFiles,
) -> None:
    process = holding(HOLD, files.published)
    try:
        with (
            pytest.raises(WarehouseError, match=f"process {process.pid} on "),
            loading(files, wait_seconds=0),
        ):
            pass
        assert reason_of_loading(files) == "warehouse_locked"
    finally:
        process.kill()
        process.wait()
    with opened(files) as con:
        assert counts(con)["articles"] == 0


def test_a_second_loader_waits_for_its_turn(files: WarehouseFiles) -> None:
    stage(files, "one", [article(1)])
    entered = threading.Event()

    def first() -> None:
        with opened(files) as con:
            entered.set()
            load_staged(con, files)

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait(10)
    with opened(files) as con:
        assert counts(con)["articles"] == 1
    thread.join()


def test_readers_of_the_published_file_never_block_a_load(files: WarehouseFiles) -> None:
    begin(files)
    analyst = (
        "import sys, time, duckdb; con = duckdb.connect(sys.argv[1]);"
        "con.execute('CREATE TABLE mine (a INTEGER)'); print('held', flush=True); time.sleep(60)"
    )
    process = holding(analyst, files.published)
    try:
        assert reason_of_reading(files.published) == "warehouse_locked"
        assert ingest(files, "two", [article(2)]).articles == 2
        assert articles_in(files.published) == 2
    finally:
        process.kill()
        process.wait()


def test_a_published_file_that_is_locked_and_has_no_build_is_left_alone(
    files: WarehouseFiles,
) -> None:
    begin(files)
    shutil.rmtree(files.work)
    process = holding(
        "import sys, time, duckdb; con = duckdb.connect(sys.argv[1]);"
        "print('held', flush=True); time.sleep(60)",
        files.published,
    )
    try:
        with pytest.raises(WarehouseError, match=f"process {process.pid};"), loading(files, wait_seconds=0):
            pass
    finally:
        process.kill()
        process.wait()


# --- which file is the warehouse --------------------------------------------------


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


# --- schema ----------------------------------------------------------------------


def test_a_warehouse_of_a_newer_program_is_refused(files: WarehouseFiles) -> None:
    begin(files)
    with duckdb.connect(str(files.build)) as con:
        con.execute("INSERT INTO schema_migrations VALUES (99, '0099_later.sql', 'x', now()::TIMESTAMP)")
    assert reason_of_loading(files) == "newer_schema"


def test_a_migration_that_reads_differently_now_is_refused(tmp_path: Path) -> None:
    steps = scripts("migrations")
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        migrate(con, NOON, steps)
        migrate(con, LATER, steps)  # a second time changes nothing
        applied = con.execute("SELECT DISTINCT applied_at FROM schema_migrations").fetchall()
        assert applied == [(NOON,)]
        changed = [replace(steps[0], sql=steps[0].sql + "\nDROP TABLE quotes;"), *steps[1:]]
        with pytest.raises(WarehouseError, match=steps[0].name) as caught:
            migrate(con, LATER, changed)
        assert caught.value.reason == "changed_schema"


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    steps = scripts("migrations")
    broken = replace(
        steps[0], version=99, name="0099_broken.sql", sql="CREATE TABLE half (a INTEGER); SELECT nope;"
    )
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        with pytest.raises(duckdb.BinderException):
            migrate(con, NOON, [*steps, broken])
        assert con.execute("FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == []
        migrate(con, NOON, steps)


def test_views_are_made_again_when_their_text_changed(files: WarehouseFiles) -> None:
    begin(files)
    with duckdb.connect(str(files.build)) as con:
        con.execute("CREATE OR REPLACE VIEW who_said_what AS SELECT 'an older text' AS speaker")
        con.execute("UPDATE schema_views SET sha256 = 'older' WHERE name LIKE '%who_said_what%'")
    with opened(files) as con:
        assert con.execute("SELECT speaker FROM who_said_what").fetchall() == [("Óscar Lind",)]


# --- damage ----------------------------------------------------------------------


def lose_mentions(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("DELETE FROM mentions")


def truncate(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def scramble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12288] = os.urandom(8192)
    path.write_bytes(content)


DAMAGES = [lose_mentions, scramble, *(truncate(size) for size in (0, 100, 5_000, 13_000, 300_000, 600_000))]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_build_is_kept_and_made_again_from_the_published_file(
    files: WarehouseFiles, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    begin(files)
    damage(files.build)
    broken = files.build.read_bytes()
    assert ingest(files, "two", [article(2)]).articles == 2
    assert [path.read_bytes() for path in files.set_aside] == [broken]
    assert "nothing that was published is lost" in caplog.text


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_build_stays_where_the_published_file_cannot_stand_in_for_it(
    files: WarehouseFiles, damage: Callable[[Path], None]
) -> None:
    begin(files)
    damage(files.build)
    lose_mentions(files.published)
    broken = files.build.read_bytes()
    assert reason_of_loading(files) == "damaged"
    files.published.unlink()
    files.receipt.unlink()
    assert reason_of_loading(files) == "damaged"
    assert (files.build.read_bytes(), files.set_aside) == (broken, [])
