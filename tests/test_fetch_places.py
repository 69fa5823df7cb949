"""A look at a feed, a sitemap with all below it, a list, or a page, as the site answers."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest

from tasks.fetch.fetcher import Fetcher
from tasks.fetch.places import Look, Place, is_listing, look
from tasks.fetch.politeness import Turns
from tasks.followed import FollowedSource
from tests.support.fetching import Kept, a_client
from tests.support.newsroom import article_page, open_newsroom
from tests.support.site import Answer, Host, Site, zip_bomb

ALWAYS = timedelta(days=9999)


def looked(pages: dict[str, Answer], path: str, source: FollowedSource | None = None) -> tuple[Look, Site]:
    """What a look at a path of a host gives; `{site}` in a body is the host."""

    async def asked() -> tuple[Look, Site]:
        kept = Kept()
        async with Site() as site, a_client() as client:
            host = site.hosts[0]
            open_newsroom(host, 3)
            for name, answer in pages.items():
                host.pages[name] = placed(answer, host)
            fetcher = Fetcher(client, Turns(delay=0.0), keep=kept.keep, note=kept.note, is_listing=is_listing)
            place = Place(host.url(path), source, is_listing=source is not None)
            return await look(fetcher, place), site

    return asyncio.run(asked())


def placed(answer: Answer, host: Host) -> Answer:
    body = answer.body
    if body.startswith(b"\x1f\x8b"):
        return answer
    return Answer(body.replace(b"{site}", host.url("").encode()), answer.status, answer.headers, answer.media)


def paths(found: Look) -> list[str]:
    return ["/" + candidate.url.split("/", 3)[3] for candidate in found.candidates]


def sitemap(*urls: str, root: str = "urlset", item: str = "url") -> bytes:
    entries = "".join(f"<{item}><loc>{url}</loc></{item}>" for url in urls)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()


def index(*urls: str) -> bytes:
    return sitemap(*urls, root="sitemapindex", item="sitemap")


def xml(body: bytes) -> Answer:
    return Answer(body, media="application/xml")


def test_a_feed_names_articles() -> None:
    found, _ = looked({}, "/feed.xml")
    assert (found.attempt.kind, found.failure) == ("feed", None)
    assert paths(found) == ["/news/0", "/news/1", "/news/2"]
    assert found.candidates[0].title
    assert found.candidates[0].published_at


def test_an_article_that_was_given_is_an_article() -> None:
    found, _ = looked({}, "/news/1")
    assert found.is_page
    assert (found.candidates, found.failure) == ((), None)


def test_a_sitemap_index_leads_to_its_sitemaps_packed_ones_too() -> None:
    pages = {
        "/index.xml": xml(index("{site}/one.xml", "{site}/two.xml.gz")),
        "/one.xml": xml(sitemap("{site}/news/0")),
        "/two.xml.gz": Answer(gzip.compress(sitemap("http://other.example/b")), media="application/gzip"),
    }
    found, site = looked(pages, "/index.xml")
    assert paths(found) == ["/news/0", "/b"]
    assert site.hosts[0].paths() == ["/robots.txt", "/index.xml", "/one.xml", "/two.xml.gz"]


def test_an_index_that_names_itself_ends() -> None:
    found, site = looked({"/index.xml": xml(index("{site}/index.xml"))}, "/index.xml")
    assert found.candidates == ()
    assert site.hosts[0].paths() == ["/robots.txt", "/index.xml"]


def test_a_source_takes_what_its_entry_wants() -> None:
    source = FollowedSource("Ledger", skip=("/news/1$",), max_age=ALWAYS)
    found, _ = looked({}, "/feed.xml", source)
    assert paths(found) == ["/news/0", "/news/2"]
    assert found.left == {"skipped": 1}
    assert {candidate.source for candidate in found.candidates} == {"Ledger"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"", 500), "http_500"),
        (Answer(b""), "empty"),
        (article_page(1), "no_listing"),
        (xml(b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>'), "hostile_markup"),
        (xml(b"<rss " + b" ".join(b'a%d="1"' % n for n in range(40_000)) + b"></rss>"), "hostile_markup"),
        (Answer(gzip.compress(bytes(1 << 27)), media="application/gzip"), "too_large"),
        (zip_bomb("gzip"), "too_large"),
    ],
)
def test_a_feed_that_is_none_is_a_failure_with_a_reason(answer: Answer, reason: str) -> None:
    source = FollowedSource("Ledger", max_age=ALWAYS)
    found, _ = looked({"/bad.xml": answer}, "/bad.xml", source)
    assert found.failure is not None
    assert found.failure.reason == reason
    assert found.candidates == ()
