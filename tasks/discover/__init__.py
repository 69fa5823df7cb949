"""Finds addresses that may hold articles in what sites publish for that: feeds, sitemaps, lists.

`read_listing` is the way in: bytes, their address and content type → a `Listing` of `Candidate`s and of what
was wrong. It works on hostile input, so call it in a process that may be lost (`tasks.expendable`). By step:
`unpack` (gzip, bounded) → `precheck` (refuses what would only hurt) → `classify` (what it is) → `feeds`,
`json_feed`, `sitemaps`, `lists` (entries) → `entries` (entries into candidates). `addresses` joins and cleans
addresses, `patterns` says which of them are wanted, `site` finds feeds and sitemaps in a site's pages.
Nothing here fetches: bytes come in from elsewhere.
"""

from __future__ import annotations

from datetime import datetime

from tasks.discover.classify import form_of
from tasks.discover.entries import as_listing
from tasks.discover.feeds import read_feed
from tasks.discover.json_feed import read_json_feed
from tasks.discover.listing import Listing, Reading
from tasks.discover.lists import read_list
from tasks.discover.precheck import refuse_hostile
from tasks.discover.sitemaps import read_sitemap
from tasks.discover.unpack import unpacked

__all__ = ["Listing", "read_listing"]


def read_listing(
    body: bytes, place: str, now: datetime, content_type: str | None = None, source: str | None = None
) -> Listing:
    """The candidates of a feed, sitemap or list, and what is wrong with it.

    `place` is its own address, against which its links are resolved; `now`, in naive UTC, tells which dates
    lie in the future; `source` is the name of its entry in the source list. Links that repeat are taken once.
    Raises DocumentError: `empty`, `no_listing` (a page or anything else), `hostile_markup`, `too_large`,
    `bad_compression`, `bad_json`.
    """
    return as_listing(read_entries(body, content_type), place, now, source)


def read_entries(body: bytes, content_type: str | None = None) -> Reading:
    """The entries as they are written, those without an address among them. Raises as `read_listing`."""
    plain = unpacked(body)
    form = form_of(plain, content_type)
    if form == "feed":
        return read_feed(refuse_hostile(plain), content_type)
    if form == "sitemap":
        return read_sitemap(refuse_hostile(plain))
    return read_json_feed(plain) if form == "json feed" else read_list(plain)
