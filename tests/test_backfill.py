"""`onrecord backfill`: a window of dates, day by day; what is done is not done twice."""

from __future__ import annotations

import os
import signal
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.writer import open_archive
from tasks.backfill.days import Backfill, DayEnd, Origin, backfill_of, in_words, is_over, origin_of
from tasks.backfill.found import day_of, of_archive, of_web_archives, places_back
from tasks.discover.listing import Onward
from tasks.discover.onward import worth_following
from tasks.errors import UsageError
from tasks.fetch.plan import Errand
from tasks.followed import FollowedSource
from tasks.web import Candidate
from tests.support.command_line import Onrecord
from tests.support.exchanges import BEGAN, candidate, exchange
from tests.support.newsroom import article_page
from tests.support.site import Answer, Site, text
from warehouse.errors import WarehouseError

FIRST = BEGAN.date()
NOW = datetime.fromisoformat("2026-04-01T12:00")
TODAY = NOW.date()
DAYS = 12
DAY = 24 * 60  # minutes
KILLED_WITHIN = 240.0  # seconds


def day(number: int) -> date:
    """So many days after the first."""
    return FIRST + timedelta(days=number)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An article a day; on the third day none, on the fourth two."""
    folder = tmp_path / "kept"
    with open_archive(folder) as writer:
        for number in range(DAYS):
            minutes = number * DAY + (DAY if number == 2 else 0)
            writer.append(exchange(number, minutes=minutes), candidate(number))
    return folder


# --- what is meant ---------------------------------------------------------------------------------------


def test_a_window_has_all_its_days_and_none_of_the_future() -> None:
    meant = backfill_of(day(0), TODAY + timedelta(days=9), None, [], Path("kept"), TODAY)
    assert [*meant.days][::31] == [FIRST, TODAY]
    assert meant.origin == "archive"


@pytest.mark.parametrize(
    ("since", "until", "origin", "inputs", "told"),
    [
        (day(1), day(0), None, [], "before it begins"),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2), None, [], "not come yet"),
        (date(1, 1, 1), day(0), None, [], "more than"),
        (day(0), day(1), "sitemaps", [], "which sitemaps"),
        (day(0), day(1), "archive", ["x.warc"], "name no inputs"),
        (day(0), day(1), None, ["x.warc", "list.toml"], "one origin"),
    ],
)
def test_what_cannot_be_meant_is_told(
    since: date, until: date, origin: Origin | None, inputs: list[str], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        backfill_of(since, until, origin, inputs, Path("kept"), TODAY)


def test_inputs_say_where_documents_come_from() -> None:
    assert origin_of([]) == "archive"
    assert origin_of(["cc-news", "x.warc.gz"]) == "web archives"
    assert origin_of(["list.toml", "https://ledger.example/sitemap.xml"]) == "sitemaps"


def test_overlapping_windows_of_the_same_documents_share_their_days() -> None:
    one = Backfill(day(0), day(3), "web archives", ("b.warc", "a.warc"))
    other = Backfill(day(2), day(5), "web archives", ("a.warc", f"{Path.cwd()}/b.warc"))
    assert one.identity == other.identity
    assert one.identity != Backfill(day(0), day(3), "web archives", ("a.warc",)).identity


def test_a_day_is_done_when_nothing_can_come_any_more() -> None:
    assert is_over(TODAY - timedelta(days=1), NOW)
    assert not is_over(TODAY, NOW)


def test_the_end_says_what_is_left_to_do() -> None:
    ends = [DayEnd(day(0), "Completed", 3, 2, 1), DayEnd(day(1), "Failed", error="No space left")]
    assert in_words(ends, 4) == (
        "1 day done, 2 articles loaded, 1 document failed, 4 days done before, "
        "not done: 2026-03-02 (No space left); the same again does only these"
    )


# --- the documents of a day -------------------------------------------------------------------------------


def test_pages_have_the_day_they_were_fetched(archive: Path) -> None:
    of_day = of_archive(archive)
    assert [len(of_day(day(number)).refs) for number in range(5)] == [1, 1, 0, 2, 1]


def test_captures_have_the_day_they_were_made(archive: Path, tmp_path: Path) -> None:
    (archive / "note.txt").write_text("A text of no day at all.")
    (archive / "broken.warc").write_bytes(b"no WARC")
    found = of_web_archives([str(archive)])
    assert [len(found(day(number)).refs) for number in range(5)] == [1, 1, 0, 2, 1]
    assert found.undated == 1
    assert [failure.reason for failure in found.failures] == ["not_a_warc"]
    del tmp_path


@pytest.mark.parametrize(
    ("url", "published", "modified", "expected"),
    [
        ("https://n.example/a", day(1), day(9), day(1)),
        ("https://n.example/2026/03/05/a", None, day(9), date(2026, 3, 5)),
        ("https://n.example/a", None, day(9), day(9)),
        ("https://n.example/a", None, None, None),
    ],
)
def test_an_address_has_the_day_it_is_dated(
    url: str, published: date | None, modified: date | None, expected: date | None
) -> None:
    moments = [datetime.combine(one, datetime.min.time()) if one else None for one in (published, modified)]
    named = Candidate(url, "sitemap", published_at=moments[0], modified_at=moments[1])
    assert day_of(named) == expected


def test_sitemaps_are_asked_before_feeds_and_as_far_back_as_the_window() -> None:
    source = FollowedSource("Ledger", feeds=("https://n.example/rss",), sitemaps=("https://n.example/map",))
    feeds_only = FollowedSource("Post", feeds=("https://p.example/rss",))
    places = places_back(Errand((), (source, feeds_only)), day(0), day(1), NOW)
    assert [place.url for place in places] == ["https://n.example/map", "https://p.example/rss"]
    first = places[0]
    assert first.until == datetime.combine(day(2), datetime.min.time())
    assert first.source is not None
    assert NOW - first.source.max_age == datetime.combine(day(0), datetime.min.time())


def test_of_an_index_the_sitemaps_of_the_window_are_followed() -> None:
    months = [Onward(f"https://n.example/sitemap-2025-{month:02}.xml") for month in range(1, 13)]
    since, until = datetime.fromisoformat("2025-03-05"), datetime.fromisoformat("2025-04-11")
    followed = worth_following([*months, Onward("https://n.example/map.xml")], NOW, NOW - since, 1000, until)
    assert {one.url[-11:] for one in followed} == {"2025-03.xml", "2025-04.xml", "ple/map.xml"}


# --- the command ------------------------------------------------------------------------------------------


def rows(onrecord: Onrecord, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the published warehouse, none where there is none."""
    try:
        with duckdb.connect(str(onrecord.folder / "w.duckdb"), read_only=True) as con:
            return con.execute(query).fetchall()
    except (duckdb.Error, WarehouseError):
        return []


