"""The values of discovery: what a feed, sitemap or list says, before and after it is understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tasks.web import Candidate

Form = Literal["feed", "json feed", "sitemap", "list"]  # what a body looks like: which parser reads it
Kind = Literal["rss", "atom", "feed", "json feed", "sitemap", "news sitemap", "sitemap index", "list"]

MOST_ENTRIES = 50_000  # of one listing: the limit of the sitemap protocol; feeds have some dozen


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry says, as it is written: nothing of it is checked yet.

    `published` and `modified` are the dates in the order in which they are believed; of each, the first that
    can be read counts.
    """

    link: str | None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong with a listing, which is used all the same.

    `reason` is for machines: `ill_formed`, `no_address`, `bad_address`, `bad_date`, `future_date`,
    `too_many_entries`. `count` says how many entries have it; `message` shows the first of them.
    """

    reason: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A listing as its parser leaves it. `onward` are the sitemaps that an index names, each an entry."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    onward: tuple[Entry, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Onward:
    """A sitemap that a sitemap index names; `modified_at` in naive UTC."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed, sitemap or list that was understood.

    `entries` counts what it lists, entries without a usable address among them; `newest` is the latest
    moment (naive UTC) that it gives for one of them.
    """

    kind: Kind
    candidates: tuple[Candidate, ...] = ()
    onward: tuple[Onward, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    entries: int = 0
    newest: datetime | None = None
    title: str | None = None
    language: str | None = None
