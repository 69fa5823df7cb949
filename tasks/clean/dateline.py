"""The opening of a report that says where, by whom and when it was filed: "MOSCOW (Agency) - ".

Called by `text` for the first paragraphs. The forms follow the style books of the agencies:

    CITY (AGENCY) - Text              CITY, Region, Nov 3 (Agency) — Text       (AGENCY) - Text
    CITY — Text                       City, Nov 3 (Agency/Agency) - Text        CITY: Text
    CITY (Daily / Agency - 3rd November, 2020) Text      CITY, Nov. 3, 2020 /Wire/ -- Text
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.clean.byline import capitalised
from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.dates import MONTH_NUMBERS, WrittenDate, written_dates
from tasks.model import Span

WINDOW = 220  # characters of a paragraph in which its dateline must end
MAX_AGENCY_WORDS = 10  # words in the brackets of a dateline

_UPPER = r"[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ.'’]+"
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.'’]*"
_CITY = rf"{_NAME}(?:[ -](?:{_NAME}|de|la|al|el|of|am|sur)){{0,4}}"
DATELINE = re.compile(
    rf"""
    (?P<place>{_CITY}(?:(?:\ ?/\ ?|\ and\ |,\ ){_CITY}){{0,3}})?
    (?P<date1>,?\ ?[^()/\n—–:]{{0,24}}?\d[^()/\n—–:]{{0,16}}?)??
    (?:\ {{0,2}}(?:\((?P<round>[^()\n]{{2,90}})\)|\[(?P<square>[^\[\]\n]{{2,90}})\]
        |/(?P<slashes>[^/()\n]{{2,40}})/))?
    (?P<close>\ {{0,3}}(?:--|[-–—―:])\ {{0,2}}|\ {{1,2}})
    (?P<date2>[^()/\n—–:]{{0,24}}?\d[^()/\n—–:]{{0,16}}?\ ?(?:--|[-–—])\ )?
    (?=["“‘'«(\[$€£]{{0,2}}[^\W_a-zß-öø-ÿ])
    """,
    re.VERBOSE,
)
AGENCY_PARTS = re.compile(r"\s*(?:/|,|;|&|\s[-–—]\s|\band\b)\s*")
IN_CAPITALS = 3  # letters; shorter words in capitals are initials


@dataclass(frozen=True, slots=True)
class FoundDateline:
    """A dateline as written; `end` is where the report itself begins, `day` still has no year, maybe."""

    span: Span
    end: int
    place: str | None
    agencies: tuple[str, ...]
    day: WrittenDate | None


def find_dateline(text: str, line: Line, *, is_first: bool) -> FoundDateline | None:
    """The dateline that opens the paragraph, or None.

    `is_first` tells whether it is the first paragraph of the body: only there is a bare place enough.
    """
    start = line.span.start
    match = DATELINE.match(text, start, min(line.span.end, start + WINDOW))
    if match is None or match.end() == start or match.end() >= line.span.end:
        return None
    days = _days(text, match)
    if days is None or not _holds(text, match, line, is_first=is_first, is_dated=bool(days)):
        return None
    span = Span(start, start + len(text[start : match.end()].rstrip(" -–—―:")))
    return FoundDateline(span, match.end(), _place(match), _agencies(match), days[0] if days else None)


def _days(text: str, match: re.Match[str]) -> list[WrittenDate] | None:
    """The dates in it; None where the part that should be a date is something else."""
    found: list[WrittenDate] = []
    for name in ("date1", "date2"):
        if match[name]:
            days = written_dates(text, Span(*match.span(name)))
            if not days or len(match[name].strip(" ,-–—.")) > days[0].span.end - days[0].span.start + 1:
                return None
            found += days
    return found + written_dates(_signature(match) or "")


def _holds(text: str, match: re.Match[str], line: Line, *, is_first: bool, is_dated: bool) -> bool:
    """Whether what has the form of a dateline is one."""
    place, mark = match["place"], match["close"].strip()
    if place and not _may_be_place(place):
        return False
    if _signature(match) is not None:
        return _signs(match, mark, is_dated=is_dated)
    if place is None or not mark or not is_first:
        return False
    if is_dated and mark != ":":
        return True
    # A place is in capitals only in the dateline; an acronym is so everywhere.
    city = place.split(",")[0]
    return _in_capitals(city) and not re.search(
        rf"\b{re.escape(city)}\b", text[line.span.start + len(city) :]
    )


def _signature(match: re.Match[str]) -> str | None:
    """What stands in its brackets: agencies, maybe with a date."""
    return match["round"] or match["square"] or match["slashes"]


def _may_be_place(place: str) -> bool:
    first = re.split(r"[ ,/]", place)[0]
    return (
        first.rstrip(".").casefold() not in words("labels")
        and first.rstrip(".").casefold() not in MONTH_NUMBERS
        and len(place.split()) <= 8
    )


def _in_capitals(city: str) -> bool:
    return city.isupper() and len(city.replace(".", "")) >= IN_CAPITALS


def _signs(match: re.Match[str], mark: str, *, is_dated: bool) -> bool:
    """Whether the brackets hold agencies, and enough else speaks for a dateline."""
    names = _agencies(match)
    if not names or (match["slashes"] and not (is_dated or mark)):
        return False
    if not all(name[0].isupper() or name in words("agencies") for name in names):
        return False
    if sum(len(name.split()) for name in names) > MAX_AGENCY_WORDS:
        return False
    is_known = any(name in words("agencies") for name in names)
    place = match["place"]
    if place is None:
        return is_known and (bool(mark) or is_dated)
    if _in_capitals(place.split(",")[0]):
        return is_known or bool(mark) or is_dated
    return (is_known and (bool(mark) or is_dated)) or (is_dated and bool(mark))


def _place(match: re.Match[str]) -> str | None:
    """The place as places are written: "MOSCOW" is Moscow."""
    if not match["place"]:
        return None
    return re.sub(rf"{_UPPER}(?:[ -]{_UPPER})*", lambda city: _spelled(city[0]), match["place"].strip(" ,"))


def _spelled(city: str) -> str:
    """Capitalised, but for abbreviations with stops ("U.S.")."""
    return city if "." in city and len(city) <= 6 else capitalised(city)


def _agencies(match: re.Match[str]) -> tuple[str, ...]:
    """The names in the brackets, without a date among them."""
    content = _signature(match) or ""
    for day in reversed(written_dates(content)):
        content = content[: day.span.start] + content[day.span.end :]
    return tuple(name for part in AGENCY_PARTS.split(content) if (name := part.strip(" ,.-–—")))
