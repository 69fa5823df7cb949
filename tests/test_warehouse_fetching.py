"""What the warehouse remembers of fetching from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from flows.fetching import enter_attempts
from tasks.fetch import rows
from tasks.fetch.attempt import Attempt
from tasks.fetch.fetcher import PASSED_ON
from tasks.fetch.journal import Journal
from tasks.fetch.politeness import HostState
from tasks.fetch.robots import robots_of
from tests.support.warped import START
from warehouse.connect import loading
from warehouse.fetching import (
    KEPT,
    PlaceRow,
    known_addresses,
    record_fetches,
    record_states,
    remembered,
    visited_articles,
)
from warehouse.files import WarehouseFiles

HOUR = timedelta(hours=1)
URL = "https://news.example/a"
RUN = UUID(int=1)
FETCHED = Attempt(
    URL, URL, "page", "fetched", START, START, status=200, etag='"1"', digest="d1", source="Ledger"
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with loading(WarehouseFiles(tmp_path / "w.duckdb"), wait_seconds=0) as opened:
        yield opened


def at(hours: int, **changed: object) -> Attempt:
    """The attempt so many hours later."""
    when = START + hours * HOUR
    return replace(FETCHED, started_at=when, ended_at=when, **changed)  # type: ignore[arg-type]


def record(con: duckdb.DuckDBPyConnection, *attempts: Attempt) -> None:
    record_fetches(con, [rows.fetch_row(attempt, RUN) for attempt in attempts])


def test_an_attempt_is_one_row_however_often_it_is_entered(con: duckdb.DuckDBPyConnection) -> None:
    record(con, FETCHED, at(1))
    record(con, FETCHED, at(1), at(2))
    assert con.execute("SELECT count(*), count(DISTINCT run_id) FROM fetches").fetchall() == [(3, 1)]


def test_what_an_interrupted_run_fetched_long_ago_is_known(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    journal = Journal(tmp_path, RUN)
    journal.note(FETCHED, None)
    journal.note(at(9, url=f"{URL}/b", final_url=f"{URL}/b"), None)
    journal.close()
    enter_attempts(con, [journal.path], before=START + HOUR)
    assert [row.address_key for row in known_addresses(con, [URL, f"{URL}/b"], [])] == [URL]
    enter_attempts(con, [journal.path])
    assert con.execute("SELECT run_id, count(*) FROM fetches GROUP BY ALL").fetchall() == [(RUN, 2)]


def test_what_is_known_of_an_address_is_its_last_whole_answer(con: duckdb.DuckDBPyConnection) -> None:
    same = at(1, outcome="not modified", status=304, etag=None, digest=None)
    record(con, FETCHED, same, at(2, outcome="failed", reason="timeout", etag=None, digest=None))
    (known,) = known_addresses(con, [URL, "https://news.example/other"], [*PASSED_ON])
    assert (known.first_at, known.last_at, known.fetched_at) == (START, START + HOUR, START)
    assert (known.etag, known.source_digest, known.reason) == ('"1"', "d1", None)


@pytest.mark.parametrize(
    ("reason", "is_known"), [("http_404", True), ("robots", True), ("timeout", False), ("http_503", False)]
)
def test_an_address_that_failed_is_known_where_that_lasts(
    con: duckdb.DuckDBPyConnection, reason: str, is_known: bool
) -> None:
    record(con, replace(FETCHED, outcome="failed", reason=reason, etag=None, digest=None))
    assert len(known_addresses(con, [URL], [*PASSED_ON])) == is_known


def test_the_articles_of_a_source_come_back_once_each(con: duckdb.DuckDBPyConnection) -> None:
    other = replace(FETCHED, url=f"{URL}/b", final_url=f"{URL}/b", source="Tribune")
    old = replace(FETCHED, url=f"{URL}/c", final_url=f"{URL}/c", started_at=START - 99 * HOUR)
    record(con, FETCHED, at(3), other, old, at(1, kind="feed", url="https://news.example/rss"))
    visited = visited_articles(con, ["Ledger"], START - HOUR, ["timeout"])
    assert [(row.url, row.known.first_at, row.known.last_at) for row in visited] == [
        (URL, START, START + 3 * HOUR)
    ]


def test_an_article_that_is_gone_was_looked_at_and_one_that_was_never_there_is_none(
    con: duckdb.DuckDBPyConnection,
) -> None:
    gone = at(2, outcome="failed", reason="http_404")
    late = at(3, outcome="failed", reason="timeout")
    never = replace(gone, url=f"{URL}/b", final_url=f"{URL}/b")
    record(con, FETCHED, gone, late, never)
    (visited,) = visited_articles(con, ["Ledger"], START - HOUR, ["timeout"])
    assert (visited.url, visited.known.last_at) == (URL, START + 2 * HOUR)


def test_looks_at_known_articles_are_counted_by_source(con: duckdb.DuckDBPyConnection) -> None:
    record(con, FETCHED, at(1, outcome="not modified"), at(2), at(3, outcome="not modified"))
    assert remembered(con, START - HOUR).looks == {"Ledger": (3, 1)}


def place(url: str, polled_at: datetime, new: int) -> PlaceRow:
    return PlaceRow(
        url, "Ledger", polled_at, polled_at, polled_at, 60.0, new, 0, 0, None, None, None, None, None, None
    )


def test_the_latest_state_of_hosts_sites_and_feeds_counts(con: duckdb.DuckDBPyConnection) -> None:
    for hours, new in ((0, 1), (1, 2)):
        now = START + hours * HOUR
        hosts = [rows.host_row(HostState("news.example", now + HOUR, new, "timeout"), now)]
        robots = rows.robots_rows([robots_of("https://news.example", 200, b"Disallow: /\xff", now)])
        record_states(con, hosts, robots, [place("https://news.example/rss", now, new)], now)
    memory = remembered(con, START)
    (host,) = map(rows.host_state, memory.hosts)
    assert (host.next_at, host.troubles, host.last_trouble) == (START + 2 * HOUR, 2, "timeout")
    assert [row.new_items for row in memory.places] == [2]
    (site,) = map(rows.robots, memory.robots)
    assert site.is_fresh(START + 24 * HOUR)
    assert not site.is_fresh(START + 26 * HOUR)


def test_a_host_that_nobody_asks_for_is_forgotten(con: duckdb.DuckDBPyConnection) -> None:
    record_states(con, [rows.host_row(HostState("gone.example"), START)], [], [], START)
    record_states(con, [], [], [], START + KEPT + HOUR)
    assert remembered(con, START).hosts == []


def test_odd_text_can_be_stored(con: duckdb.DuckDBPyConnection) -> None:
    record(con, replace(FETCHED, url="http://x/\ud800\x00é", message="a\x00b", outcome="failed"))
    assert con.execute("SELECT count(*) FROM fetches").fetchone() == (1,)
