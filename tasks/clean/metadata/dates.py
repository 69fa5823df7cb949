"""When the article was published and last changed, by what the page says.

Called by `read_metadata`. The rule for the moment of publication: the first of these that can be read and
is not later than `latest`:

1. `json-ld`   `datePublished` of the object that describes the article
2. `meta`      the tags of `PUBLISHED_META`, in their order
3. `microdata` an element with `itemprop="datePublished"` or `pubdate`
4. `time`      the first `<time datetime>` near the heading
5. `address`   year, month and day in the path of the address
6. `visible`   what htmldate finds in the visible text (a day only)

**The day** is the one that the page's readers saw: of the zone that the moment is written in; where that is
UTC, or no zone is written, of the zone in which another candidate names the same moment; else the day before
or after, where the page shows that one near its heading or in its address, and it is not that of a change.

**Published anew:** where the page shows its readers one day only, that of the last change, more than a day
after `datePublished` and without calling it an update, that change is the publication (`shown`). Old texts
are dusted off in this way. Live blogs are not: they begin once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tasks.clean.metadata.candidates import Candidates, Mark
from tasks.clean.metadata.json_ld import kinds
from tasks.dates import resolve, written_dates
from tasks.timestamps import Timestamp, local_day, parse_timestamp

PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "article:publicationdate", "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "sailthru.date", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "publicationdate", "published-date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article_date_original",
    "originalpublicationdate",
    "ptime", "displaydate", "rnews:datepublished", "citation_publication_date", "bt:pubdate", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "article:modified", "og:updated_time", "og:article:modified_time",
    "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revision_date",
)  # fmt: skip
IN_ADDRESS = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
IN_ADDRESS_NAMED = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(0?[1-9]|[12]\d|3[01])(?=/)"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NEAR_HEADING = 2  # paragraphs before a time; one further down tells of something else
SAME_MOMENT = timedelta(seconds=61)  # seconds may be left out


UPDATE = re.compile(r"(?i)updat|modif|aktualis|mis à jour|actualiz|aggiorn|uppdat|oppdat|opdat")
FURTHEST_WEST, FURTHEST_EAST = -10 * 60, 13 * 60  # minutes east of UTC
A_DAY = timedelta(days=1)
ANY_DAY = date(2000, 1, 1)  # dates are read with their year here, so the reference says nothing


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment, where it was found, and the day that the page's readers saw, where it is another."""

    stamp: Timestamp
    source: str
    shown_on: date | None = None

    @property
    def day(self) -> date:
        """The day that the page's readers saw."""
        return self.shown_on or self.stamp.day


def choose_published(
    page: Candidates, visible: Callable[[], object], latest: datetime | None = None
) -> Dated | None:
    """The moment of publication; `visible` is asked for the day in the text only where nothing else tells.

    What lies after `latest` (naive UTC) is nonsense and counts as absent.
    """
    found = [dated for dated in published_candidates(page) if _is_possible(dated.stamp, latest)]
    if not found:
        stamp = parse_timestamp(visible())
        return Dated(stamp, "visible") if stamp and _is_possible(stamp, latest) else None
    best = replace(found[0], stamp=_zoned(found[0].stamp, [dated.stamp for dated in found]))
    return _as_shown(page, best, choose_modified(page, latest))


def choose_modified(page: Candidates, latest: datetime | None = None) -> Dated | None:
    """The moment of the last change."""
    found = [dated for dated in _modified(page) if _is_possible(dated.stamp, latest)]
    return (
        replace(found[0], stamp=_zoned(found[0].stamp, [dated.stamp for dated in found])) if found else None
    )


def _as_shown(page: Candidates, best: Dated, changed: Dated | None) -> Dated:
    """The publication by what the page shows its readers: its day, or that it was published anew."""
    shown = _shown(page)
    days = [day for day, _ in shown]
    first = [day for day, is_update in shown if not is_update]
    if best.stamp.precision == "day" or best.day in first:
        return best
    for day in (*first, *(dated.stamp.day for dated in in_address(page.canonical or page.url))):
        if _is_elsewhere(best.stamp, day) and not (changed and day == changed.day):
            return replace(best, shown_on=day)
    if best.day in days:
        return best
    is_anew = changed is not None and set(days) == {changed.day} and changed.day - best.day > A_DAY
    if is_anew and changed and not any(updated for _, updated in shown) and not _is_live(page):
        return replace(changed, source="shown")
    return best


