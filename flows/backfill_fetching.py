"""The part of a backfill that goes to the web: what sitemaps named of old, and the articles of a day.

The steps of `flows.fetching`, but nothing that is known is asked for again, and no feed's schedule moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.backfill_work import Work
from flows.fetching import FromWeb, brought, enter_attempts, fetch_all
from flows.progress import current_progress
from tasks.backfill.found import ByDay, of_sitemaps, places_back
from tasks.fetch import rows
from tasks.fetch.choose import Choice, choose, key_of
from tasks.fetch.fetcher import PASSED_ON
from tasks.fetch.plan import Errand, polite_hosts
from tasks.fetch.schedule import LAST_LOOK
from tasks.fetch.web import open_web
from tasks.web import Candidate
from warehouse.connect import in_sentences, loading, utc_now
from warehouse.fetching import known_addresses, remembered


@task(name="look", task_run_name="look back", cache_policy=NO_CACHE)
def look_back(errand: Errand, days: Sequence[date], work: Work, run_id: UUID) -> ByDay:
    """What the sitemaps of the errand name, by day."""
    places = places_back(errand, min(days), max(days), utc_now())
    current_progress().stage("Looking at sitemaps", len(places))
    with loading(work.files, wait_seconds=work.lock_wait) as con:
        memory = remembered(con, utc_now() - LAST_LOOK)
    with (
        in_sentences(work.files),
        open_web(work.fetching, work.files.fetching, run_id, work.lock_wait) as web,
    ):
        web.remember([*map(rows.host_state, memory.hosts)], [*map(rows.robots, memory.robots)])
        web.follow(polite_hosts(errand.sources))
        found = of_sitemaps(web.looks(places, current_progress().advance))
        web.archive.sync()
        with loading(work.files, wait_seconds=work.lock_wait) as con:
            enter_attempts(con, web.journals)
    return found


def fetch_candidates(work: Work, candidates: Sequence[Candidate], run_id: UUID) -> FromWeb:
    """Fetch the articles of a day into the archive; those that are known are left alone."""
    keys = list({key_of(one.url) for one in candidates})
    with loading(work.files, wait_seconds=work.lock_wait) as con:
        memory = remembered(con, utc_now() - LAST_LOOK)
        known = frozenset(row.address_key for row in known_addresses(con, keys, [*PASSED_ON]))
    with (
        in_sentences(work.files),
        open_web(work.fetching, work.files.fetching, run_id, work.lock_wait) as web,
    ):
        web.remember([*map(rows.host_state, memory.hosts)], [*map(rows.robots, memory.robots)])
        choice = chosen(candidates, known)
        web.follow(polite_hosts(work.errand.sources, choice))
        pages = fetch_all(web, choice)
        web.archive.sync()
        return brought(web, memory, (), (known, choice, pages))


def chosen(candidates: Sequence[Candidate], known: frozenset[str]) -> Choice:
    """What of the candidates is to be fetched: what nobody knows."""
    new = [one for one in candidates if key_of(one.url) not in known]
    return choose(new, (), {}, {}, utc_now())
