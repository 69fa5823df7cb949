"""What a person orders for one outlet is done to its articles, and to no others."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import clean
from tasks.clean.overrides import with_dropped_lines
from tasks.clean.text import read_text
from tasks.discover.patterns import wanted, why_not
from tasks.errors import UsageError
from tasks.followed import FollowedSource
from tasks.model import Document, Given, Role, SourceDocument
from tasks.sources import Sources, address_and_outlet, read_sources
from tasks.web import Candidate

STORY = "".join(f"<p>{words}</p>" for words in (
    "The harbour of Lindby stays open through the winter, the town council decided on Monday evening.",
    "Fishing boats had waited for months to learn whether the ice would be broken again this year.",
    "The council voted nine to four for the plan, which costs some two million crowns every winter.",
    "Two members who had opposed it said that they would bring the matter up again in the spring.",
))  # fmt: skip
PROMO = (
    '<div class="box"><p>Our harbour newsletter has all the ships that came in, every week, free.</p></div>'
)
PAGE = (
    '<html><head><title>Harbour stays open | The Ledger</title><link rel="canonical" '
    'href="https://www.ledger.example/news/harbour"><meta property="og:site_name" content="The Ledger">'
    '<meta property="og:title" content="Harbour stays open | The Ledger"></head>'
    f"<body><article><h1>Harbour stays open | The Ledger</h1>{STORY}{PROMO}</article></body></html>"
)
ENTRY = """
[[source]]
outlet = "Ledger of Lindby"
domains = ["Ledger.example"]
prune_xpath = '//div[@class="box"]'
title_suffix = " | The Ledger"
drop_lines = ['^Two members']
"""


def document(content: str = PAGE, form: Any = "html", **known: Any) -> SourceDocument:
    return SourceDocument("key", "id", "page.html", form, content, Given(**known), "digest")


def listed(tmp_path: Path, entries: str) -> Sources:
    path = tmp_path / "sources.toml"
    path.write_text(entries)
    return read_sources(path)


def cleaned(tmp_path: Path, entries: str, source: SourceDocument) -> Document:
    rules = listed(tmp_path, entries).of(source)
    return clean(source, rules) if rules else clean(source)


def test_an_entry_prunes_the_page_shortens_the_title_names_the_outlet_and_drops_lines(tmp_path: Path) -> None:
    before, after = clean(document()), cleaned(tmp_path, ENTRY, document())
    assert "newsletter" in before.text
    assert "newsletter" not in after.text
    assert after.title is not None
    assert after.title.value == "Harbour stays open"
    assert after.outlet is not None
    assert (after.outlet.value, after.outlet.source) == ("Ledger of Lindby", "sources.toml")
    dropped = [segment for segment in after.segments if segment.role is Role.DROPPED]
    assert [(cut.rule, cut.span.of(after.text).strip()[:11]) for cut in dropped] == [
        ("sources.toml: drop_lines", "Two members")
    ]
    assert "".join(segment.span.of(after.text) for segment in after.segments) == after.text


@pytest.mark.parametrize(
    ("entry", "source", "is_for"),
    [
        ("domains = 'ledger.example'", document(), True),
        ("domains = 'ledger.example'", document(url="https://sport.ledger.example:8080/x"), True),
        ("domains = 'ledger.example'", document(url="https://notledger.example/x"), False),
        ("domains = 'ledger.example'", document("plain text", "text"), False),
        ("domains = 'ledger.example'\nurls = '/sport/'", document(), False),
        ("urls = '/news/'", document(), True),
        ("outlet = 'the  LEDGER'", document(), True),
        ("outlet = 'The Ledger'", document("plain text", "text", outlet="The Ledger"), True),
        ("outlet = 'The Ledger'\ndomains = 'herald.example'", document(), False),
        ("domains = 'ledger.example'", document(url="http://[::1/broken"), False),
    ],
)
def test_an_entry_is_for_its_domains_and_addresses_or_else_its_outlet(
    entry: str, source: SourceDocument, is_for: bool, tmp_path: Path
) -> None:
    assert (listed(tmp_path, f"[[source]]\n{entry}\ndrop_lines = 'x'").of(source) is not None) is is_for


def test_the_first_entry_that_fits_is_in_force_and_one_that_orders_nothing_is_none(tmp_path: Path) -> None:
    first = "[[source]]\ndomains = 'ledger.example'\nurls = '/news/'\ndrop_lines = 'first'\n"
    second = "[[source]]\ndomains = 'ledger.example'\ndrop_lines = 'second'\n"
    found = listed(tmp_path, first + second).of(document())
    assert found is not None
    assert found.drop_lines == ("first",)
    assert listed(tmp_path, "[[source]]\ndomains = 'ledger.example'\n" + second).of(document()) is None


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("prune_xpath = '//div['", r"source 2 \(The Ledger\): prune_xpath has '//div\[', which is no XPath"),
        ("prune_xpath = '//div/@class'", "selects no elements"),
        ("prune_xpath = 'count(//div)'", "selects no elements"),
        ("prune_xpath = '//x:div'", "no XPath"),
        ("drop_lines = '(unclosed'", "no regular expression"),
        ("urls = ['a', '*']", r"urls has '\*'"),
        ("drop_lines = 7", "must be a text or a list of texts"),
        ("drop_lines = ''", "with something in it"),
        ("domains = 'https://ledger.example/'", "a domain is written like"),
        ("prune_xpaths = 'x'", "'prune_xpaths' is not known; known are outlet, publisher, domains"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused_by_name(entry: str, words: str, tmp_path: Path) -> None:
    entries = f"[[source]]\noutlet = 'Fine'\n[[source]]\noutlet = 'The Ledger'\n{entry}"
    with pytest.raises(UsageError, match=words) as told:
        listed(tmp_path, entries)
    assert "\n" not in told.value.message


@pytest.mark.parametrize(
    "entries", ["source = 3", "[source]\noutlet = 'x'", "[[sources]]", "[[source]]", "x ="]
)
def test_a_file_that_is_no_source_list_is_refused(entries: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"sources\.toml"):
        listed(tmp_path, entries)


def test_the_example_in_the_repository_orders_nothing_and_holds_an_entry_that_can_be_meant(
    seeds: Path, tmp_path: Path
) -> None:
    assert read_sources(seeds / "sources.toml").rules == ()
    text = (seeds / "sources.toml").read_text("utf-8")
    example = text[text.index("# [[source]]") : text.index("# ---")]
    lines = [line.removeprefix("# ") for line in example.splitlines()]
    sources = listed(tmp_path, "\n".join(lines))
    (rules,), (source,) = sources.rules, sources.followed
    assert all((rules.domains, rules.urls, rules.prune_xpath, rules.title_suffix, rules.drop_lines))
    assert all((source.feeds, source.sitemaps, source.lists, source.keep, source.skip, source.publisher))
    assert source.interval == FollowedSource("x").interval
    assert (source.slots, source.delay) == (FollowedSource("x").slots, FollowedSource("x").delay)
    assert source.max_age == FollowedSource("x").max_age


def test_the_outlets_in_the_repository_are_all_turned_off(seeds: Path) -> None:
    followed = read_sources(seeds / "sources.toml").followed
    assert len(followed) >= 12
    assert [source.name for source in followed if source.enabled] == []
    assert all(source.outlet and source.publisher and source.language for source in followed)


def test_an_entry_that_is_turned_off_orders_nothing(tmp_path: Path) -> None:
    assert listed(tmp_path, ENTRY + "enabled = false").of(document()) is None


def test_a_change_of_what_is_ordered_changes_its_mark_and_another_address_does_not(tmp_path: Path) -> None:
    marks = [
        listed(tmp_path, entry).rules[0].mark
        for entry in (
            ENTRY,
            ENTRY.replace("^Two", "^Three"),
            ENTRY.replace("Ledger.example", "other.example"),
        )
    ]
    assert marks[0] != marks[1]
    assert marks[0] == marks[2]


def test_entries_travel_to_workers(tmp_path: Path) -> None:
    sources = listed(tmp_path, ENTRY)
    assert pickle.loads(pickle.dumps(sources)) == sources  # noqa: S301 - our own


def test_a_flood_of_tags_is_looked_through_quickly() -> None:
    for flood in ("<link " * 100_000, '<meta content="' * 60_000, "<link " + "a=b " * 100_000):
        assert address_and_outlet(flood) == (None, None)


@given(
    st.text("ab \n", max_size=60).filter(str.strip),
    st.lists(st.sampled_from(["a", "^b", "b$", "aa", "x"]), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_dropped_lines_leave_a_partition_and_lines_that_fit_nothing_alone(
    text: str, patterns: list[str]
) -> None:
    before = read_text(text).segments
    after = with_dropped_lines(text, before, patterns)
    assert "".join(segment.span.of(text) for segment in after) == text
    assert all(segment.span.start < segment.span.end for segment in after)
    if not patterns:
        assert after == before


# --- what is followed -------------------------------------------------------------------------------

FOLLOWED = """
[[source]]
outlet = "The Ledger"
publisher = "Lindby Press"
domains = ["www.ledger.example"]
language = "en"
feeds = ["https://ledger.example/rss.xml", "HTTPS://Ledger.example:443/rss.xml"]
sitemaps = "https://ledger.example/news.xml"
interval = "2 hours"
delay = "2.5s"
slots = 2
keep = ['/news/']
skip = ['/news/live/']
max_age = "2d"
"""


def test_an_entry_tells_what_to_follow_how_often_and_how_politely(tmp_path: Path) -> None:
    (source,) = listed(tmp_path, FOLLOWED).followed
    assert source == FollowedSource(
        name="The Ledger",
        outlet="The Ledger",
        publisher="Lindby Press",
        language="en",
        domains=("ledger.example",),
        feeds=("https://ledger.example/rss.xml",),
        sitemaps=("https://ledger.example/news.xml",),
        interval=timedelta(hours=2),
        delay=timedelta(seconds=2.5),
        slots=2,
        keep=("/news/",),
        skip=("/news/live/",),
        max_age=timedelta(days=2),
    )


def test_what_is_not_said_has_a_polite_default_and_an_entry_without_places_is_not_followed(
    tmp_path: Path,
) -> None:
    bare = (
        "[[source]]\nfeeds = 'https://www.ledger.example/rss'\n[[source]]\noutlet = 'Herald'\nlanguage = 'sv'"
    )
    (source,) = listed(tmp_path, bare).followed
    assert (source.name, source.enabled, source.slots) == ("ledger.example", True, 1)
    assert source.delay >= timedelta(seconds=5)
    assert source.interval >= timedelta(minutes=15)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("feeds = 'ledger.example/rss'", "written like https://"),
        ("feeds = 'file:///etc/passwd'", "written like https://"),
        ("feeds = 'https://user:pw@ledger.example/'", "written like https://"),
        ("feeds = 7", "must be a text or a list"),
        ("interval = '5m'", "needs feeds, sitemaps or lists"),
        ("feeds = 'https://a.example/'\ninterval = '5'", 'written like "5s"'),
        ("feeds = 'https://a.example/'\ninterval = '2s'", "once a minute"),
        ("feeds = 'https://a.example/'\ndelay = 5", 'written like "5s"'),
        ("feeds = 'https://a.example/'\nslots = 0", "from 1 to 8"),
        ("feeds = 'https://a.example/'\nslots = true", "from 1 to 8"),
        ("feeds = 'https://a.example/'\nkeep = '('", "no regular expression"),
        ("feeds = 'https://a.example/'\nenabled = 'no'", "true or false"),
        ("feeds = 'https://a.example/'\nlanguage = 'English!'", 'written like "en"'),
        ("publisher = ['a', 'b']", "must be a text"),
        (
            "feeds = 'https://a.example/'\n[[source]]\noutlet = 'Ledger'\nlists = 'https://a.example/l'",
            "join",
        ),
    ],
)
def test_a_followed_entry_that_cannot_be_meant_is_refused_by_name(
    entry: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=words) as told:
        listed(tmp_path, f"[[source]]\noutlet = 'Ledger'\n{entry}")
    assert "Ledger" in told.value.message


def test_the_publisher_that_a_person_names_is_that_of_the_articles(tmp_path: Path) -> None:
    sources = listed(tmp_path, FOLLOWED)
    rules = sources.of(document())
    assert rules is not None
    cleaned = clean(document(), rules)
    assert cleaned.publisher is not None
    assert (cleaned.publisher.value, cleaned.publisher.source) == ("Lindby Press", "sources.toml")


def test_the_outlet_of_a_followed_site_is_called_as_the_person_calls_it(tmp_path: Path) -> None:
    entries = (
        "[[source]]\noutlet = 'Ours'\nfeeds = 'http://ledger.example:8080/rss'\n"
        "[[source]]\noutlet = 'Theirs'\nfeeds = 'http://ledger.example/rss'"
    )
    sources = listed(tmp_path, entries)
    named = {
        address: (rules := sources.of(document(url=address))) and rules.outlet
        for address in ("http://ledger.example:8080/a", "http://ledger.example/a", "http://herald.example/a")
    }
    assert list(named.values()) == ["Ours", "Theirs", None]
    rules = sources.of(document(url="http://ledger.example/a"))
    assert rules is not None
    cleaned = clean(document(url="http://ledger.example/a"), rules)
    assert cleaned.outlet is not None
    assert (cleaned.outlet.value, cleaned.outlet.source) == ("Theirs", "sources.toml")


NOW = datetime(2026, 5, 4, 12, 0)  # noqa: DTZ001 - naive UTC by contract


def candidate(path: str, found_in: Any = "feed", days_ago: float = 0.0) -> Candidate:
    return Candidate(f"https://ledger.example{path}", found_in, published_at=NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("found", "keep", "skip", "why"),
    [
        (candidate("/news/a"), (), (), None),
        (candidate("/news/a"), ("/news/",), (), None),
        (candidate("/sport/a"), ("/news/",), (), "not_kept"),
        (candidate("/news/live/a"), ("/news/",), ("/live/",), "skipped"),
        (candidate("/news/a", days_ago=31), (), (), "too_old"),
        (candidate("/news/a", "sitemap", 29), (), (), None),
        (candidate("/talk.mp3"), (), (), "no_page"),
        (candidate("/talk.mp3"), ("mp3$",), (), None),
        (candidate("/tag/ice/", "sitemap"), (), (), "no_page"),
        (candidate("/tag/ice/", "news sitemap"), (), (), None),
        (candidate("/story.html?a=b.jpg"), (), (), None),
    ],
)
def test_candidates_are_wanted_by_their_address_and_age(
    found: Candidate, keep: tuple[str, ...], skip: tuple[str, ...], why: str | None
) -> None:
    source = FollowedSource("x", keep=keep, skip=skip)
    assert why_not(found, source, NOW) == why
    assert wanted([found, found], source, NOW).left == ({why: 2} if why else {})
