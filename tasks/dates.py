"""Dates as English texts write them: found with their offsets, and brought to a calendar day.

Called by the cleaning (datelines, dates of publication) and by the entity tagger (DATE mentions).
Only absolute dates: "Oct. 9", "22nd November, 2019", "2019-11-22"; never "on Friday" or "this year".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tasks.model import Span

MONTHS = (
    ("January", "Jan"),
    ("February", "Feb"),
    ("March", "Mar"),
    ("April", "Apr"),
    ("May", "May"),
    ("June", "Jun"),
    ("July", "Jul"),
    ("August", "Aug"),
    ("September", "Sept", "Sep"),
    ("October", "Oct"),
    ("November", "Nov"),
    ("December", "Dec"),
)
MONTH_NUMBERS = {name.casefold(): number for number, names in enumerate(MONTHS, 1) for name in names}
# Words of the language besides months: without a day or a year they say nothing.
AMBIGUOUS_MONTHS = frozenset({"March", "May"})

# A day without a year is looked for this far on either side of the reference, in years.
YEARS_AROUND = 1
# A text written today tells of the past sooner than of the future: a day ahead of the reference counts
# as nearest only where the one behind it lies further back than half a year.
PAST_PREFERENCE = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text; the parts that were not written are None."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None


def _either_case(names: list[str]) -> str:
    """The names as alternatives, capitalised or in capitals, the longest first."""
    return "|".join(sorted({form for name in names for form in (name, name.upper())}, key=len, reverse=True))


_MONTH = rf"(?:{_either_case([name for names in MONTHS for name in names])})\b\.?"
_LONE_MONTH = _either_case([names[0] for names in MONTHS if names[0] not in AMBIGUOUS_MONTHS])
_WEEKDAY = (
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun|MON|TUES?|WED(?:NES)?|THU(?:RS?)?|FRI"
    r"|SAT(?:UR)?|SUN)(?:day|DAY)?\b\.?,?\ {1,2})?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_ORDINAL = r"(?:st|nd|rd|th|ST|ND|RD|TH)?"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY_ENDS = r"(?![\d%]|[.:]\d|,\d(?!\d{3}\b)|[A-Za-z])"
# What a number counts, so that it is no year: "of 2000 homes".
_COUNTED = r"(?:people|(?!(?:was|is|has|as|this|its|his|does|plus|across|less)\b)[a-z]+s)\b"
WRITTEN_DATE = re.compile(
    rf"""
      (?<![\w.,/-])(?P<y0>{_YEAR})(?P<sep>[-/])(?P<m0>0[1-9]|1[0-2])(?P=sep)(?P<d0>[0-3]\d)(?![\d/-])
    | \b(?P<monthday>{_WEEKDAY}(?P<m1>{_MONTH})\ {{0,2}}(?P<d1>{_DAY}){_ORDINAL}{_DAY_ENDS}
        (?:,?\ {{0,2}}(?P<y1>{_YEAR})\b(?![.,]\d|%))?)
    | (?<![\w.,:/$€£-])(?P<daymonth>{_WEEKDAY}(?P<d2>{_DAY}){_ORDINAL}(?:\ of)?[ -](?P<m2>{_MONTH})
        (?:,?[ -](?P<y2>{_YEAR})\b(?![.,]\d|%))?)
    | \b(?P<monthyear>(?P<m3>{_MONTH}),?\ {{1,2}}(?P<y3>{_YEAR})\b(?![.,]\d|%))
    | \b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his|[Ee]arly|[Ll]ate|[Dd]uring|[Bb]y|[Oo]f)\ {{1,2}}
        (?:(?P<m4>{_LONE_MONTH})\b(?!,?\ {{0,2}}[A-Z\d])|(?P<y4>{_YEAR})\b(?![.,-]\d|[%'’]|\ {_COUNTED}))
    """,
    re.VERBOSE,
)


def written_dates(text: str, span: Span | None = None) -> list[WrittenDate]:
    """The absolute dates of a text, or of a stretch of it, in order; impossible days are none."""
    return list(_found(text, span or Span(0, len(text))))


def _found(text: str, span: Span) -> Iterator[WrittenDate]:
    for match in WRITTEN_DATE.finditer(text, span.start, span.end):
        parts = {name[0]: value for name, value in match.groupdict().items() if value and len(name) == 2}
        month = _month_number(parts["m"]) if "m" in parts else None
        year = int(parts["y"]) if "y" in parts else None
        day = int(parts["d"]) if "d" in parts else None
        if _is_possible(year, month, day):
            yield WrittenDate(_span(match), year, month, day)


def _span(match: re.Match[str]) -> Span:
    """The date itself, without a preposition before it."""
    if match["m4"]:
        return Span(*match.span("m4"))
    return Span(*match.span("y4")) if match["y4"] else Span(*match.span())


def _month_number(written: str) -> int:
    return int(written) if written.isdigit() else MONTH_NUMBERS[written.rstrip(".").casefold()]


def _is_possible(year: int | None, month: int | None, day: int | None) -> bool:
    """Whether there is such a day; without a year, whether there is one in some year."""
    if day is None or month is None:
        return True
    return _day(year or 2000, month, day) is not None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def resolve(written: WrittenDate, reference: date) -> date | None:
    """The day that is meant, read at the reference (the day of publication, say).

    Without a year it is the one that puts the day nearest to the reference, behind it rather than ahead
    of it while both are near. None where no day was written.
    """
    if written.month is None or written.day is None:
        return None
    if written.year is not None:
        return _day(written.year, written.month, written.day)
    years = range(max(1, reference.year - YEARS_AROUND), min(9999, reference.year + YEARS_AROUND) + 1)
    days = [day for year in years if (day := _day(year, written.month, written.day))]
    return min(days, key=lambda day: _distance(day, reference), default=None)


def _distance(day: date, reference: date) -> tuple[bool, int]:
    """How far off a day is: first those of the past half year, then by plain distance."""
    behind = reference - day
    return not timedelta(0) <= behind <= PAST_PREFERENCE, abs(behind.days)
