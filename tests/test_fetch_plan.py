"""What is fetched and when: schedules, choice, health, and going on from an interrupted run. No network."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tasks.fetch import resume
from tasks.fetch.attempt import Attempt
from tasks.fetch.choose import Wanted, choose, host_batches, key_of
from tasks.fetch.health import page_failures, place_rows, source_health
from tasks.fetch.journal import Journal, Noted, left_behind, read_journal
from tasks.fetch.places import Look, Place
from tasks.fetch.plan import errand_of, places_of, polite_hosts
from tasks.fetch.schedule import Known, Looks, is_due, next_interval, next_look
from tasks.fetch.web import Page
from tasks.followed import FollowedSource
from tasks.model import DocumentRef, Failure, RecordPlace
from tasks.sources import Sources
from tasks.web import Candidate
from tests.support.warped import START

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URL = "https://news.example/a"
FETCHED = Attempt(URL, URL, "page", "fetched", START, START, status=200, digest="d", source="Ledger")


def candidate(url: str, source: str | None = "Ledger", modified_at: datetime | None = None) -> Candidate:
    return Candidate(url, "feed", source=source, modified_at=modified_at)


# --- schedules ----------------------------------------------------------------------------


def test_a_feed_is_looked_at_more_often_the_more_there_is_new() -> None:
    usual = timedelta(minutes=30)
    assert next_interval(usual, usual, new=10, known=0) == timedelta(minutes=15)
    assert next_interval(usual, usual, new=0, known=10) == timedelta(minutes=45)
    assert next_interval(timedelta(hours=4), usual, new=1, known=9) == timedelta(hours=2, minutes=15)


def test_the_interval_of_a_feed_stays_within_bounds() -> None:
    usual, often, seldom = timedelta(minutes=30), timedelta(minutes=30), timedelta(minutes=30)
    for _ in range(50):
        often, seldom = next_interval(often, usual, 9, 0), next_interval(seldom, usual, 0, 9)
    assert (often, seldom) == (timedelta(minutes=5), DAY)


def looks_of(known: Known, looks: Looks) -> list[timedelta]:
    """The ages at which an article is looked at again."""
    ages = []
    while look := next_look(known, looks):
        ages.append(look - known.first_at)
        known = replace(known, last_at=look)
    return ages


def test_looks_at_a_known_article_thin_out_with_its_age_and_end() -> None:
    ages = looks_of(Known(START, START), Looks())
    assert ages[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert timedelta(days=30) <= ages[-1] <= timedelta(days=61)
    assert len(ages) < 13


def test_where_articles_change_they_are_looked_at_more_often() -> None:
    steady, changing = Looks(100, 1), Looks(100, 20)
    assert len(looks_of(Known(START, START), changing)) > len(looks_of(Known(START, START), steady))
    assert Looks(3, 3).spread == steady.spread  # three looks tell nothing yet


def test_what_a_feed_calls_changed_is_looked_at_at_once() -> None:
    known = Known(START, START)
    now = START + timedelta(minutes=10)
    assert not is_due(known, Looks(), now)
    assert is_due(known, Looks(), now, modified_at=START + timedelta(minutes=5))
    assert not is_due(known, Looks(), now, modified_at=START - timedelta(minutes=5))
    assert not is_due(known, Looks(), now, modified_at=now + DAY)  # a date of the future says nothing


# --- choice -------------------------------------------------------------------------------


def test_every_address_is_taken_once_and_known_ones_are_left() -> None:
    named = [
        candidate("https://a.example/1"),
        candidate("https://a.example/1?utm_source=feed#top"),
        candidate("https://b.example/2"),
        candidate("https://a.example/old"),
    ]
    known = {"https://a.example/old": Known(START, START)}
    choice = choose(named, [], known, {}, START + timedelta(minutes=1))
    assert {host: [one.candidate.url for one in queue] for host, queue in choice.queues.items()} == {
        "a.example": ["https://a.example/1"],
        "b.example": ["https://b.example/2"],
    }
    assert (choice.new, choice.known) == ({"Ledger": 2}, {"Ledger": 1})


def test_a_known_article_is_taken_when_it_is_due_with_what_is_known() -> None:
    known = Known(START, START, etag='"x"', digest="d", fetched_at=START)
    visited = [Wanted(candidate(URL), known)]
    assert choose([], visited, {}, {}, START + timedelta(minutes=59)).pages == 0
    choice = choose([], visited, {}, {}, START + HOUR)
    assert [one.validators.etag for one in choice.queues["news.example"]] == ['"x"']


def test_hosts_are_told_apart_by_their_ports_and_batched() -> None:
    named = [candidate(f"http://h.example:{port}/{n}") for port in range(1000, 1100) for n in range(2)]
    choice = choose(named, [], {}, {}, START)
    assert len(choice.queues) == 100
    assert [len(batch) for batch in host_batches(choice.queues, 40, 32)] == [40, 40, 20]
    assert [len(batch) for batch in host_batches(choice.queues, 1, 4)] == [25] * 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://News.Example:80/a#x", "http://news.example/a"),
        ("https://news.example/a?utm_campaign=x&id=1", "https://news.example/a?id=1"),
        ("https://news.example", "https://news.example/"),
    ],
)
def test_writings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


# --- plan ---------------------------------------------------------------------------------

LIST = """
[[source]]
outlet = "Ledger"
feeds = ["https://news.example/rss"]
delay = "9s"
[[source]]
outlet = "Off"
feeds = ["https://off.example/rss"]
enabled = false
"""


def test_inputs_are_parted_into_the_web_and_files(tmp_path: Path) -> None:
    given = tmp_path / "list.toml"
    given.write_text(LIST)
    inputs = ["a.txt", URL, str(given), URL, "missing.toml"]
    errand, rest, ordered = errand_of(inputs, Sources())
    assert errand.addresses == (URL,)
    assert [source.name for source in errand.sources] == ["Ledger"]
    assert rest == ["a.txt", "missing.toml"]
    assert "Ledger" in {rule.outlet for rule in ordered.rules}


def test_a_source_list_that_follows_nobody_says_so(tmp_path: Path) -> None:
    given = tmp_path / "list.toml"
    given.write_text(LIST.replace("delay", "enabled = false\ndelay"))
    errand, _, _ = errand_of([str(given)], Sources())
    assert errand.is_nothing
    assert [failure.input for failure in errand.failures] == [str(given)]


def test_a_place_whose_time_has_not_come_is_left_out_only_on_a_schedule() -> None:
    source = FollowedSource("Ledger", feeds=(URL,))
    errand = errand_of([], Sources())[0].__class__((), (source,))
    look = Look(Place(URL, source, is_listing=True), replace(FETCHED, kind="feed"))
    rows = place_rows([look], [], [], {})
    due = rows[0].next_poll_at
    assert len(places_of(errand, rows, [], None)) == 1
    assert places_of(errand, rows, [], due - HOUR) == []
    assert len(places_of(errand, rows, [], due)) == 1


def test_the_hosts_of_a_source_are_treated_as_it_says() -> None:
    source = FollowedSource("Ledger", feeds=("https://feeds.example/rss",), delay=timedelta(seconds=9))
    choice = choose([candidate("https://articles.example:8080/1")], [], {}, {}, START)
    assert set(polite_hosts([source], choice)) == {"feeds.example", "articles.example:8080"}


# --- health -------------------------------------------------------------------------------

BACKING_OFF = replace(FETCHED, outcome="refused", reason="backing_off", message="Later.", status=None)
GONE = replace(FETCHED, outcome="failed", reason="http_404", message="The server answered 404.", status=404)


def health_after(*attempts: Attempt, known: tuple[int, ...] = ()) -> tuple[list[Page], Look]:
    named = tuple(candidate(f"{URL}/{number}") for number in range(len(attempts)))
    pages = [
        Page(Wanted(one, Known(START, START) if number in known else None), attempt)
        for number, (one, attempt) in enumerate(zip(named, attempts, strict=True))
    ]
    place = Place("https://news.example/rss", FollowedSource("Ledger"), is_listing=True)
    feed = replace(FETCHED, kind="feed", etag='"f"')
    return pages, Look(place, feed, named)


def test_a_source_is_told_in_a_line() -> None:
    same = replace(FETCHED, outcome="not modified")
    pages, look = health_after(FETCHED, FETCHED, same, GONE, BACKING_OFF, known=(1, 2))
    rows = place_rows([look], pages, [], {})
    (health,) = source_health(rows, pages, {"Ledger": 7})
    assert (health.new, health.changed, health.known, health.failed, health.postponed) == (1, 1, 8, 1, 1)
    assert (health.why, health.last_success) == (None, START)
    assert [failure.reason for failure in page_failures(pages)] == ["http_404"]


def test_a_feed_whose_articles_were_postponed_is_read_anew_next_time() -> None:
    pages, look = health_after(FETCHED, BACKING_OFF)
    assert place_rows([look], pages, [], {})[0].etag is None
    pages, look = health_after(FETCHED, GONE)
    assert place_rows([look], pages, [], {})[0].etag == '"f"'


def test_a_feed_in_trouble_keeps_its_last_success_and_says_why() -> None:
    pages, look = health_after(FETCHED)
    before = place_rows([look], pages, [], {})
    failure = Failure(look.place.url, "fetch", "http_500", "The server answered 500.")
    later = replace(FETCHED, kind="feed", outcome="failed", ended_at=START + DAY, started_at=START + DAY)
    broken = Look(look.place, later, failure=failure)
    rows = place_rows([broken], [], [], {row.url: row for row in before})
    (health,) = source_health(rows, [], {})
    assert (health.last_success, health.failed) == (START, 1)
    assert "500" in (health.why or "")
    assert rows[0].etag == '"f"'


# --- journal ------------------------------------------------------------------------------


def test_a_journal_gives_back_what_was_written(tmp_path: Path) -> None:
    ref = DocumentRef(
        tmp_path / "a.warc.gz", "record", 10, 20, url=URL, original=RecordPlace(tmp_path / "b.warc.gz", 3, 4)
    )
    journal = Journal(tmp_path, uuid4())
    journal.note(FETCHED, ref)
    journal.note(GONE, None)
    journal.close()
    assert list(read_journal(journal.path)) == [Noted(FETCHED, ref), Noted(GONE, None)]


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path, uuid4())
    journal.note(FETCHED, None)
    journal.close()
    with journal.path.open("ab") as file:
        file.write(b'{"url": "https://news.exam')
    assert list(read_journal(journal.path)) == [Noted(FETCHED)]
    journal.path.unlink()  # another run has entered it
    assert list(read_journal(journal.path)) == []


def test_a_journal_belongs_to_its_run_until_that_is_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path, uuid4())
    assert left_behind(tmp_path) == []
    journal.close()
    assert left_behind(tmp_path) == [journal.path]


def test_the_same_line_is_the_same_row() -> None:
    assert FETCHED.fetch_id == replace(FETCHED, digest="other").fetch_id
    assert FETCHED.fetch_id != replace(FETCHED, started_at=START + HOUR).fetch_id


def test_an_interrupted_run_is_gone_on_from() -> None:
    ref = DocumentRef(Path("a.warc.gz"), "record", 10, 20, url=URL)
    moved = replace(FETCHED, url=f"{URL}/moved", outcome="redirected", status=302)
    noted = [
        Noted(FETCHED, ref),
        Noted(FETCHED, ref),
        Noted(replace(GONE, url=f"{URL}/gone")),
        Noted(replace(BACKING_OFF, url=f"{URL}/busy")),
        Noted(moved),
    ]
    soon, late = START + timedelta(minutes=5), START + 2 * HOUR
    assert set(resume.answers(noted, soon)) == {URL, f"{URL}/gone"}
    assert resume.answers(noted, late) == {}
    assert resume.documents(noted) == [ref]
    (host,) = resume.hosts(noted, 5.0)
    assert (host.host, host.next_at) == ("news.example", START + timedelta(seconds=5))
