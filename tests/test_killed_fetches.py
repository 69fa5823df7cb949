"""A run that is killed while it fetches, and run again: nothing is lost, doubled or asked for twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tasks.archive.writer import open_archive
from tasks.read.warc.walk import Broken, walk
from tests.support.command_line import Onrecord
from tests.support.newsroom import open_newsroom, source_list
from tests.support.site import Asked, Site
from tests.test_killed_runs import kill_after
from warehouse.connect import reading

pytestmark = pytest.mark.prefect

HOSTS, ARTICLES = 3, 16
REQUESTS = HOSTS * (ARTICLES + 2)  # robots.txt, feed, articles
QUICK_KILLS = 3
SOAK_KILLS = 50
MOST_REQUESTS = 4  # of a run before it is killed, about: so a round has some ten kills
LOADED = """
SELECT
    url,
    title,
    text,
    (SELECT count(*) FROM mentions AS m WHERE m.version_id = v.version_id),
    (SELECT list(q.text ORDER BY q.char_start) FROM quotes AS q WHERE q.version_id = v.version_id)
FROM article_versions AS v
JOIN articles AS a USING (article_id)
ORDER BY ALL
"""


def test_a_few_kills_while_fetching(onrecord: Onrecord) -> None:
    survives_kills(onrecord, QUICK_KILLS)


@pytest.mark.soak
def test_fifty_kills_while_fetching(onrecord: Onrecord) -> None:
    survives_kills(onrecord, SOAK_KILLS)


def survives_kills(onrecord: Onrecord, kills: int) -> None:
    (onrecord.folder / "onrecord.toml").write_text('fetch_allow = "127.0.0.0/8"\n')
    chance = random.Random(kills)  # noqa: S311 - nothing secret
    with Site(HOSTS).in_thread() as site:
        for number, host in enumerate(site.hosts):
            open_newsroom(host, ARTICLES, first=number * ARTICLES)
        sources = source_list(onrecord.folder / "list.toml", site, delay="0.1s")
        expected = undisturbed(onrecord, sources)
        number = 0
        while kills:
            number += 1
            kills -= survives_a_round(onrecord, sources, site, number, kills, chance)
            assert loaded(onrecord.folder / f"{number}.duckdb") == expected
            check_archive(onrecord.folder / f"{number}.kept")


def survives_a_round(
    onrecord: Onrecord, sources: Path, site: Site, number: int, most: int, chance: random.Random
) -> int:
    """Kill run upon run of one warehouse, as long as there is something to fetch; the number of kills."""
    first = len(site.log)
    killed: list[list[Asked]] = []
    while len(killed) < most:
        process, before = onrecord.start(*options(sources, number)), len(site.log)
        wanted = 1 + int(chance.random() * MOST_REQUESTS)
        while len(site.log) - before < wanted and process.poll() is None:
            time.sleep(0.001)
        kill_after(chance.random() / 10, process)
        if process.returncode == 0:  # it had less to do than that
            break
        time.sleep(0.05)  # what was under way has reached the site
        killed.append(site.log[before:])
    else:
        again = run(onrecord, sources, number)
        assert again.returncode == 0, again.stderr
    check_requests(killed, site.log[first:])
    return len(killed)


def undisturbed(onrecord: Onrecord, sources: Path) -> list[tuple[Any, ...]]:
    """What is loaded where nobody interferes."""
    assert run(onrecord, sources, "undisturbed").returncode == 0
    expected = loaded(onrecord.folder / "undisturbed.duckdb")
    assert len(expected) == HOSTS * ARTICLES
    return expected


def options(sources: Path, name: object) -> list[str]:
    return ["ingest", str(sources), "--warehouse", f"{name}.duckdb", "--archive", f"{name}.kept"]


def run(onrecord: Onrecord, sources: Path, name: object) -> Any:
    return onrecord(*options(sources, name))


def check_requests(killed: list[list[Asked]], every: list[Asked]) -> None:
    """What was asked for again was under way at a kill: the last request to its host in that run."""
    times = Counter((asked.host, asked.path) for asked in every)
    under_way: Counter[tuple[str, str]] = Counter()
    for requests in killed:
        under_way.update({asked.host: asked.path for asked in requests}.items())
    assert len(times) == REQUESTS
    assert {address: number for address, number in times.items() if number > 1 + under_way[address]} == {}


def check_archive(folder: Path) -> None:
    """It opens, and every record in it is whole."""
    with open_archive(folder):
        pass
    files = sorted(folder.glob("*.warc.gz"))
    assert files
    assert [found for path in files for found in walk(path) if isinstance(found, Broken)] == []


def loaded(warehouse: Path) -> list[tuple[Any, ...]]:
    """The articles with their text, and what was found in them."""
    with reading(warehouse) as con:
        return con.execute(LOADED).fetchall()
