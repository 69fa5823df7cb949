"""What a scheduled run looks at: places whose time has come, known articles that may have been corrected."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.due import nothing_due
from tasks.fetch.web import FetchSettings, LookAt
from tests.support.command_line import Onrecord
from tests.support.loading import ask
from tests.support.newsroom import article_page, open_newsroom
from tests.support.site import Host, Site
from warehouse.connect import loading, utc_now
from warehouse.fetching import PlaceRow, record_states
from warehouse.files import WarehouseFiles
from warehouse.publish import publish

FEED = "https://ledger.example/rss"
LIST = f'[[source]]\noutlet = "Ledger"\nfeeds = ["{FEED}"]\n'


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    (tmp_path / "list.toml").write_text(LIST)
    return WarehouseFiles(tmp_path / "w.duckdb")


def told(files: WarehouseFiles, look: LookAt, *inputs: str) -> str | None:
    given = inputs or (str(files.published.with_name("list.toml")),)
    return nothing_due(files, given, FetchSettings(look=look))


def poll_again_in(files: WarehouseFiles, minutes: int) -> None:
    """The feed was looked at, and is to be looked at again in so many minutes."""
    now = utc_now()
    due = now + timedelta(minutes=minutes)
    row = PlaceRow(FEED, "Ledger", now, now, due, 60.0, 0, 0, 0, None, None, None, None, None, now)
    with loading(files, wait_seconds=0) as con:
        record_states(con, (), (), [row], now)
        publish(con, files, now)


def test_a_feed_that_nobody_has_looked_at_is_due(files: WarehouseFiles) -> None:
    assert told(files, "due") is None
    with loading(files, wait_seconds=0) as con:
        publish(con, files, utc_now())
    assert told(files, "due") is None


def test_a_feed_is_due_when_its_time_has_come(files: WarehouseFiles) -> None:
    poll_again_in(files, 20)
    assert str(told(files, "due")).startswith("Nothing is due before 20")
    assert told(files, "all") is None
    poll_again_in(files, -1)
    assert told(files, "due") is None


def test_nothing_is_corrected_where_nothing_is_known(files: WarehouseFiles) -> None:
    poll_again_in(files, -1)
    assert told(files, "known") == "Nothing is due."


def test_a_list_that_follows_nobody_is_never_due(files: WarehouseFiles) -> None:
    listed = files.published.with_name("list.toml")
    listed.write_text(f"{LIST}enabled = false\n")
    assert told(files, "due") == "No source of the list is turned on."


def test_what_else_is_named_and_what_a_killed_run_left_is_always_due(files: WarehouseFiles) -> None:
    poll_again_in(files, 20)
    listed = str(files.published.with_name("list.toml"))
    assert told(files, "due", listed, "https://ledger.example/an-article") is None
    files.fetching.mkdir(parents=True)
    (files.fetching / "00000000-0000-0000-0000-000000000000.jsonl").touch()
    assert told(files, "due") is None


# --- with a site ------------------------------------------------------------------------------------------


@pytest.fixture
def host() -> Iterator[Host]:
    """A host with two articles."""
    with Site().in_thread() as site:
        open_newsroom(site.hosts[0], 2)
        yield site.hosts[0]


RUN = """
import sys
from pathlib import Path
from flows.ingest import ingest
from tasks.fetch.web import FetchSettings

fetching = FetchSettings(Path("kept"), "127.0.0.0/8", 0.0, None, sys.argv[1])
state = ingest(["list.toml"], Path("w.duckdb"), fetching=fetching, return_state=True)
print(state.name)
"""


def run(onrecord: Onrecord, look: LookAt) -> str:
    """Run the flow as a schedule does; the name of its end state."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN, look],
        cwd=onrecord.folder,
        env=onrecord.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()[-1]


@pytest.mark.prefect
def test_corrections_are_found_without_a_look_at_the_feed(onrecord: Onrecord, host: Host) -> None:
    (onrecord.folder / "list.toml").write_text(
        f'[[source]]\noutlet = "Ledger"\nfeeds = ["{host.url("/feed.xml")}"]\n'
        'delay = "0s"\nmax_age = "9999d"\n'
    )
    assert run(onrecord, "due") == "Completed"
    assert run(onrecord, "due") == "NothingDue"
    assert run(onrecord, "known") == "NothingDue"
    files = WarehouseFiles(onrecord.folder / "w.duckdb")
    with loading(files, wait_seconds=5) as con:  # two hours go by
        con.execute("UPDATE fetches SET started_at = started_at - INTERVAL 2 HOURS")
        publish(con, files, utc_now())
    host.pages["/news/1"] = article_page(1, "“We shall see,” said Peter Holm, a member of the council.")
    asked = len(host.log)
    assert run(onrecord, "known") == "Completed"
    assert sorted(host.paths()[asked:]) == ["/news/0", "/news/1"]
    assert ask(files, "SELECT count(*) FROM article_versions") == [(3,)]
    commands = ask(files, "SELECT command, count(*) FROM runs GROUP BY command")
    assert commands == [("ingest", 2)], "a run with nothing due leaves no row"
