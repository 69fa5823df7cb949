"""DATE mentions: written dates, weekdays, "yesterday", "this year", each with an ISO form.

Called by `closed_classes`. A form is a day ("2019-11-22"), a month ("2019-11"), a week ("2019-W47"), a year
or a decade ("199X"), as far as the text and the day of publication tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tasks.dates import MONTH_NUMBERS, WrittenDate, resolve, written_dates
from tasks.model import Label, Mention, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RELATIVE_YEAR = {"last": -1, "this": 0, "next": 1}
_DAY = "|".join(day.title() for day in WEEKDAYS)
# Months that are words of the language besides, and bare years, by what stands around them.
LONE_DATE = re.compile(
    r"""
      (?<!\w)(?:(?<=[Ii]n\ )|(?<=since\ )|(?<=until\ )|(?<=[Ll]ast\ )|(?<=next\ )|(?<=this\ )|(?<=by\ )
        |(?<=[Ll]ate\ )|(?<=early\ )|(?<=mid-))(?P<month>March|May)\b(?!\ ?[A-Z\d])
    | (?<![\w.,:/$€£+#’'-])(?P<year>19\d\d|20[0-4]\d)(?:[-–/](?:19|20)?\d\d)?(?![\w%-]|[.,:/]\d)
        (?!\ (?:people|percent|per\ cent|km|miles|met(?:er|re)s|kg|tons?|tonnes|[a-z]+ers|[a-z]+men)\b)
    | (?<!\w)(?P<alone>January|February|April|June|July|August|September|October|November|December)
        (?=[\s,.;)])(?!\ [A-Z\d])
    """,
    re.VERBOSE,
)
YEAR_AFTER = re.compile(r",? (?:of )?(this|last|next) year\b")
RELATIVE_DATE = re.compile(
    rf"""
      \b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Ee]arly|[Ll]ate)\ )?(?P<weekday>{_DAY})\b
        (?:\ (?:morning|afternoon|evening|night)\b)?
    | \b(?P<day>[Yy]esterday|[Tt]oday|[Tt]omorrow|[Tt]onight)\b(?!['’]s?\ [A-Z])
    | \b(?P<step>[Ll]ast|[Tt]his|[Nn]ext)\ (?P<period>year|month|week)\b
    | \b(?:[Tt]he\ )?(?:(?:early|late|mid)[-\ ])?(?P<decade>1[0-9]\d0|20\d0)s\b
    """,
    re.VERBOSE,
)
DAY_STEPS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


def date_mentions(text: str, span: Span, reference: date | None) -> Iterator[Mention]:
    """The dates in a stretch of the text; `reference` is the day of publication."""
    for written in written_dates(text, span):
        yield _written(text, span, written, reference)
    for match in LONE_DATE.finditer(text, span.start, span.end):
        month = match["month"] or match["alone"]
        year = int(match["year"]) if match["year"] else None
        written = WrittenDate(Span(*match.span()), year, MONTH_NUMBERS[month.casefold()] if month else None)
        yield _written(text, span, written, reference)
    for match in RELATIVE_DATE.finditer(text, span.start, span.end):
        yield Mention(Span(*match.span()), Label.DATE, 0.9, "date", normalized=_relative(match, reference))


def _written(text: str, within: Span, written: WrittenDate, reference: date | None) -> Mention:
    """An absolute date; "October 22 this year" is one with the year."""
    span, year = written.span, written.year
    if year is None and (match := YEAR_AFTER.match(text, span.end, within.end)) is not None:
        span = Span(span.start, match.end())
        year = reference.year + RELATIVE_YEAR[match[1]] if reference else None
    full = WrittenDate(span, year, written.month, written.day)
    return Mention(span, Label.DATE, 0.98, "date", normalized=_iso(full, reference))


def _iso(written: WrittenDate, reference: date | None) -> str | None:
    """A day, a month ("2019-11") or a year, as far as the text and the day of publication tell."""
    if written.day is not None:
        if written.year is None and reference is None:
            return None
        day = resolve(written, reference or date(written.year or 1, 1, 1))
        return day.isoformat() if day else None
    if written.year is None:
        return _nearest_month(written.month, reference)
    return f"{written.year:04d}-{written.month:02d}" if written.month else f"{written.year:04d}"


def _nearest_month(month: int | None, reference: date | None) -> str | None:
    """The last such month at the day of publication."""
    if month is None or reference is None:
        return None
    return f"{reference.year - (month > reference.month):04d}-{month:02d}"


def _relative(match: re.Match[str], reference: date | None) -> str | None:
    if match["decade"]:
        return f"{match['decade'][:3]}X"
    if reference is None:
        return None
    if match["weekday"]:
        return _weekday(match["weekday"], (match["which"] or "").casefold(), reference)
    if match["day"]:
        return _moved(reference, DAY_STEPS[match["day"].casefold()])
    return _period(match["period"], RELATIVE_YEAR[match["step"].casefold()], reference)


def _weekday(name: str, which: str, reference: date) -> str | None:
    """The last such day up to the day of publication; with "next" the first one after it."""
    back = (reference.weekday() - WEEKDAYS.index(name.casefold())) % 7
    if which == "next":
        return _moved(reference, 7 - back)
    return _moved(reference, -(back or 7) if which == "last" else -back)


def _moved(reference: date, days: int) -> str | None:
    try:
        return (reference + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def _period(period: str, step: int, reference: date) -> str | None:
    if period == "year":
        return f"{reference.year + step:04d}"
    if period == "month":
        months = reference.year * 12 + reference.month - 1 + step
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    moved = _moved(reference, 7 * step)
    if moved is None:
        return None
    year, week, _ = date.fromisoformat(moved).isocalendar()
    return f"{year:04d}-W{week:02d}"
