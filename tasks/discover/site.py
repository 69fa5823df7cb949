"""Where a site announces its articles: what its front page links to, and the places that sites commonly use.

Called by `tasks.survey`, which fetches; works on hostile pages, so call `read_front_page` in a process that
may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tasks.discover.addresses import joined
from tasks.errors import DocumentError

# Media types by which a link tag says that it leads to a feed.
FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/json", "application/xml", "text/xml",
})  # fmt: skip
# Feeds of what readers write, and of WordPress' own answers, are no feeds of articles.
NO_ARTICLES = re.compile(r"(?i)/comments?/|comments?[-_/]feed|/oembed|/wp-json|comments feed|kommentare")
# A link in a page that seems to lead to a feed.
FEED_LIKE = re.compile(
    r"(?i)(?:^|/)(?:rss|feeds?|atom)(?:[/.?]|$)|[./](?:rss|atom|rdf)$|feed\.(?:xml|json)$|[?&]feed=rss"
)
WELL_KNOWN_FEEDS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/index.rdf",
)  # fmt: skip
WELL_KNOWN_NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
WELL_KNOWN_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
MOST_LINKS = 20  # feeds of one page that are looked at; large papers link to one for each section
LONGEST_PAGE = 3_000_000  # bytes of a front page that are looked at
LONGEST_NAME = 100  # characters of a site's name
NAME_ENDS = re.compile(r"\s+[|–—-]\s+|\s*[|:]\s+")


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What the front page of a site says: of itself, and of its feeds and sitemaps (addresses)."""

    name: str | None = None
    language: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_front_page(body: bytes, address: str) -> FrontPage:
    """What a page at `address` says. Raises DocumentError (`no_page`) where there is nothing to be read."""
    from lxml import etree, html

    try:
        tree = html.document_fromstring(body[:LONGEST_PAGE], parser=html.HTMLParser(huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise DocumentError("There is no page that could be read.", reason="no_page") from error
    base = next(iter(tree.xpath("//base/@href")), "")
    place = joined(base, address) or address
    named = _addresses(_linked(tree), place)
    shown = () if named else _addresses(_seen(tree), place)
    return FrontPage(
        name=_name(tree, is_front=urlsplit(address).path in ("", "/")),
        language=(tree.get("lang") or "").strip()[:20] or None,
        feeds=(named or shown)[:MOST_LINKS],
        sitemaps=_addresses(tree.xpath('//link[contains(@rel, "sitemap")]/@href'), place)[:MOST_LINKS],
    )


def _linked(tree: object) -> Iterable[str]:
    """What the link tags of the head call feeds (RSS autodiscovery)."""
    for link in tree.xpath("//link[@rel][@href]"):  # type: ignore[attr-defined]
        kinds = link.get("rel").lower().split()
        is_feed = link.get("type", "").split(";")[0].strip().lower() in FEED_TYPES
        told = f"{link.get('href')} {link.get('title', '')}"
        if ("feed" in kinds or ("alternate" in kinds and is_feed)) and not NO_ARTICLES.search(told):
            yield link.get("href")


def _seen(tree: object) -> Iterable[str]:
    """Links in the page that look like feeds."""
    for href in tree.xpath("//a/@href"):  # type: ignore[attr-defined]
        if FEED_LIKE.search(href) and not NO_ARTICLES.search(href):
            yield href


def _addresses(links: Iterable[str], place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for link in links if (address := joined(link, place))))


def _name(tree: object, *, is_front: bool) -> str | None:
    """The site's name: as it calls itself, else the first part of the title of its first page."""
    named = tree.xpath('//meta[@property="og:site_name" or @name="application-name"]/@content')  # type: ignore[attr-defined]
    titled = [NAME_ENDS.split(title)[0] for title in tree.xpath("//title/text()")]  # type: ignore[attr-defined]
    for text in (*named, *(titled if is_front else ())):
        if name := " ".join(text.split())[:LONGEST_NAME]:
            return name
    return None


def is_of_readers(title: str | None) -> bool:
    """Whether a feed of this title holds what readers wrote."""
    return re.match(r"(?i)comments (?:on|for)\b|kommentare\b|commentaires\b", title or "") is not None
