"""When an article was published: what the text itself tells, where nobody else does.

Called by `tasks.clean`. A day counts as the day of the report only where a reporting verb carries it in
the opening ("the minister said on May 4"); its year, when not written, is taken from the full dates of
the text, and where these do not settle it there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tasks.dates import WrittenDate, resolve, written_dates
from tasks.model import Span

OPENING_PARAGRAPHS = 4  # the day of the report stands in the lede
MAX_BEFORE = 90  # characters between a reporting verb and its day
VERB = re.compile(
    r"\b(?:said|says|told|announced|stated|reported|confirmed|declared|wrote|tweeted|warned|added|noted|argued|claimed"
    r"|insisted|explained|remarked|commented)\b"
)
# Between the verb and its day: whom, where and how it was said, and no new statement.
ADJUNCTS = re.compile(
    r"(?:\s+(?:reporters|journalists|parliament|lawmakers|the\s+[\w'’]+))?"
    r"(?:\s*,?\s+(?:in|at|to|during|after|via|through|by|with|from)\s+(?:[\w'’.-]+\s+){0,6}?[\w'’.-]+){0,3}"
    r"\s*,?(?:\s+(?:late|early))?(?:\s+on)?(?:\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?)?\s+$"
)
CLAUSE = re.compile(r"\b(?:that|which|who|when|where|had|has|was|were|is|are|would|will)\b|[\"“”:;]")
# A full date in such a sentence says nothing of the year that is now.
HISTORY = re.compile(
    r"\b(?:born|founded|established|died|married|historic\w*|century|anniversary|will|would|expected"
    r"|scheduled|due|deadline|expires?|next|planned|built|opened)\b"
)
AHEAD = re.compile(r"\b(?:by|until|till|before)\s+$")  # right before a date that is still to come
YEAR_TOLD = re.compile(r"\b(?:[Ii]n|[Ss]ince|[Oo]f|early|late)\s+((?:1[89]|20)\d\d)\b")
# A full date settles the year of a day that is at most half a year away from it.
NEAR = timedelta(days=183)


def reported_on(text: str, paragraphs: Sequence[Span]) -> date | None:
    """The day on which the opening says that it was said; None where that is not plain."""
    for paragraph in paragraphs[:OPENING_PARAGRAPHS]:
        for written in written_dates(text, paragraph):
            if written.day is not None and _is_said_then(text, paragraph, written):
                return with_year(text, written)
    return None


def _is_said_then(text: str, paragraph: Span, written: WrittenDate) -> bool:
    """Whether a reporting verb carries the day."""
    start = max(paragraph.start, written.span.start - MAX_BEFORE)
    before = text[start : written.span.start]
    verbs = list(VERB.finditer(before))
    if not verbs:
        return False
    between = before[verbs[-1].end() :]
    return not CLAUSE.search(between) and ADJUNCTS.fullmatch(between) is not None


def with_year(text: str, written: WrittenDate) -> date | None:
    """The day in the year that the full dates of the text put it in; None where they do not settle it.

    The report comes after what it tells: the year is the first one in which the day does not lie before
    the latest full date that is told as past.
    """
    if written.year is not None:
        return resolve(written, date(written.year, 1, 1))
    told = _full_dates(text)
    if not told:
        return None
    latest = max(told)
    years = (latest.year, latest.year + 1)
    days = [day for year in years if (day := _in_year(written, year)) and day >= latest]
    if not days or days[0] - latest > NEAR or _mentions_later_year(text, latest.year):
        return None
    return days[0]


def _full_dates(text: str) -> list[date]:
    """The dates with day and year that are told as past, near the time of the report as far as one sees."""
    found = []
    for written in written_dates(text):
        day = resolve(written, date(2000, 1, 1)) if written.year else None
        if day and not _tells_of_another_time(text, written.span):
            found.append(day)
    return found


def _tells_of_another_time(text: str, span: Span) -> bool:
    return AHEAD.search(text[max(0, span.start - 12) : span.start]) is not None or (
        HISTORY.search(_sentence(text, span)) is not None
    )


def _sentence(text: str, span: Span) -> str:
    """The words about a date, as far as the neighbouring stops, at most 120 characters either way."""
    before = re.split(r"[.!?\n]\s", text[max(0, span.start - 120) : span.start])[-1]
    after = re.split(r"[.!?\n]", text[span.end : span.end + 120])[0]
    return before + after


def _in_year(written: WrittenDate, year: int) -> date | None:
    dated = WrittenDate(written.span, year, written.month, written.day)
    return resolve(dated, date(2000, 1, 1))


def _mentions_later_year(text: str, year: int) -> bool:
    """Whether the text speaks of a later year than that of its full dates: then these settle nothing."""
    return any(int(match[1]) > year for match in YEAR_TOLD.finditer(text))


def at_midnight(day: date) -> datetime:
    """The day as a moment: its first second, UTC."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - naive UTC by contract
