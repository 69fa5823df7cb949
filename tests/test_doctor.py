"""`onrecord doctor`: what it finds, and `--rebuild`: what it makes anew, and that nothing is deleted."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.cli import main
from tasks.archive.condition import archive_condition
from tasks.archive.index import NAME
from tasks.archive.writer import open_archive
from tasks.doctor import installation, machine, stored
from tasks.doctor.machine import Room, Stamp
from tests.support.command_line import Onrecord
from tests.support.exchanges import candidate, exchange
from tests.support.warehouse_samples import LATER, NOON, article, begin, contents, ingest, opened, stage
from warehouse.condition import FailingPlace, condition_of, file_condition
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.query import query
from warehouse.rebuild import begin_rebuild, end_rebuild

NOW = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - naive UTC


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WarehouseFiles:
    """A warehouse with one article, in a folder that commands start in."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("PREFECT_", "ONRECORD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    files = WarehouseFiles(tmp_path / "news.duckdb")
    begin(files)
    return files


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["doctor", "--warehouse", "news.duckdb", *words])


def troubles() -> set[tuple[str, str]]:
    """Part and reason of what must be mended; each names a command, or is of no one."""
    result = run("--json")
    told = json.loads(result.stdout)
    found = [one for one in told["findings"] if one["level"] == "trouble"]
    assert told["sound"] == (not found) == (result.exit_code == 0)
    assert all(one["mend"] for one in found)
    return {(one["part"], one["reason"]) for one in found}


def notices() -> set[str]:
    return {one["reason"] for one in json.loads(run("--json").stdout)["findings"] if one["level"] == "notice"}


