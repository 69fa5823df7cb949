"""The part of the ingest flow that goes to the web: look at feeds, choose, fetch; a task a batch of hosts.

Order, names and progress; the work is in `tasks.fetch`. What is fetched lies in the archive before anything
is told of it, and comes back as references to documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import duckdb
from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.due import due_at, followed_without_look, looked_at
from flows.opaque import opaque
from flows.progress import current_progress
from tasks.fetch import rows
from tasks.fetch.choose import Choice, Wanted, choose, host_batches, key_of
from tasks.fetch.fetcher import PASSED_ON
from tasks.fetch.health import SourceHealth, page_failures, place_rows, source_health
from tasks.fetch.journal import read_journal
from tasks.fetch.places import Look, Place
from tasks.fetch.plan import Errand, articles_among, places_of, polite_hosts, visited_of
from tasks.fetch.resume import WINDOW, documents
from tasks.fetch.schedule import LAST_LOOK
from tasks.fetch.web import FetchSettings, Page, Web, open_web
from tasks.model import DocumentRef, Failure
from warehouse.connect import in_sentences, loading, utc_now
from warehouse.fetching import (
    HostRow,
    PlaceRow,
    Remembered,
    RobotsRow,
    known_addresses,
    record_fetches,
    record_states,
    remembered,
    visited_articles,
)
from warehouse.files import WarehouseFiles

HOSTS_PER_TASK = 64  # a task run costs 10 ms; that many hosts are asked for minutes
MOST_TASKS = 32  # each a thread that waits; more hosts make larger batches


@dataclass(frozen=True, slots=True)
class FromWeb:
    """What fetching gives to the rest of the run, and what is entered when that has ended well."""

    refs: tuple[DocumentRef, ...] = ()
    failures: tuple[Failure, ...] = ()
    health: tuple[SourceHealth, ...] = ()
    known: int = 0  # articles that were left alone, or found to be the same
    postponed: int = 0
    hosts: tuple[HostRow, ...] = ()
    robots: tuple[RobotsRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    journals: tuple[Path, ...] = ()
    cpu_seconds: float = 0.0


def go_to_the_web(
    errand: Errand, files: WarehouseFiles, run_id: UUID, settings: FetchSettings, lock_wait: float
) -> FromWeb:
    """Look at feeds, choose what is new or due, fetch it into the archive.

    Raises OnrecordError where the archive cannot be written, WarehouseError where the journal cannot.
    """
    if errand.is_nothing:
        return FromWeb(failures=tuple(errand.failures))
    with loading(files, wait_seconds=lock_wait) as con:
        memory = remembered(con, utc_now() - LAST_LOOK)
        met = known_addresses(con, [*map(key_of, errand.addresses)], [*PASSED_ON])
    places = places_of(looked_at(errand, settings), memory.places, met, due_at(settings, utc_now()))
    with in_sentences(files), open_web(settings, files.fetching, run_id, lock_wait) as web:
        web.remember([*map(rows.host_state, memory.hosts)], [*map(rows.robots, memory.robots)])
        web.follow(polite_hosts(errand.sources))
        looked = look_at_all(web, places)
        with loading(files, wait_seconds=lock_wait) as con:
            # What was fetched too long ago to count as this run's is known all the same.
            enter_attempts(con, web.journals, before=utc_now() - WINDOW)
            known, choice = chosen(con, looked, memory, followed_without_look(errand, settings))
        web.follow(polite_hosts(errand.sources, choice))
        pages = fetch_all(web, choice)
        web.archive.sync()
        found = brought(web, memory, looked, (known, choice, pages))
    return replace(found, failures=(*errand.failures, *found.failures))


@task(name="look", task_run_name="look at {number} places", cache_policy=NO_CACHE)
def look_at(number: int, web: Web, places: Sequence[Place], advance: Callable[[int], None]) -> list[Look]:
    """Fetch feeds, sitemaps and given addresses, and read what they name."""
    del number  # it names the task run
    return web.looks(places, advance)


@task(name="fetch", task_run_name="fetch hosts {number}", cache_policy=NO_CACHE)
def fetch_hosts(
    number: int, web: Web, queues: Mapping[str, Sequence[Wanted]], advance: Callable[[int], None]
) -> list[Page]:
    """Fetch the articles of a batch of hosts into the archive."""
    del number  # it names the task run
    return web.pages(queues, advance)


def look_at_all(web: Web, places: Sequence[Place]) -> list[Look]:
    """All places at the same time, in one task."""
    shown = current_progress()
    shown.stage("Looking at feeds and addresses", len(places))
    return look_at(len(places), opaque(web), opaque(places), opaque(shown.advance))


def fetch_all(web: Web, choice: Choice) -> list[Page]:
    """All hosts at the same time, a task a batch of them."""
    shown = current_progress()
    shown.stage("Fetching articles", choice.pages)
    under_way = [
        fetch_hosts.submit(number, opaque(web), opaque(queues), opaque(shown.advance))
        for number, queues in enumerate(host_batches(choice.queues, HOSTS_PER_TASK, MOST_TASKS), start=1)
    ]
    return [page for batch in under_way for page in batch.result()]


def chosen(
    con: duckdb.DuckDBPyConnection, looked: Sequence[Look], memory: Remembered, followed: Sequence[str] = ()
) -> tuple[frozenset[str], Choice]:
    """The addresses that are known, by their keys, and what is to be fetched.

    Articles that were fetched before may be due: those of the sources looked at, and of `followed` besides.
    """
    now = utc_now()
    candidates = [candidate for look in looked for candidate in look.candidates]
    met = known_addresses(con, list({key_of(one.url) for one in candidates}), [*PASSED_ON])
    names = [*(look.place.name for look in looked if look.is_listing), *followed]
    visited = visited_of(visited_articles(con, names, now - LAST_LOOK, [*PASSED_ON]))
    known = {row.address_key: rows.known(row) for row in met} | articles_among(looked)
    return frozenset(known), choose(candidates, visited, known, rows.looks(memory.looks), now)


def brought(
    web: Web,
    memory: Remembered,
    looked: Sequence[Look],
    fetched: tuple[frozenset[str], Choice, Sequence[Page]],
) -> FromWeb:
    """All of it, for the rest of the run and for its end."""
    known, choice, pages = fetched
    now = utc_now()
    before = {row.url: row for row in memory.places}
    places = place_rows(looked, pages, known, before)
    health = source_health(places, pages, choice.known)
    failed = [look.failure for look in looked if look.failure]
    unchanged = sum(look.is_same for look in looked) + sum(one.known for one in health)
    return FromWeb(
        refs=tuple(documents(web.noted)),
        failures=(*failed, *page_failures(pages)),
        health=tuple(health),
        known=unchanged,
        postponed=sum(page.is_postponed for page in pages),
        hosts=tuple(rows.host_row(state, now) for state in web.fetcher.turns.states()),
        robots=tuple(rows.robots_rows(web.fetcher.robots.values())),
        places=tuple(places),
        journals=web.journals,
        cpu_seconds=web.cpu_seconds,
    )


def enter_attempts(
    con: duckdb.DuckDBPyConnection, journals: Sequence[Path], before: datetime | None = None
) -> None:
    """Enter the attempts of journals, each of its own run; all of them, or those of an earlier time."""
    for journal in journals:
        attempts = (noted.attempt for noted in read_journal(journal))
        wanted = [one for one in attempts if before is None or one.started_at < before]
        record_fetches(con, [rows.fetch_row(one, UUID(journal.stem)) for one in wanted])


def enter(con: duckdb.DuckDBPyConnection, found: FromWeb) -> None:
    """Enter every attempt, and what is known now of hosts, sites and feeds."""
    enter_attempts(con, found.journals)
    record_states(con, found.hosts, found.robots, found.places, utc_now())


def forget_journals(found: FromWeb) -> None:
    """Remove the journals whose lines are in the warehouse."""
    for journal in found.journals:
        journal.unlink(missing_ok=True)
