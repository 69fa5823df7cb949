"""Which sitemaps of a sitemap index are worth a request: an index of a large paper names those of decades.

Called by the fetching part of ingest with the index of a source that is followed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.discover.listing import Onward

# A year, alone or with a month, in the address of a sitemap: sitemap-2019-05.xml, /2019/5/, sitemap_201905.
DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/.]?(0[1-9]|1[0-2]|[1-9](?!\d)))?(?!\d{3})")
NEWS = re.compile(r"(?i)news|latest|recent|today|google|articles?|posts?|stor(?:y|ies)")
# What holds no articles, by the names that WordPress, Drupal and large papers give such sitemaps.
NO_ARTICLES = re.compile(
    r"(?i)(?:categor|tags?\b|author|taxonom|image|video|gallery|galleries|users?\b|topics?\b|pages?-sitemap)"
)
MONTH = timedelta(days=31)


def worth_following(
    onward: Sequence[Onward],
    now: datetime,
    max_age: timedelta | None,
    most: int,
    until: datetime | None = None,
) -> list[Onward]:
    """The sitemaps that may name articles no older than `max_age`, at most so many; `now` in naive UTC.

    Those that changed last come first; of those that do not say when, the ones that are called news. Left
    out are those that have not changed for so long, are called by a month that lies further back, or hold
    lists of tags, authors or pictures. No `max_age`: however old. With `until` (naive UTC) those are
    left out, too, that are called by a month or year which begins then or later.
    """
    kept = [one for one in onward if not NO_ARTICLES.search(_name(one))]
    if max_age is not None:
        kept = [one for one in kept if _may_be_new(one, now - max_age)]
    if until is not None:
        kept = [one for one in kept if _begins_before(one, until)]
    kept.sort(key=lambda one: (one.modified_at or datetime.min, bool(NEWS.search(_name(one)))), reverse=True)  # noqa: DTZ901
    return kept[:most]


def _name(one: Onward) -> str:
    """The address without its host."""
    return one.url.partition("//")[2].partition("/")[2]


def _may_be_new(one: Onward, oldest: datetime) -> bool:
    if one.modified_at is not None and one.modified_at < oldest:
        return False
    end = _end_of_its_time(_name(one))
    return end is None or end >= oldest


def _begins_before(one: Onward, until: datetime) -> bool:
    dates = [(int(year), int(month or 1)) for year, month in DATED.findall(_name(one))]
    return not dates or datetime(*max(dates), 1) < until  # noqa: DTZ001 - naive UTC by contract


def _end_of_its_time(name: str) -> datetime | None:
    """The end of the month or year that a sitemap is called by; None where its name holds none."""
    dates = [(int(year), int(month) if month else 12) for year, month in DATED.findall(name)]
    if not dates:
        return None
    year, month = max(dates)
    return datetime(year, month, 1) + MONTH  # noqa: DTZ001 - naive UTC by contract
