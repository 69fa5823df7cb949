"""Tells what a body is by what stands in it: sites send feeds as text/html and pages as text/xml.

Called by `read_listing`.
"""

from __future__ import annotations

import re

from tasks.discover.listing import Form
from tasks.errors import DocumentError

HEAD = 1 << 16  # bytes in which the first telling tag is looked for
ROOT = re.compile(rb"(?i)<(?:[a-z][\w.-]*:)?(rss|rdf|feed|channel|urlset|sitemapindex|html|body|svg)[\s>/:]")
NO_MARKUP = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
SITEMAPS = frozenset({b"urlset", b"sitemapindex"})
FEEDS = frozenset({b"rss", b"rdf", b"feed", b"channel"})
JSON_FEED = re.compile(rb'"items"\s*:\s*\[|"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
ADDRESS_LINE = re.compile(rb"(?i)\s*(?:#[^\n]*\n\s*)*https?://[^\s<>]+\s*(?:\n|\r|\Z)")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def form_of(body: bytes, content_type: str | None = None) -> Form:
    """Which parser reads the body.

    Raises DocumentError: `empty`, or `no_listing` where it is a page or something else again.
    """
    head = body[:HEAD]
    for mark in MARKS:
        head = head.removeprefix(mark)
    head = head.replace(b"\0", b"").lstrip()  # of UTF-16 and UTF-32, the ASCII
    if not head:
        raise DocumentError("It is empty.", reason="empty")
    if head.startswith(b"{") and (JSON_FEED.search(head) or JSON_FEED.search(body)):
        return "json feed"
    root = ROOT.search(NO_MARKUP.sub(b" ", head))
    name = root[1].lower() if root else b""
    if name in SITEMAPS:
        return "sitemap"
    if name in FEEDS:
        return "feed"
    if ADDRESS_LINE.match(head):
        return "list"
    what = "a web page" if name in {b"html", b"body"} or b"<!doctype html" in head.lower() else None
    raise DocumentError(
        f"It is {what or _called(content_type)}, and neither a feed, a sitemap nor a list of addresses.",
        reason="no_listing",
    )


def _called(content_type: str | None) -> str:
    named = (content_type or "").split(";")[0].strip()[:60]
    return named if re.fullmatch(r"[\w.+/-]+", named) else "something unknown"