def _is_elsewhere(stamp: Timestamp, day: date) -> bool:
    """Whether a moment that was written in UTC is of that day somewhere, from Hawaii to New Zealand."""
    if stamp.utc_offset != 0 or day == stamp.day:
        return False
    return local_day(stamp.moment, FURTHEST_WEST) <= day <= local_day(stamp.moment, FURTHEST_EAST)


def _is_live(page: Candidates) -> bool:
    return any("LiveBlogPosting" in kinds(node) for node in page.articles)


def _shown(page: Candidates) -> list[tuple[date, bool]]:
    """The days that stand near the heading, and whether they are called those of an update.

    A byline with a day in it counts only where nothing else shows one.
    """
    found: dict[bool, list[tuple[date, bool]]] = {False: [], True: []}
    for mark in page.marks:
        if mark.kind == "h1" or mark.is_foreign:
            continue
        if mark.kind != "time" and not mark.after_heading:
            continue  # the day of the visit, at the head of the page
        if mark.paragraphs >= NEAR_HEADING:
            break
        is_update = UPDATE.search(f"{mark.label} {mark.text}") is not None
        found[mark.kind == "author"] += [(day, is_update) for day in _days(mark)]
    return found[False] or found[True]


def _days(mark: Mark) -> list[date]:
    """The days with their years that a mark shows."""
    days = [
        day for written in written_dates(mark.text) if written.year and (day := resolve(written, ANY_DAY))
    ]
    if not days and mark.kind == "time" and (stamp := parse_timestamp(mark.value)):
        return [stamp.day]
    return days


def published_candidates(page: Candidates) -> Iterator[Dated]:
    """All that tells of the publication, the best first."""
    for node in page.articles:
        yield from _dated(node.get("datePublished"), "json-ld")
    for name in PUBLISHED_META:
        for value in page.all(name):
            yield from _dated(value, "meta")
    times = [mark for mark in page.marks if mark.kind == "time" and not mark.is_foreign]
    for mark in times:
        if "datePublished" in mark.label or "pubdate" in mark.label:
            yield from _dated(mark.value or mark.text, "microdata")
    for mark in times:
        if mark.paragraphs <= NEAR_HEADING and "dateModified" not in mark.label and not _is_update(mark):
            yield from _dated(mark.value, "time")
    for address in (page.canonical, page.url):
        yield from in_address(address)


def _modified(page: Candidates) -> Iterator[Dated]:
    for node in page.articles:
        yield from _dated(node.get("dateModified"), "json-ld")
    for name in MODIFIED_META:
        for value in page.all(name):
            yield from _dated(value, "meta")
    for mark in page.marks:
        if mark.kind == "time" and "dateModified" in mark.label and not mark.is_foreign:
            yield from _dated(mark.value or mark.text, "microdata")


def _dated(value: Any, source: str) -> Iterator[Dated]:
    if isinstance(value, list):
        value = value[0] if value else None
    if stamp := parse_timestamp(value):
        yield Dated(stamp, source)


def _is_update(mark: Mark) -> bool:
    return UPDATE.search(f"{mark.label} {mark.text[:40]}") is not None


def in_address(address: str | None) -> Iterator[Dated]:
    """The day in an address: /2023/12/21/, /20231221, /2023/dec/21/."""
    path = (address or "").partition("?")[0]
    if match := IN_ADDRESS.search(path):
        yield from _dated("-".join(match.groups()), "address")
    elif match := IN_ADDRESS_NAMED.search(path):
        year, month, day = match.groups()
        yield from _dated(f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}", "address")


def _is_possible(stamp: Timestamp, latest: datetime | None) -> bool:
    return latest is None or stamp.moment <= latest


def _zoned(stamp: Timestamp, others: list[Timestamp]) -> Timestamp:
    """The moment in the zone that another candidate names it in, where its own says nothing."""
    if stamp.precision == "day" or stamp.utc_offset:
        return stamp
    for other in others:
        if other.utc_offset and abs(other.moment - stamp.moment) <= SAME_MOMENT:
            return replace(stamp, utc_offset=other.utc_offset)
    return stamp
