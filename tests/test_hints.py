"""What a feed says of an article is used where its page says nothing, and never against the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tasks.clean import clean
from tasks.model import Given, Hints, SourceDocument
from tests.support.exchanges import BEGAN, address, page

SAID = Hints("feed", "Ship 1 comes home at last", ("Jane Roe", "Newsroom"), BEGAN, 60, "en")


def source(content: str, hints: Hints = SAID) -> SourceDocument:
    given = Given(url=address(1))
    return SourceDocument(
        "url:x", address(1), "a:1", "html", content, given, "d", observed_at=BEGAN, hints=hints
    )


def test_the_time_and_the_authors_of_the_feed_fill_the_gap() -> None:
    found = clean(source(page(1).decode()))
    assert found.published_at
    assert (found.published_at.value, found.published_at.source) == (BEGAN, "feed")
    assert (found.published_precision, found.published_offset) == ("second", 60)
    assert (found.authors, found.authors_source) == (("Jane Roe",), "feed")
    assert found.title
    assert found.title.value == "Ship 1 comes home"


def test_the_page_goes_before_the_feed() -> None:
    head = (
        '<head><meta property="article:published_time" content="2026-02-03T04:05:06Z">'
        '<meta name="author" content="John Dahl">'
    )
    found = clean(source(page(1).decode().replace("<head>", head)))
    assert found.published_at
    assert (found.published_at.value.day, found.published_at.source) == (3, "meta")
    assert found.authors == ("John Dahl",)


def test_a_title_of_the_feed_where_the_page_has_none() -> None:
    bare = (
        page(1)
        .decode()
        .replace("<h1>Ship 1 comes home</h1>", "")
        .replace("<title>Ship 1 comes home</title>", "")
    )
    found = clean(source(bare))
    assert found.title
    assert (found.title.value, found.title.source) == ("Ship 1 comes home at last", "feed")


def test_a_time_that_is_still_to_come_counts_for_nothing() -> None:
    found = clean(source(page(1).decode()), latest=BEGAN - timedelta(days=1))
    assert found.published_at is None or found.published_at.source != "feed"


def test_midnight_without_a_zone_is_a_day() -> None:
    midnight = replace(SAID, published_at=BEGAN.replace(hour=0), published_offset=None)
    assert clean(source(page(1).decode(), midnight)).published_precision == "day"
