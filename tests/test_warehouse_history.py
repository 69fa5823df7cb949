"""The warehouse remembers: which inputs it knows already, and what ran on it."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.warehouse_samples import (
    NOON,
    RUN,
    article,
    begin,
    failure,
    ingest,
    load_staged,
    opened,
    stage,
)
from warehouse.files import WarehouseFiles
from warehouse.known import known_sources
from warehouse.runs import RunEnd, RunStart, finish_run, start_run

DIGESTS = ["digest 1", "digest 2", "broken digest 1", "never seen"]


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def known(files: WarehouseFiles, extractor: str = "test 1") -> set[str]:
    return set(known_sources(files.published, DIGESTS, extractor=extractor).digests)


def test_nothing_is_known_where_there_is_no_warehouse(files: WarehouseFiles) -> None:
    assert known(files) == set()
    files.published.write_text("not a warehouse")
    assert known(files) == set()
    assert [path.name for path in files.published.parent.iterdir()] == ["news.duckdb"]


def test_what_was_read_by_this_extraction_is_known_whether_or_not_it_could_be_used(
    files: WarehouseFiles,
) -> None:
    ingest(files, "one", [article(1), failure(1)])
    assert known(files) == {"digest 1", "broken digest 1"}
    assert known(files, "test 2") == set()


def test_what_is_loaded_but_not_published_is_known(files: WarehouseFiles) -> None:
    begin(files)
    stage(files, "two", [article(2)])
    with opened(files) as con:
        load_staged(con, files)
        assert known_sources(con, DIGESTS, extractor="test 1").read.keys() == {"digest 1", "digest 2"}
    assert known(files) == {"digest 1", "digest 2"}


def test_asking_what_is_known_does_not_wait_for_a_loader(files: WarehouseFiles) -> None:
    begin(files)
    stage(files, "two", [article(2)])
    with opened(files) as con:
        load_staged(con, files)
        assert known(files) == {"digest 1"}  # what is published


# --- runs ------------------------------------------------------------------------


def run(number: int, *, pid: int | None = None, host: str | None = None) -> RunStart:
    start = RunStart(UUID(int=number), "ingest", ["inbox"], NOON + timedelta(minutes=number), "0.1")
    return RunStart(
        start.run_id,
        start.command,
        start.inputs,
        start.started_at,
        start.version,
        None,
        pid or start.pid,
        host or start.host,
    )


def test_a_run_is_entered_when_it_begins_and_when_it_ends(files: WarehouseFiles) -> None:
    end = RunEnd("Completed", "2 articles.", NOON + timedelta(hours=1), {"articles": 2}, 1.5, {}, 2.5)
    with opened(files) as con:
        start_run(con, run(7))
        start_run(con, run(7))  # tried again
        assert con.execute("SELECT state, inputs, pid FROM runs").fetchall() == [
            ("running", ["inbox"], os.getpid())
        ]
        finish_run(con, RUN, end)
        assert con.execute("SELECT state, message, ended_at, counts, cpu_seconds FROM runs").fetchall() == [
            ("Completed", "2 articles.", end.ended_at, {"articles": 2}, 1.5)
        ]


def test_runs_whose_process_is_gone_are_found_to_have_crashed(files: WarehouseFiles) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    with opened(files) as con:
        start_run(con, run(1, pid=ended.pid))
        start_run(con, run(2, pid=ended.pid, host="another machine"))
        start_run(con, run(3))
        assert start_run(con, run(4)) == []
        states = con.execute("SELECT state FROM runs ORDER BY started_at").fetchall()
        assert states == [("crashed",), ("running",), ("running",), ("running",)]
