"""Opening a warehouse: foreign files, locks, other versions and damage."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
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
from warehouse.connect import loading, reading
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.schema import migrate, scripts


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def reason_of_reading(path: Path) -> str:
    with pytest.raises(WarehouseError) as caught:
        reading(path)
    return caught.value.reason


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
