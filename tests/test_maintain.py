"""What runs at night and every hour: all checks, the archive, old runs of Prefect, the page of stories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from flows.maintain import forget_results
from tasks.archive.writer import open_archive
from tests.support.command_line import Onrecord
from tests.support.exchanges import candidate, exchange
from tests.support.loading import ask, load_inputs
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import publish

MAINTAIN = """
from pathlib import Path
from flows.maintain import maintain

state = maintain(Path("w.duckdb"), Path("kept"), keep_days=0, return_state=True)
print(state.name, state.message)
"""
REPORT = """
from pathlib import Path
from flows.report_flow import report

state = report(Path("w.duckdb"), Path("pages/index.html"), return_state=True)
print(state.name, state.message)
"""


def run(onrecord: Onrecord, script: str) -> str:
    """Run a flow as a schedule does; the name of its end state, and what it said."""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=onrecord.folder,
        env=onrecord.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[-1]


@pytest.fixture
def files(onrecord: Onrecord, seeds: Path) -> WarehouseFiles:
    """The seeds, loaded and published."""
    files = WarehouseFiles(onrecord.folder / "w.duckdb")
    load_inputs(files, seeds)
    return files


def post(onrecord: Onrecord, path: str, body: object) -> Any:
    """An answer of the Prefect API."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{onrecord.api_url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


@pytest.mark.prefect
def test_at_night_all_is_checked_and_only_our_old_runs_are_forgotten(
    onrecord: Onrecord, files: WarehouseFiles
) -> None:
    flow = post(onrecord, "/flows/", {"name": "of somebody"})["id"]
    ended = {"type": "COMPLETED", "name": "Completed"}
    ours, theirs = (
        post(onrecord, "/flow_runs/", {"flow_id": flow, "tags": tags})["id"] for tags in (["onrecord"], [])
    )
    for one in (ours, theirs):
        post(onrecord, f"/flow_runs/{one}/set_state", {"state": ended, "force": True})
    said = run(onrecord, MAINTAIN)
    assert said.startswith("Completed 3")
    assert "checks passed; " in said
    there = post(onrecord, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [ours, theirs]}}})
    assert [one["id"] for one in there] == [theirs]
    assert ask(files, "SELECT command, state FROM runs") == [("maintain", "Completed")]
    assert ask(files, "SELECT count(*) > 30 FROM quality_checks WHERE passed") == [(True,)]


@pytest.mark.prefect
def test_rows_that_break_a_check_and_a_broken_archive_are_told(
    onrecord: Onrecord, files: WarehouseFiles
) -> None:
    with loading(files, wait_seconds=5) as con:
        con.execute("UPDATE mentions SET surface = 'nobody' WHERE label = 'PER'")
        publish(con, files, utc_now())
    broken = break_in_the_middle(onrecord.folder / "kept")
    said = run(onrecord, MAINTAIN)
    assert said.startswith("QualityFailed")
    assert "mention_offsets" in said
    assert f"{broken.name} is broken in its middle" in said


def break_in_the_middle(archive: Path) -> Path:
    """An archive whose one file is damaged between whole records; the file."""
    with open_archive(archive) as writer:
        for number in range(3):
            writer.append(exchange(number), candidate(number))
    (archive / "index.sqlite").unlink()
    (file,) = archive.glob("*.warc.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    file.write_bytes(data)
    return file


@pytest.mark.prefect
def test_the_page_is_written_when_something_was_loaded(onrecord: Onrecord, files: WarehouseFiles) -> None:
    page = onrecord.folder / "pages" / "index.html"
    assert run(onrecord, REPORT).startswith("Completed pages/index.html: ")
    assert "<title>" in page.read_text(encoding="utf-8")
    written = page.stat().st_mtime_ns
    assert run(onrecord, REPORT).startswith("NothingDue")
    assert page.stat().st_mtime_ns == written
    with loading(files, wait_seconds=5) as con:
        publish(con, files, utc_now())
    assert run(onrecord, REPORT).startswith("Completed")


def test_results_are_forgotten_when_they_are_old(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    between = old.stat().st_mtime + 1
    new.touch()
    os.utime(new, (between + 1, between + 1))
    forget_results(tmp_path, between)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