def damage(path: Path) -> None:
    """Overwrite a stretch in the middle: the head still looks like a database."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3 // 4096 * 4096)
        file.write(b"\xa5" * (size // 2))


def ids(path: Path) -> list[tuple[object, ...]]:
    return query(path, "SELECT input_id FROM articles ORDER BY ALL").rows


# --- findings --------------------------------------------------------------------


def test_a_sound_warehouse_has_nothing_to_mend_and_nothing_is_touched(files: WarehouseFiles) -> None:
    before = {path: path.stat().st_mtime_ns for path in files.published.parent.rglob("*")}
    assert troubles() == set()
    result = run()
    assert result.exit_code == 0
    assert "All is well." in result.stdout
    assert {path: path.stat().st_mtime_ns for path in files.published.parent.rglob("*")} == before


def test_where_there_is_nothing_yet_it_says_how_to_begin(files: WarehouseFiles) -> None:
    shutil.rmtree(files.work)
    files.published.unlink()
    result = run()
    assert result.exit_code == 0
    assert "onrecord ingest seeds --warehouse news.duckdb" in result.stdout


def test_a_package_outside_what_is_required_is_named_with_its_mend() -> None:
    wanted = ["sqlalchemy<2.1", "prefect>=3.8.8,<4", "httpx[http2]>=0.28,<0.29", "winloop; os_name == 'nt'"]
    good = {"sqlalchemy": "2.0.44", "prefect": "3.8.8", "httpx": "0.28.1"}
    assert [one.level for one in installation.packages(wanted, good)] == ["sound"]
    found = installation.packages(wanted, good | {"sqlalchemy": "2.1.0", "prefect": None})
    assert [(one.reason, one.mend) for one in found] == [
        ("package_version", "pip install 'sqlalchemy<2.1'"),
        ("package_missing", "pip install 'prefect<4,>=3.8.8'"),
    ]
    assert "sqlalchemy 2.1.0 is installed" in found[0].message


@pytest.mark.usefixtures("files")
def test_a_chosen_server_that_does_not_answer_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ("server", "server_silent") not in troubles()
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert troubles() == {("server", "server_silent")}


def test_a_disk_must_hold_a_second_copy() -> None:
    place = Path("/srv")
    assert [one.level for one in machine.disk([Room(place, 2 << 30, 1 << 30)])] == ["sound"]
    (full,) = machine.disk([Room(place, 1 << 30, 1 << 30)])
    assert (full.level, full.reason) == ("trouble", "disk_full")
    assert "1.1 GB are free" in full.message


def test_a_clock_that_stands_before_what_was_written_is_wrong() -> None:
    assert machine.clock(NOW, [Stamp("a run", NOW + timedelta(minutes=1))]).level == "sound"
    late = machine.clock(NOW, [Stamp("a run", NOW), Stamp("a loaded batch", NOW + timedelta(hours=2))])
    assert (late.level, late.reason) == ("trouble", "clock_behind")
    assert "a loaded batch is of 2026-06-01 14:00" in late.message
    assert machine.clock(datetime(1970, 1, 2), []).level == "trouble"  # noqa: DTZ001


def test_rows_of_the_future_show_a_clock_that_is_off(files: WarehouseFiles) -> None:
    ingest(files, "two", [article(2)], datetime.fromisoformat("2099-01-01"))
    assert troubles() == {("clock", "clock_behind")}


@pytest.mark.parametrize("part", ["published", "build"])
def test_a_damaged_file_is_found_by_reading_all_of_it(files: WarehouseFiles, part: str) -> None:
    damage(getattr(files, part))
    assert troubles() == {("warehouse", "damaged")}


def test_lost_rows_are_damage(files: WarehouseFiles) -> None:
    with opened(files) as con:
        con.execute("DELETE FROM mentions")
        publish(con, files, LATER)
    assert file_condition(files.published).state == "damaged"
    assert "mentions holds 0 rows where 1 were loaded" in run().stdout.replace("\n" + " " * 20, " ")


def test_a_file_of_a_newer_version_needs_an_update(files: WarehouseFiles) -> None:
    with opened(files) as con:
        con.execute("INSERT INTO schema_migrations VALUES (9999, '9999_new.sql', 'x', now()::TIMESTAMP)")
        publish(con, files, LATER)
    assert troubles() == {("warehouse", "newer_schema")}
    assert run("--rebuild").exit_code == 1
    assert ids(files.published) == [("1.txt",)]


def test_a_loader_at_work_is_named_and_is_no_trouble(files: WarehouseFiles) -> None:
    with loading(files, wait_seconds=5):
        assert condition_of(files).holder is not None
        result = run()
    assert result.exit_code == 0
    assert f"process {os.getpid()}" in result.stdout
    assert condition_of(files).holder is None


def test_staged_batches_that_wait_and_half_written_ones_are_told(files: WarehouseFiles) -> None:
    stage(files, "two", [article(2)])
    (files.staging / "half.tmp").mkdir()
    assert notices() == {"staged_waiting", "staged_torn"}
    assert troubles() == set()


def test_a_published_file_that_is_gone_can_be_had_again(files: WarehouseFiles) -> None:
    files.published.unlink()
    assert troubles() == {("warehouse", "not_published")}
    assert run("--rebuild").exit_code == 0
    assert ids(files.published) == [("1.txt",)]
    assert troubles() == set()


def test_a_failing_check_is_told_with_its_meaning(files: WarehouseFiles) -> None:
    with opened(files) as con:
        for name, severity in (("orphaned_quotes", "error"), ("future_dates", "warning")):
            con.execute(
                "INSERT INTO quality_checks VALUES (uuid(), ?, ?, ?, 2, ['a'], false, true)",
                [name, severity, NOON],
            )
        publish(con, files, LATER)
    assert troubles() == {("checks", "orphaned_quotes")}
    assert "A quote in a version that is not there." in run().stdout
    assert "future_dates" in notices()


def test_a_feed_that_fails_for_days_is_dead_and_one_that_failed_today_is_not() -> None:
    def place(succeeded_at: datetime | None) -> FailingPlace:
        return FailingPlace("https://news.example/rss", "The News", NOW, succeeded_at, "It answers 404.")

    ages = [NOW - timedelta(hours=5), NOW - timedelta(days=4), None]
    found = stored.sources([place(age) for age in ages])
    assert [one.level for one in found] == ["notice", "trouble", "trouble"]
    assert found[1].mend == "onrecord sources check 'The News'"
    assert "fails since 2026-05-28 (It answers 404)." in found[1].message


# --- the archive -----------------------------------------------------------------


def archived(folder: Path, pages: int = 3) -> Path:
    """An archive with so many pages; its file."""
    with open_archive(folder) as archive:
        for number in range(1, pages + 1):
            archive.append(exchange(number), candidate(number))
    (file,) = folder.glob("*.warc.gz")
    return file


def reasons(folder: Path) -> list[str]:
    return [one.reason for one in stored.archive(archive_condition(folder))]


def test_an_archive_is_sound_torn_broken_or_without_its_index(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    assert reasons(folder) == ["no_archive"]
    file = archived(folder)
    assert reasons(folder) == ["archive"]
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    assert reasons(folder) == ["index", "torn"]
    assert file.read_bytes() == whole[:-40]  # it is for who opens it to cut
    (folder / NAME).write_text("no index at all")
    file.write_bytes(whole)
    assert reasons(folder) == ["index"]
    (folder / NAME).unlink()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + b"\0" * 200 + whole[middle + 200 :])
    assert reasons(folder) == ["index", "broken"]


def test_an_archive_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        archive.append(exchange(1), candidate(1))
        assert reasons(tmp_path) == ["archive_locked"]


# --- rebuilding ------------------------------------------------------------------


def test_a_rebuild_of_what_is_sound_loads_what_waits_and_changes_nothing_else(files: WarehouseFiles) -> None:
    with opened(files) as con:
        before = contents(con, with_clocks=True)["articles"]
    stage(files, "two", [article(2)])
    assert run("--rebuild").exit_code == 0
    with opened(files) as con:
        after = contents(con, with_clocks=True)["articles"]
    assert set(before) < set(after)
    assert ids(files.published) == [("1.txt",), ("2.txt",)]
    assert not list(files.staging.iterdir())


def test_a_damaged_build_gives_way_to_the_published_file(files: WarehouseFiles) -> None:
    damage(files.build)
    hurt = files.build.read_bytes()
    assert run("--rebuild").exit_code == 0
    assert ids(files.published) == [("1.txt",)]
    assert [path.read_bytes() for path in files.set_aside] == [hurt]
    assert troubles() == set()


def test_a_damaged_published_file_is_made_again_from_the_build(files: WarehouseFiles) -> None:
    damage(files.published)
    hurt = files.published.read_bytes()
    assert run("--rebuild").exit_code == 0
    assert ids(files.published) == [("1.txt",)]
    assert (files.work / "published.set-aside-1.duckdb").read_bytes() == hurt


def test_where_nothing_is_left_to_begin_from_nothing_is_touched(files: WarehouseFiles) -> None:
    damage(files.build)
    damage(files.published)
    before = {path: path.read_bytes() for path in (files.build, files.published)}
    result = run("--rebuild")
    assert result.exit_code == 1
    assert "put a backup in its place" in result.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_a_file_of_somebody_else_is_not_moved(files: WarehouseFiles) -> None:
    shutil.rmtree(files.work)
    files.published.write_text("my notes\n" * 100)
    assert run("--rebuild").exit_code == 1
    assert files.published.read_text() == "my notes\n" * 100


@pytest.mark.prefect
def test_where_both_files_are_damaged_the_archive_and_what_waits_give_the_articles_again(
    onrecord: Onrecord,
) -> None:
    folder = onrecord.folder
    archived(folder / "data/archive")
    files = WarehouseFiles(folder / "data/onrecord.duckdb")
    assert onrecord("reextract").returncode == 0
    wanted = "SELECT version_id, title, text FROM article_versions ORDER BY ALL"
    before = query(files.published, wanted).rows
    assert len(before) == 3
    stage(files, "two", [article(2)])
    damage(files.build)
    damage(files.published)
    result = onrecord("doctor", "--rebuild")
    assert result.returncode == 0, result.stderr
    assert "are in neither" in result.stdout
    after = query(files.published, wanted).rows
    assert set(before) < set(after)
    assert len(after) == 4
    assert query(files.published, "SELECT count(*) FROM quotes WHERE speaker LIKE '%Berg'").rows == [(3,)]
    assert len(files.set_aside) == 1
    assert not files.rebuilding.exists()
    assert onrecord("doctor").returncode == 0


def test_a_rebuild_that_was_killed_goes_on_with_the_archive(files: WarehouseFiles) -> None:
    damage(files.build)
    damage(files.published)
    assert begin_rebuild(files, wait_seconds=0, has_archive=lambda: True) == "archive"
    with opened(files) as con:
        publish(con, files, LATER)  # killed after it
    assert troubles() == {("warehouse", "rebuild_unfinished")}
    assert begin_rebuild(files, wait_seconds=0, has_archive=lambda: True) == "archive"
    assert len(files.set_aside) == 1
    end_rebuild(files)
    assert troubles() == set()