DONE = "SELECT day FROM backfill_days WHERE state <> 'Empty' ORDER BY day"
TIMES = """
SELECT inputs[-1], count(*)
FROM runs
WHERE command = 'backfill'
  AND state IN ('Completed', 'NoNewArticles')
GROUP BY ALL
ORDER BY ALL
"""


@pytest.mark.prefect
def test_a_backfill_that_was_killed_goes_on_and_does_no_day_twice(onrecord: Onrecord, archive: Path) -> None:
    window = ("--since", str(day(0)), "--until", str(day(DAYS)))
    words = ("backfill", *window, "--archive", archive, "--warehouse", "w.duckdb")
    running = onrecord.start(*words)
    deadline = time.monotonic() + KILLED_WITHIN
    while len(rows(onrecord, DONE)) < 3 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    done = rows(onrecord, DONE)
    assert 3 <= len(done) < DAYS - 1, "it was killed half-way"

    again = onrecord(*words)
    assert again.returncode == 0, again.stderr
    assert "done before" in again.stdout
    assert rows(onrecord, TIMES) == [(str(day(n)), 1) for n in range(DAYS) if n != 2]
    assert rows(onrecord, "SELECT count(*) FROM current_articles") == [(DAYS,)]
    assert rows(onrecord, "SELECT count(*), count(DISTINCT day) FROM backfill_days") == [(DAYS + 1,) * 2]

    nothing = onrecord(*words)
    assert nothing.returncode == 0, nothing.stderr
    assert "0 days done" in nothing.stdout
    assert rows(onrecord, TIMES) == [(str(day(n)), 1) for n in range(DAYS) if n != 2]


@pytest.mark.prefect
def test_web_archives_are_taken_day_by_day_and_sitemaps_fetched(onrecord: Onrecord, archive: Path) -> None:
    run = onrecord(
        "backfill", "--since", str(day(1)), "--until", str(day(4)), archive, "--warehouse", "w.duckdb"
    )
    assert run.returncode == 0, run.stderr
    assert rows(onrecord, DONE) == [(day(1),), (day(3),), (day(4),)]
    assert rows(onrecord, "SELECT count(*) FROM current_articles") == [(4,)]

    settings = 'fetch_allow = "127.0.0.0/8"\nfetch_delay = 0.0\nwarehouse = "w.duckdb"\narchive = "fetched"\n'
    (onrecord.folder / "onrecord.toml").write_text(settings)
    with Site().in_thread() as site:
        host = site.hosts[0]
        dated = {f"/news/{number}": day(number) for number in range(4)}
        host.pages.update({path: article_page(number) for number, path in enumerate(dated)})
        host.pages["/robots.txt"] = text("User-agent: *\nAllow: /\n")
        entries = "".join(
            f"<url><loc>{host.url(path)}</loc><lastmod>{dated[path]}</lastmod></url>" for path in dated
        )
        listing = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        host.pages["/map.xml"] = Answer(listing.encode(), media="application/xml")
        window = ("--since", str(day(1)), "--until", str(day(2)))
        fetched = onrecord("backfill", *window, host.url("/map.xml"))
        assert fetched.returncode == 0, fetched.stderr
        asked = [path for path in host.paths() if path.startswith("/news")]
        assert sorted(asked) == ["/news/1", "/news/2"]
        assert onrecord("backfill", *window, host.url("/map.xml")).returncode == 0
        assert [path for path in host.paths() if path.startswith("/news")] == asked
    assert rows(onrecord, "SELECT count(*) FROM current_articles") == [(6,)]
    kinds = rows(onrecord, "SELECT kind, count(*) FROM fetches WHERE outcome = 'fetched' GROUP BY kind")
    assert dict(kinds)["page"] == 2
