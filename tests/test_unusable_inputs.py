"""What cannot be used is a row in `failures` with a sentence; the rest is loaded, nothing loaded is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import TIME_LIMIT, Onrecord
from tests.support.made_articles import write_made_articles
from tests.support.tables import contents
from warehouse.connect import reading

pytestmark = pytest.mark.prefect

ARTICLE = 'Mayor speaks of bridges\n\nThe bridge opens on Monday. "It is ready," Mayor Anna Keller said.\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One article among everything that goes wrong on disks."""
    place = tmp_path / "inbox"
    place.mkdir()
    (place / "article.txt").write_text(ARTICLE)
    (place / "empty.txt").write_bytes(b"")
    (place / "blank.txt").write_text(" \n\t\n  ")
    (place / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (place / "latin1.txt").write_bytes("Le café a fermé. Les élèves sont à l’école.".encode("cp1252"))
    (place / "mixed.txt").write_bytes(
        ARTICLE.encode() + "Çavuş – ok. ".encode() + b"It\x92s fine, she said.\n"
    )
    (place / "spaces.txt").write_bytes(b" " * 50_000_000)
    (place / "gone.txt").symlink_to(place / "nowhere.txt")
    os.mkfifo(place / "pipe.txt")
    (place / "page.html").write_text("<html><body></body></html>")
    (place / "picture.png").write_bytes(b"\x89PNG")
    rows: list[Any] = [
        {"id": "good-1", "text": ARTICLE},
        {"id": "no-text", "title": "Only a title"},
        {
            "id": "surrogate",
            "text": "Half \ud83d a face and a NUL \x00 inside. Nobody said a word about it all day.",
        },
        {"id": "good-2", "text": ARTICLE.replace("Keller", "Novak")},
    ]
    lines = [json.dumps(row) for row in rows]
    lines.insert(2, '{"id": "broken", "text": "cut o')
    (place / "rows.jsonl").write_text("\n".join(lines) + "\n")
    return place


def test_one_folder_with_everything_that_goes_wrong(onrecord: Onrecord, folder: Path) -> None:
    result = onrecord("ingest", folder, "--warehouse", "w.duckdb")
    assert result.returncode == 0, result.stderr
    found = failures(onrecord.folder / "w.duckdb")
    assert {Path(place).name: reason for place, reason, _ in found} == {
        "empty.txt": "empty",
        "blank.txt": "empty",
        "binary.txt": "binary",
        "spaces.txt": "too_large",
        "gone.txt": "unreadable",
        "pipe.txt": "unreadable",
        "page.html": "no_article",
        "rows.jsonl:2": "no_text",
        "rows.jsonl:3": "bad_json",
    }
    assert all(message.endswith(".") and "\n" not in message for _, _, message in found)
    loaded = {row[0] for row in rows_of(onrecord.folder / "w.duckdb", "SELECT input_id FROM articles")}
    assert loaded == {"article.txt", "latin1.txt", "mixed.txt", "good-1", "surrogate", "good-2"}
    for place, reason, _ in found:
        assert reason in result.stdout, place
    assert "picture.png" not in result.stdout


def test_what_failed_is_named_again_when_nothing_is_new(onrecord: Onrecord, folder: Path) -> None:
    onrecord("ingest", folder, "--warehouse", "w.duckdb")
    before = contents(onrecord.folder / "w.duckdb")
    again = onrecord("ingest", folder, "--warehouse", "w.duckdb")
    assert again.returncode == 0
    assert "Nothing new" in again.stdout
    assert "9 documents" in again.stdout.split("Failed")[1].splitlines()[0]
    assert contents(onrecord.folder / "w.duckdb") == before


def test_mended_encodings_say_so(onrecord: Onrecord, folder: Path) -> None:
    onrecord("ingest", folder / "latin1.txt", folder / "mixed.txt", "--warehouse", "w.duckdb")
    query = "SELECT input_id, encoding, text FROM articles JOIN article_versions USING (article_id)"
    encodings = {row[0]: row[1:] for row in rows_of(onrecord.folder / "w.duckdb", query)}
    assert "école" in encodings["latin1.txt"][1]
    assert encodings["mixed.txt"][0] == "utf-8+windows-1252"
    assert "Çavuş – ok. It’s fine" in encodings["mixed.txt"][1]


def test_a_folder_with_nothing_usable_is_a_failure_with_a_sentence(
    onrecord: Onrecord, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG")
    result = onrecord("ingest", "pictures", "--warehouse", "w.duckdb")
    assert result.returncode == 0
    assert "nothing_usable" in result.stdout
    assert [reason for _, reason, _ in failures(tmp_path / "w.duckdb")] == ["nothing_usable"]


def test_a_path_that_is_not_there_does_not_stop_the_others(onrecord: Onrecord, seeds: Path) -> None:
    result = onrecord("ingest", seeds, "nowhere", "--warehouse", "w.duckdb")
    assert result.returncode == 0
    assert "2 articles" in result.stdout
    assert [reason for _, reason, _ in failures(onrecord.folder / "w.duckdb")] == ["input_missing"]


def test_a_file_that_is_no_warehouse_is_left_untouched(onrecord: Onrecord, seeds: Path) -> None:
    foreign = onrecord.folder / "thesis.docx"
    foreign.write_bytes(b"PK not a database" * 1000)
    result = onrecord("ingest", seeds, "--warehouse", foreign)
    assert_one_sentence(result, "is not an onrecord warehouse")
    assert foreign.read_bytes() == b"PK not a database" * 1000
    assert_one_sentence(onrecord("sql", "SELECT 1", "--warehouse", foreign), "is not an onrecord warehouse")


def test_a_warehouse_that_another_process_is_loading_is_told_and_stays_as_it_was(
    onrecord: Onrecord, seeds: Path, folder: Path
) -> None:
    warehouse = onrecord.folder / "w.duckdb"
    onrecord("ingest", seeds, "--warehouse", warehouse)
    before = contents(warehouse)
    with held(warehouse, onrecord) as pid:
        result = onrecord("ingest", folder, "--warehouse", warehouse)
        assert_one_sentence(result, f"in use by process {pid}")
        assert contents(warehouse) == before  # readers are not locked out
    assert onrecord("ingest", folder, "--warehouse", warehouse).returncode == 0


def test_a_full_disk_loses_nothing_that_was_loaded_before(
    onrecord: Onrecord, seeds: Path, folder: Path
) -> None:
    warehouse = onrecord.folder / "w.duckdb"
    onrecord("ingest", seeds, "--warehouse", warehouse)
    before = contents(warehouse)
    # No file may grow beyond what the warehouse has already: the same to a program as a disk without room.
    limit = warehouse.stat().st_size - 1
    limited = subprocess.run(
        [
            sys.executable,
            "-c",
            FULL_DISK,
            str(limit),
            *onrecord.command("ingest", folder, "--warehouse", warehouse),
        ],
        cwd=onrecord.folder,
        env=onrecord.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert_one_sentence(limited, "disk")
    assert contents(warehouse) == before
    assert onrecord("ingest", folder, "--warehouse", warehouse).returncode == 0
    assert len(contents(warehouse)["articles"]) == len(before["articles"]) + 6


def test_an_address_that_nothing_is_fetched_from_is_a_failed_document(onrecord: Onrecord) -> None:
    result = onrecord("ingest", "http://127.0.0.1:1/article", "--warehouse", "w.duckdb")
    assert result.returncode == 0
    assert "blocked_address" in result.stdout


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_so_and_the_next_one_goes_on(onrecord: Onrecord, how: signal.Signals) -> None:
    articles = write_made_articles(onrecord.folder / "made.jsonl", 700)
    run = onrecord.start("ingest", articles, "--warehouse", "w.duckdb")
    staging = onrecord.folder / "w.work" / "staging"
    deadline = time.monotonic() + TIME_LIMIT
    while not list(staging.glob("*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(how)
    assert run.wait(TIME_LIMIT) == 1
    assert rows_of(onrecord.folder / "w.duckdb", "SELECT state, message FROM runs") == [
        ("Failed", "It was stopped.")
    ]
    assert onrecord("ingest", articles, "--warehouse", "w.duckdb").returncode == 0
    assert len(contents(onrecord.folder / "w.duckdb")["articles"]) == 700


FULL_DISK = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""

HOLD = """
import sys, time
from pathlib import Path
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
with loading(WarehouseFiles(Path(sys.argv[1])), wait_seconds=5):
    print("held", flush=True)
    time.sleep(600)
"""


class held:  # noqa: N801 - reads as `with held(...)`
    """Another process that is loading for as long as the block lasts; gives its pid."""

    def __init__(self, warehouse: Path, onrecord: Onrecord) -> None:
        self.command = [sys.executable, "-c", HOLD, str(warehouse)]
        self.environment = onrecord.environment

    def __enter__(self) -> int:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, env=self.environment, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n"
        return self.process.pid

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def failures(warehouse: Path) -> list[tuple[str, str, str]]:
    """Input, reason and message of every failure."""
    return rows_of(warehouse, "SELECT input, reason, message FROM failures")


def rows_of(warehouse: Path, query: str) -> list[Any]:
    """What a query gives."""
    with reading(warehouse) as con:
        return con.execute(query).fetchall()


def assert_one_sentence(result: subprocess.CompletedProcess[str], part: str) -> None:
    """It failed with 1, and the last thing it says is one sentence with these words; no traceback."""
    assert result.returncode == 1, result.stdout + result.stderr
    told = result.stderr.strip().splitlines()
    assert part in told[-1], result.stderr
    assert told[-1].startswith("onrecord: ")
    assert "Traceback" not in result.stderr
